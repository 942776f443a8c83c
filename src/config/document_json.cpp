// SPDX-License-Identifier: Apache-2.0
// A Document as JSON. Words are keys; what may stand several times is a list; a block of lines is a list.
#include <algorithm>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "base/overloaded.h"
#include "config/document.h"
#include "config/pretty_json.h"
#include "config/utf8.h"

namespace hald::config {
namespace {

namespace json = boost::json;

/// Whole seconds as a whole number.
json::value seconds(Duration duration) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(duration);
  if (whole == duration) return whole.count();
  return std::chrono::duration<double>(duration).count();
}

json::value value_of(const Atom& atom) {
  return std::visit(
      Overloaded{[](bool each) -> json::value { return each; },
                 [](std::int64_t each) -> json::value { return each; },
                 [](Duration each) { return seconds(each); },
                 [](const std::string& each) -> json::value { return json::string(printable(each)); }},
      atom);
}

json::value value_of(const std::vector<Atom>& values, bool list) {
  if (!list && values.empty()) return true;
  if (!list && values.size() == 1) return value_of(values.front());
  json::array out;
  for (const Atom& each : values) out.push_back(value_of(each));
  return out;
}

json::object members(const Document& items);

bool is_line(const Item& item) {
  return item.form == Item::Form::Line;
}

json::value value_of(const Item& item) {
  const bool is_block = item.form == Item::Form::Block;
  if (is_block && item.values.empty() && !item.inside.empty() &&
      std::all_of(item.inside.begin(), item.inside.end(), is_line)) {
    json::array out;
    for (const Item& line : item.inside) out.push_back(value_of(line));
    return out;
  }
  if (!is_block && item.inside.empty()) return value_of(item.values, item.list);
  json::object out;
  if (!item.values.empty()) {
    out[is_line(item) ? std::string_view(item.word) : std::string_view("name")] =
        value_of(item.values, item.list);
  }
  for (auto& member : members(item.inside)) out[member.key()] = std::move(member.value());
  return out;
}

json::object members(const Document& items) {
  json::object out;
  for (const Item& item : items) {
    json::value value = value_of(item);
    const auto found = out.find(item.word);
    if (found == out.end()) {
      out[item.word] = item.many ? json::value(json::array{std::move(value)}) : std::move(value);
    } else if (item.many) {
      found->value().as_array().push_back(std::move(value));
    }
  }
  return out;
}

}  // namespace

std::string to_json(const Document& document) {
  return pretty(members(document));
}

}  // namespace hald::config
