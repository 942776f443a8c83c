// SPDX-License-Identifier: Apache-2.0
// The parts of an include line: how hard each form of the word insists on its files, the alternatives in
// braces, the directory that relative names start from. Pure text; Expander does the reading.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hald::config {

/// What an include line treats as an error. What it does not is a warning, or nothing at all.
struct IncludeForm {
  std::string_view word;
  bool readable = false;  ///< a file that cannot be read
  bool literal = false;   ///< a plain name that does not exist
  bool wildcard = false;  ///< a pattern that matches nothing
  bool braces = false;    ///< an alternative in braces that does not exist
};

/// Null if `word` is not one of include, includer, includem, includew, includeb, includea.
[[nodiscard]] const IncludeForm* include_form(std::string_view word);

/// "conf.d/{a,b}*.conf" gives "conf.d/a*.conf" and "conf.d/b*.conf"; nested braces too. Without braces the
/// pattern itself. Empty if there would be more than `limit`.
[[nodiscard]] std::vector<std::string> expand_braces(std::string_view pattern, std::size_t limit);

[[nodiscard]] bool has_wildcard(std::string_view pattern);

/// `name` as seen from the file at `from`: unchanged if absolute, else in the directory of `from`.
[[nodiscard]] std::string beside(std::string_view from, std::string_view name);

}  // namespace hald::config
