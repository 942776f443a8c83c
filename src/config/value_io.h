// SPDX-License-Identifier: Apache-2.0
// How values of each type are taken from a statement and put into a Document: the two halves of field<>.
// `take` says whether there was a good value; a bad one, which Values has reported, leaves its target alone.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "config/document.h"
#include "config/tree.h"
#include "config/values.h"

namespace hald::config {

/// An enum that is read from a word of choices: its values are the indices into the row's choices.
template <typename T>
concept ChoiceEnum = std::is_enum_v<T>;
template <typename T>
concept WholeNumber = std::integral<T> && !std::same_as<T, bool>;

bool take(Values& values, const Node& node, bool& into);
bool take(Values& values, const Node& node, Duration& into);
/// The first argument.
bool take(Values& values, const Node& node, std::string& into);
/// All arguments.
bool take(Values& values, const Node& node, std::vector<std::string>& into);
bool take(Values& values, const Node& node, Address& into);

template <WholeNumber T>
bool take(Values& values, const Node& node, T& into) {
  const auto value = values.number(node);
  if (value) into = static_cast<T>(*value);
  return value.has_value();
}
template <ChoiceEnum T>
bool take(Values& values, const Node& node, T& into) {
  const auto index = values.choice(node);
  if (index) into = static_cast<T>(*index);
  return index.has_value();
}
template <typename T>
bool take(Values& values, const Node& node, std::optional<T>& into) {
  T value{};
  if (!take(values, node, value)) return false;
  into = std::move(value);
  return true;
}

void put(bool from, const Keyword& keyword, Document& out);
void put(Duration from, const Keyword& keyword, Document& out);
/// Nothing if it is empty.
void put(const std::string& from, const Keyword& keyword, Document& out);
/// Nothing if it is empty.
void put(const std::vector<std::string>& from, const Keyword& keyword, Document& out);
void put(const Address& from, const Keyword& keyword, Document& out);

template <WholeNumber T>
void put(T from, const Keyword& keyword, Document& out) {
  out.push_back(statement(keyword.name, {static_cast<std::int64_t>(from)}));
}
template <ChoiceEnum T>
void put(T from, const Keyword& keyword, Document& out) {
  out.push_back(statement(keyword.name, {std::string(keyword.choices[static_cast<std::size_t>(from)])}));
}
template <typename T>
void put(const std::optional<T>& from, const Keyword& keyword, Document& out) {
  if (from) put(*from, keyword, out);
}

}  // namespace hald::config
