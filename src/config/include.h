// SPDX-License-Identifier: Apache-2.0
// The parts of an include line: how hard each form of the word insists on its files, the alternatives in
// braces, the directory that relative names start from. Pure text; Expander does the reading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/model_global.h"

namespace hald::config {

/// A word that includes files, and what it insists on by itself, besides what `include_check` asks. What is
/// not insisted on is a warning, or nothing at all.
struct IncludeForm {
  std::string_view word;
  IncludeCheck insists;
};

/// Null if `word` is not one of include, includer, includem, includew, includeb, includea.
[[nodiscard]] const IncludeForm* include_form(std::string_view word);

/// What either of them asks.
[[nodiscard]] IncludeCheck operator|(const IncludeCheck& a, const IncludeCheck& b);

/// What a word of `include_check` does.
enum class IncludeChange : std::uint8_t {
  Done,
  Unknown,  ///< no check has this name
  NotFirst  ///< without a sign, behind another word
};
/// Applies a word of `include_check`. Without a sign it replaces what was there, and only the first may be
/// one; with + or - it adds or takes away.
IncludeChange apply(std::string_view word, bool first, IncludeCheck& to);

/// "conf.d/{a,b}*.conf" gives "conf.d/a*.conf" and "conf.d/b*.conf"; nested braces too. Without braces the
/// pattern itself. Empty if there would be more than `limit`.
[[nodiscard]] std::vector<std::string> expand_braces(std::string_view pattern, std::size_t limit);

[[nodiscard]] bool has_wildcard(std::string_view pattern);

/// `name` as seen from the file at `from`: unchanged if absolute, else in the directory of `from`.
[[nodiscard]] std::string beside(std::string_view from, std::string_view name);

}  // namespace hald::config
