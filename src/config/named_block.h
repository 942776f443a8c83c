// SPDX-License-Identifier: Apache-2.0
// What all blocks have in common that define something with a name: KEYWORD NAME { ... }.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/binding.h"

namespace hald::config {

/// A T with the name and the place of the block.
template <typename T>
T named(const Node& block) {
  T out;
  out.name = block.arguments().front().text;
  out.where = block.arguments().front().where();
  return out;
}

[[nodiscard]] inline Item named_item(std::string_view keyword, const std::string& name, Document inside) {
  Item out = block_item(keyword, {name}, std::move(inside));
  out.many = true;
  return out;
}

template <typename T>
void print_named(std::string_view keyword, const BlockBinding<T>& words, const T& from, Document& out) {
  Document inside;
  words.print(from, inside);
  out.push_back(named_item(keyword, from.name, std::move(inside)));
}

/// False, with an error, unless the block has exactly one name.
bool has_one_name(const Node& block, Values& values);
/// "vrrp_script `x` has no `script`: it is ignored"
void report_lack(const Node& block, std::string_view of, Values& values);
/// Enters the name of the block. False, with an error, if it is taken.
bool take_name(const Node& block, std::map<std::string, Position, std::less<>>& taken, std::string_view code,
               Values& values);

/// All words of all lines of a block of names.
void read_names(const Node& block, std::vector<std::string>& into);
/// Nothing if there are none.
void print_names(std::string_view keyword, const std::vector<std::string>& names, Document& out);

}  // namespace hald::config
