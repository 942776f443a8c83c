// SPDX-License-Identifier: Apache-2.0
#include "config/value_io.h"

#include <fmt/format.h>

namespace hald::config {
namespace {

template <typename T>
bool keep(std::optional<T> value, T& into) {
  if (value) into = std::move(*value);
  return value.has_value();
}

/// A whole number where it is one.
Atom milliseconds(Duration duration) {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  constexpr std::int64_t kMillisecond = 1000;
  if (microseconds % kMillisecond == 0) return std::int64_t{microseconds / kMillisecond};
  std::string text = fmt::format("{}.{:03}", microseconds / kMillisecond, microseconds % kMillisecond);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

}  // namespace

bool take(Values& values, const Node& node, bool& into) {
  return keep(values.boolean(node), into);
}

bool take(Values& values, const Node& node, Duration& into) {
  return keep(values.time(node), into);
}

bool take(Values&, const Node& node, std::string& into) {
  if (node.arguments().empty()) return false;
  into = node.arguments().front().text;
  return true;
}

bool take(Values&, const Node& node, std::vector<std::string>& into) {
  into.clear();
  for (const Word& word : node.arguments()) into.emplace_back(word.text);
  return true;
}

bool take(Values& values, const Node& node, Address& into) {
  return keep(values.address(node), into);
}

void put(bool from, const Keyword& keyword, Document& out) {
  out.push_back(keyword.type == ValueType::None ? flag_item(keyword.name, from)
                                                : statement(keyword.name, {from}));
}

void put(Duration from, const Keyword& keyword, Document& out) {
  out.push_back(statement(keyword.name, {keyword.unit == "ms" ? milliseconds(from) : Atom(from)}));
}

void put(const std::string& from, const Keyword& keyword, Document& out) {
  if (!from.empty()) out.push_back(statement(keyword.name, {from}));
}

void put(const std::vector<std::string>& from, const Keyword& keyword, Document& out) {
  if (from.empty()) return;
  Item item = statement(keyword.name, {});
  item.list = true;
  for (const std::string& each : from) item.values.emplace_back(each);
  out.push_back(std::move(item));
}

void put(const Address& from, const Keyword& keyword, Document& out) {
  out.push_back(statement(keyword.name, {from.to_string()}));
}

}  // namespace hald::config
