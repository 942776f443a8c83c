// SPDX-License-Identifier: Apache-2.0
#include "config/line.h"

#include <algorithm>

namespace hald::config {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view without_comment(std::string_view text) {
  // Most lines have none, and two searches of the C library are faster than one loop here.
  if (text.find('#') == std::string_view::npos && text.find('!') == std::string_view::npos) return text;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (quoted || (text[at] != '!' && text[at] != '#')) continue;
    if (at == 0 || text[at - 1] != '\\') return text.substr(0, at);
  }
  return text;
}

Position Line::position_of(std::string_view part) const {
  Position out;
  out.file = file;
  out.line = number;
  out.column = column + static_cast<std::uint32_t>(part.data() - text.data());
  out.length = static_cast<std::uint16_t>(std::min<std::size_t>(part.size(), UINT16_MAX));
  return out;
}

}  // namespace hald::config
