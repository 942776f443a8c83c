// SPDX-License-Identifier: Apache-2.0
#include "config/regex_pattern.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/regex.h"
#include "config/codes.h"
#include "config/keywords.h"

namespace hald::config {
namespace {

void mark_other(RegexWords& into, const Node& node) {
  if (into.others.line == 0) into.others = node.where();
}

/// compat: what is wrong here keepalived does not report when it tests a file.
void warn(Position where, std::string message, std::string help, Values& values) {
  values.diagnostics().warning(where, code::kBadRegex, std::move(message), std::move(help));
}

std::optional<std::uint64_t> offset(const Node& node, Values& values) {
  const auto arguments = node.arguments();
  const auto value = arguments.size() == 1 ? parse_whole(arguments.front().text) : std::nullopt;
  if (value && *value >= 0) return static_cast<std::uint64_t>(*value);
  warn(node.where(),
       fmt::format("{} takes one number of bytes: the line is ignored", quote(node.keyword().name)), {},
       values);
  return {};
}

/// False and a message if PCRE2 refuses it.
bool compiles(const RegexWords& words, Values& values) {
  Regex::Failure failure;
  if (Regex::compile(words.body.pattern, words.body.options, failure)) return true;
  values.diagnostics().error(
      words.pattern.where(), code::kBadRegex,
      fmt::format("{} is no regular expression: it is ignored", quote(words.body.pattern)),
      fmt::format("at byte {}: {}", failure.at, failure.text));
  return false;
}

}  // namespace

void read_regex(RegexWords& into, const Node& node, Values& values) {
  const auto arguments = node.arguments();
  if (arguments.size() > 1) {
    values.diagnostics().error(arguments[1].where(), code::kExtraWords,
                               "`regex` takes one pattern: the line is ignored",
                               "put a pattern with blanks between quotes");
    return;
  }
  into.pattern = node.arguments().front();
  into.body.pattern = into.pattern.text;
}

void read_regex_no_match(RegexWords& into, const Node& node, Values&) {
  mark_other(into, node);
  into.body.negated = true;
}

void read_regex_options(RegexWords& into, const Node& node, Values& values) {
  mark_other(into, node);
  for (const Word& word : node.arguments()) {
    const auto known = regex_option_words();
    const auto found = std::find(known.begin(), known.end(), word.text);
    if (found != known.end()) {
      into.body.options |= 1U << static_cast<unsigned>(found - known.begin());
      continue;
    }
    const auto near = nearest_word(block_of(BlockId::RegexOptions), word.text);
    warn(word.where(), fmt::format("{} is no option of a regex: it is ignored", quote(word.text)),
         near.empty() ? std::string{} : fmt::format("did you mean {}?", quote(near)), values);
  }
}

void read_regex_min_offset(RegexWords& into, const Node& node, Values& values) {
  mark_other(into, node);
  if (const auto value = offset(node, values)) into.body.min_offset = *value;
}

void read_regex_max_offset(RegexWords& into, const Node& node, Values& values) {
  mark_other(into, node);
  if (const auto value = offset(node, values)) into.body.max_offset = value;
}

void read_regex_stack(RegexWords& into, const Node& node, Values& values) {
  mark_other(into, node);
  const auto arguments = node.arguments();
  if (arguments.size() == 2) {
    const auto start = parse_whole(arguments[0].text);
    const auto most = parse_whole(arguments[1].text);
    if (start && most && *start >= 0 && *start <= *most) {
      into.body.stack = {static_cast<std::uint64_t>(*start), static_cast<std::uint64_t>(*most)};
      return;
    }
  }
  warn(node.where(), "`regex_stack` takes two sizes, the first not above the second: the line is ignored", {},
       values);
}

std::optional<BodyPattern> settle_regex(const RegexWords& words, Values& values) {
  if (words.pattern.line == 0) {
    if (words.others.line != 0)
      warn(words.others, "there is no `regex` in this url: the words about it are ignored", {}, values);
    return {};
  }
  if (!compiles(words, values)) return {};
  BodyPattern out = words.body;
  if (out.max_offset && out.min_offset > *out.max_offset) {
    warn(words.others,
         fmt::format("regex_min_offset {} is above regex_max_offset {}: both are ignored", out.min_offset,
                     *out.max_offset),
         {}, values);
    out.min_offset = 0;
    out.max_offset.reset();
  }
  return out;
}

void print_regex_word(const BodyPattern& body, const Keyword& keyword, Document& out) {
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  if (keyword.name == "regex") {
    Item item = statement(keyword.name, {body.pattern});
    item.escaped = true;
    out.push_back(std::move(item));
  } else if (keyword.name == "regex_no_match") {
    out.push_back(flag_item(keyword.name, body.negated));
  } else if (keyword.name == "regex_options" && body.options != 0) {
    Item item = statement(keyword.name, {});
    item.list = true;
    const auto known = regex_option_words();
    for (std::size_t i = 0; i < known.size(); ++i) {
      if ((body.options >> i & 1U) != 0) item.values.emplace_back(std::string(known[i]));
    }
    out.push_back(std::move(item));
  } else if (keyword.name == "regex_min_offset" && body.min_offset != 0) {
    out.push_back(statement(keyword.name, {number(body.min_offset)}));
  } else if (keyword.name == "regex_max_offset" && body.max_offset) {
    out.push_back(statement(keyword.name, {number(*body.max_offset)}));
  } else if (keyword.name == "regex_stack" && body.stack) {
    out.push_back(statement(keyword.name, {number(body.stack->first), number(body.stack->second)}));
  }
}

}  // namespace hald::config
