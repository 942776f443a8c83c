// SPDX-License-Identifier: Apache-2.0
#include "config/regex_pattern.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/keywords.h"

namespace hald::config {
namespace {

struct Option {
  std::string_view word;
  std::uint32_t bit;
};

constexpr std::array kOptions{Option{"allow_empty_class", PCRE2_ALLOW_EMPTY_CLASS},
                              Option{"alt_bsux", PCRE2_ALT_BSUX},
                              Option{"auto_callout", PCRE2_AUTO_CALLOUT},
                              Option{"caseless", PCRE2_CASELESS},
                              Option{"dollar_endonly", PCRE2_DOLLAR_ENDONLY},
                              Option{"dotall", PCRE2_DOTALL},
                              Option{"dupnames", PCRE2_DUPNAMES},
                              Option{"extended", PCRE2_EXTENDED},
                              Option{"firstline", PCRE2_FIRSTLINE},
                              Option{"match_unset_backref", PCRE2_MATCH_UNSET_BACKREF},
                              Option{"multiline", PCRE2_MULTILINE},
                              Option{"never_ucp", PCRE2_NEVER_UCP},
                              Option{"never_utf", PCRE2_NEVER_UTF},
                              Option{"no_auto_capture", PCRE2_NO_AUTO_CAPTURE},
                              Option{"no_auto_possess", PCRE2_NO_AUTO_POSSESS},
                              Option{"no_dotstar_anchor", PCRE2_NO_DOTSTAR_ANCHOR},
                              Option{"no_start_optimize", PCRE2_NO_START_OPTIMIZE},
                              Option{"ucp", PCRE2_UCP},
                              Option{"ungreedy", PCRE2_UNGREEDY},
                              Option{"utf", PCRE2_UTF},
                              Option{"never_backslash_c", PCRE2_NEVER_BACKSLASH_C},
                              Option{"alt_circumflex", PCRE2_ALT_CIRCUMFLEX},
                              Option{"alt_verbnames", PCRE2_ALT_VERBNAMES},
                              Option{"use_offset_limit", PCRE2_USE_OFFSET_LIMIT}};

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

std::uint32_t pcre2_options(std::uint32_t words) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < kOptions.size(); ++i) {
    if ((words >> i & 1U) != 0) out |= kOptions[i].bit;
  }
  return out;
}

/// False and a message if PCRE2 refuses it.
bool compiles(const RegexWords& words, Values& values) {
  int failure = 0;
  PCRE2_SIZE at = 0;
  const std::unique_ptr<pcre2_code, void (*)(pcre2_code*)> code(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(words.body.pattern.data()), words.body.pattern.size(),
                    pcre2_options(words.body.options), &failure, &at, nullptr),
      pcre2_code_free);
  if (code) return true;
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(failure, text.data(), text.size());
  values.diagnostics().error(
      words.pattern.where(), code::kBadRegex,
      fmt::format("{} is no regular expression: it is ignored", quote(words.body.pattern)),
      fmt::format("at byte {}: {}", at, reinterpret_cast<const char*>(text.data())));
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
    const auto* const found = std::find_if(kOptions.begin(), kOptions.end(),
                                           [&](const Option& each) { return each.word == word.text; });
    if (found != kOptions.end()) {
      into.body.options |= 1U << static_cast<unsigned>(found - kOptions.begin());
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
    for (std::size_t i = 0; i < kOptions.size(); ++i) {
      if ((body.options >> i & 1U) != 0) item.values.emplace_back(std::string(kOptions[i].word));
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
