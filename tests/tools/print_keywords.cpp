// SPDX-License-Identifier: Apache-2.0
// Prints the keyword table, one row a line, its columns between tabs: block ("-" at the top of a file), word,
// range, default, choices. Words without effect are left out, and so are blocks that have all their words
// from another one. Words that hald has no use for are in a block of their own. tools/check_man.py compares
// hald.conf(5) with it.
#include <cstdio>
#include <set>
#include <string>

#include <fmt/format.h>

#include "config/keywords.h"

namespace {

using hald::config::Block;
using hald::config::Keyword;

/// The section of hald.conf(5).
constexpr const char* kNeedless = "Words without a use";

std::string choices_of(const Keyword& keyword) {
  std::string text;
  for (const auto choice : keyword.choices) text += fmt::format("{}{}", text.empty() ? "" : " ", choice);
  return text;
}

void print(const Block& block, const Keyword& keyword) {
  fmt::print("{}\t{}\t{}\t{}\t{}\n", block.name().empty() ? "-" : block.name(), keyword.name,
             hald::config::range_text(keyword), keyword.default_value, choices_of(keyword));
}

}  // namespace

int main() {
  std::set<const Keyword*> printed;
  for (const Block& block : hald::config::all_blocks()) {
    if (!printed.insert(block.words.data()).second) continue;
    if (block.id == hald::config::BlockId::Preprocessor) continue;  // no words: a section of its own
    for (const Keyword& keyword : block.words) {
      if (!keyword.needless.empty()) {
        fmt::print("{}\t{}\t\t\t\n", kNeedless, keyword.name);
      } else if (keyword.effect) {
        print(block, keyword);
      }
    }
  }
}
