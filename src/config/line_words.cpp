// SPDX-License-Identifier: Apache-2.0
#include "config/line_words.h"

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {

void report_unknown_option(const Word& word, std::string_view of, const Block& options,
                           std::string_view consequence, Values& values) {
  const auto near = nearest_word(options, word.text);
  values.diagnostics().error(word.where(), code::kUnknownWord,
                             fmt::format("{} is no option of {}: {}", quote(word.text), of, consequence),
                             near.empty() ? std::string{} : fmt::format("did you mean {}?", quote(near)));
}

void report_missing_value(const Word& word, const Keyword& keyword, std::string_view consequence,
                          Values& values) {
  values.diagnostics().error(
      word.where(), code::kMissingArgument,
      fmt::format("{} needs {}: {}", quote(keyword.name), keyword.arguments, consequence));
}

bool has_one_value(const Node& node, Values& values) {
  const auto arguments = node.arguments();
  if (arguments.size() > 1) {
    values.diagnostics().error(
        arguments[1].where(), code::kExtraWords,
        fmt::format("{} takes one value: the line is ignored", quote(node.keyword().name)),
        fmt::format("{} {}", node.keyword().name, node.keyword().arguments));
    return false;
  }
  if (arguments.front().text.empty()) {
    values.diagnostics().error(arguments.front().where(), code::kBadName,
                               fmt::format("{} is empty: the line is ignored", quote(node.keyword().name)));
    return false;
  }
  return true;
}

}  // namespace hald::config
