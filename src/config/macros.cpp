// SPDX-License-Identifier: Apache-2.0
#include "config/macros.h"

#include <algorithm>
#include <utility>

namespace hald::config {
namespace {

bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

bool is_name_byte(char byte) {
  return is_letter(byte) || (byte >= '0' && byte <= '9');
}

bool is_space(char byte) {
  return byte == ' ' || byte == '\t';
}

/// The name at the beginning of `text`, maybe empty.
std::string_view leading_name(std::string_view text) {
  if (text.empty() || !is_letter(text.front())) return {};
  const auto* end = std::find_if_not(text.begin(), text.end(), is_name_byte);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// "NAME PARAMETER...}" up to the brace; nothing if it is not written like that.
std::optional<Reference> in_braces(std::string_view text) {
  Reference out;
  out.name = leading_name(text);
  if (out.name.empty()) return {};
  const std::string_view rest = text.substr(out.name.size());
  const auto* close = std::find_if_not(rest.begin(), rest.end(),
                                       [](char byte) { return is_space(byte) || is_name_byte(byte); });
  if (close == rest.end() || *close != '}') return {};
  out.parameters = rest.substr(0, static_cast<std::size_t>(close - rest.begin()));
  out.end = out.name.size() + out.parameters.size() + 1;
  if (!out.parameters.empty() && is_space(out.parameters.back())) return {};
  out.parameters = without_leading_blanks(out.parameters);
  return out;
}

std::optional<Reference> without_braces(std::string_view text) {
  Reference out;
  out.name = leading_name(text);
  out.end = out.name.size();
  if (out.name.empty()) return {};
  if (out.end == text.size()) return out;
  const char next = text[out.end];
  if (!is_space(next) && next != ',' && next != ')') return {};
  return out;
}

}  // namespace

void Macros::set(std::string_view name, Macro macro) {
  const auto found = macros_.find(name);
  if (found != macros_.end()) {
    found->second = std::move(macro);
  } else {
    macros_.emplace(std::string(name), std::move(macro));
  }
}

const Macro* Macros::find(std::string_view name) const {
  const auto found = macros_.find(name);
  return found == macros_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> Macros::names() const {
  std::vector<std::string_view> out;
  out.reserve(macros_.size());
  for (const auto& [name, macro] : macros_) out.emplace_back(name);
  return out;
}

std::optional<Reference> reference_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at + 1);
  const bool braces = rest.starts_with('{');
  auto out = braces ? in_braces(rest.substr(1)) : without_braces(rest);
  if (out) {
    out->begin = at;
    out->end += at + (braces ? 2 : 1);
  }
  return out;
}

std::string_view defined_name(std::string_view text) {
  if (!text.starts_with('$')) return {};
  const std::string_view name = leading_name(text.substr(1));
  return text.substr(1 + name.size()).starts_with('=') ? name : std::string_view{};
}

}  // namespace hald::config
