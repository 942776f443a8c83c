// SPDX-License-Identifier: Apache-2.0
#include "config/script.h"

#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/line.h"
#include "config/quoting.h"

namespace hald::config {
namespace {

RunAs run_as(std::span<const Word> words) {
  RunAs out;
  if (words.empty()) return out;
  out.user = words[0].text;
  out.where = words[0].where();
  if (words.size() > 1) out.group = words[1].text;
  return out;
}

void append(const RunAs& from, Item& item) {
  if (!from.user.empty()) item.values.emplace_back(from.user);
  if (!from.group.empty()) item.values.emplace_back(from.group);
}

}  // namespace

bool take(Values&, const Node& node, RunAs& into) {
  into = run_as(node.arguments());
  return !into.user.empty();
}

bool take(Values& values, const Node& node, Command& into) {
  if (node.arguments().empty()) return false;
  const Word& word = node.arguments().front();
  if (trimmed(word.text).empty()) {
    values.diagnostics().warning(
        word.where(), code::kMissingArgument,
        fmt::format("{} has an empty command: it is ignored", quote(node.keyword().name)));
    return false;
  }
  auto words = values.command(word);
  if (!words) return false;
  const bool may_name_user = node.keyword().max_arguments > 1;
  into.words = std::move(*words);
  into.run_as = may_name_user ? run_as(node.arguments().subspan(1)) : RunAs{};
  into.where = word.where();
  return true;
}

void put(const RunAs& from, const Keyword& keyword, Document& out) {
  if (from.user.empty()) return;
  Item item = statement(keyword.name, {});
  append(from, item);
  out.push_back(std::move(item));
}

void put(const Command& from, const Keyword& keyword, Document& out) {
  if (from.words.empty()) return;
  Item item = statement(keyword.name, {as_command(from.words)});
  append(from.run_as, item);
  out.push_back(std::move(item));
}

}  // namespace hald::config
