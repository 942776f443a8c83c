// SPDX-License-Identifier: Apache-2.0
// Document: a configuration as plain statements, made from the model and not from the operator's text. It is
// what --dump-config prints: as a canonical file, which parses to the same model again, or as JSON. Bindings
// (binding.h) fill it; it knows nothing of any particular word.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"

namespace hald::config {

/// One value. A Duration is written in seconds.
using Atom = std::variant<bool, std::int64_t, Duration, std::string>;

struct Item {
  enum class Form : std::uint8_t {
    Statement,  ///< WORD VALUES..., then `inside` on the same line
    Flag,       ///< WORD alone where it holds; one bool in `values`
    Block,      ///< WORD VALUES... { `inside` }
    Line        ///< VALUES..., then `inside` on the same line; the word names the values in JSON only
  };
  Form form = Form::Statement;
  bool many = false;  ///< may stand several times in its block: a list in JSON
  bool list = false;  ///< any number of values: a list in JSON, also when it is one
  std::string word;
  std::vector<Atom> values;
  std::vector<Item> inside;
  bool escaped = false;  ///< the line takes backslash sequences: a file has them, JSON does not
};

using Document = std::vector<Item>;

/// The canonical file, ending in a line end.
[[nodiscard]] std::string to_conf(const Document& document);
/// One JSON object, ending in a line end. Words are its keys; blocks are objects, with `name` for what stands
/// between the word and the brace.
[[nodiscard]] std::string to_json(const Document& document);

/// A value as a file has it: in quotes where it needs them.
[[nodiscard]] std::string written(const Atom& value);

// Makers of items, so that bindings read as what they say.
[[nodiscard]] Item statement(std::string_view word, std::vector<Atom> values);
[[nodiscard]] Item flag_item(std::string_view word, bool value);
[[nodiscard]] Item block_item(std::string_view word, std::vector<Atom> values, Document inside);
[[nodiscard]] Item line_item(std::string_view word, std::vector<Atom> values, Document inside = {});
/// One of several: a list in JSON.
[[nodiscard]] Item many(Item item);

}  // namespace hald::config
