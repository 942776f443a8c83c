// SPDX-License-Identifier: Apache-2.0
// Macros: the names that stand for text, and how a definition of one and a reference to one are written.
// Pure: Expander fills the table, Substituter asks it. Rules: keepalived.conf(5), "parameter substitution".
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/line.h"

namespace hald::config {

/// What a name stands for.
struct Macro {
  using Lines = std::vector<Line>;
  std::shared_ptr<const Lines> lines;  ///< its text; shared, since it may be defined anew while it is read
  bool many = false;                   ///< several lines: only at the end of a line can it stand for them
  Position counted_at;           ///< line not 0: nobody wrote its text, a count that stands here made it
  std::uint32_t definition = 0;  ///< of Origins
};

class Macros {
 public:
  void set(std::string_view name, Macro macro);
  [[nodiscard]] const Macro* find(std::string_view name) const;
  [[nodiscard]] bool empty() const { return macros_.empty(); }
  [[nodiscard]] std::vector<std::string_view> names() const;

 private:
  std::map<std::string, Macro, std::less<>> macros_;
};

/// `$NAME`, or `${NAME PARAMETER...}`.
struct Reference {
  std::size_t begin = 0;  ///< of the dollar sign
  std::size_t end = 0;
  std::string_view name;
  std::string_view parameters;  ///< without blanks at its ends
};
/// The reference that begins with the dollar sign at `at`, if it is written like one. A name without braces
/// must be followed by a blank, a comma, a closing parenthesis or the end.
[[nodiscard]] std::optional<Reference> reference_at(std::string_view text, std::size_t at);

/// The name in `$NAME=...`, or empty if `text` is no definition.
[[nodiscard]] std::string_view defined_name(std::string_view text);

}  // namespace hald::config
