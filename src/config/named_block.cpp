// SPDX-License-Identifier: Apache-2.0
#include "config/named_block.h"

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {

bool has_one_name(const Node& block, Values& values) {
  const auto arguments = block.arguments();
  if (arguments.size() == 1 && !arguments.front().text.empty()) return true;
  const Word& word = arguments.size() > 1 ? arguments[1] : arguments.front();
  values.diagnostics().error(word.where(), code::kBadName,
                             fmt::format("a {} has exactly one name", block.keyword().name),
                             "the whole block is ignored");
  return false;
}

void report_lack(const Node& block, std::string_view of, Values& values) {
  const Word& name = block.arguments().front();
  values.diagnostics().error(
      name.where(), code::kMissingWord,
      fmt::format("{} {} has no {}: it is ignored", block.keyword().name, quote(name.text), quote(of)));
}

bool take_name(const Node& block, std::map<std::string, Position, std::less<>>& taken, std::string_view code,
               Values& values) {
  const Word& name = block.arguments().front();
  const auto [first, is_new] = taken.try_emplace(std::string(name.text), name.where());
  if (is_new) return true;
  values.diagnostics()
      .error(name.where(), code,
             fmt::format("there is a {} {} already: this one is ignored", block.keyword().name,
                         quote(name.text)))
      .see(first->second, "the first is here");
  return false;
}

void read_names(const Node& block, std::vector<std::string>& into) {
  for (const Node line : block.children()) {
    for (const Word& word : line.words()) into.emplace_back(word.text);
  }
}

void print_names(std::string_view keyword, const std::vector<std::string>& names, Document& out) {
  if (names.empty()) return;
  Document lines;
  for (const std::string& name : names) lines.push_back(line_item("name", {name}));
  out.push_back(block_item(keyword, {}, std::move(lines)));
}

}  // namespace hald::config
