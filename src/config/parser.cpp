// SPDX-License-Identifier: Apache-2.0
#include "config/parser.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/ip.h"
#include "config/codes.h"
#include "config/values.h"

namespace hald::config {
namespace {

using Kind = Token::Kind;

std::string inside_of(const Block& block) {
  return block.name().empty() ? std::string("at the top of the file") : fmt::format("in {}", block.name());
}

std::string help_for_extra(const Keyword& keyword) {
  if (keyword.arguments.empty()) return fmt::format("{} stands alone", quote(keyword.name));
  if (keyword.type == ValueType::Command && keyword.max_arguments == 1)
    return "put the command and its arguments into one pair of quotes";
  return fmt::format("{} {}", keyword.name, keyword.arguments);
}

}  // namespace

const Block& Parser::current() const {
  return open_.empty() ? block_of(BlockId::Root) : *open_.back().block;
}

bool Parser::next(Tree& tree) {
  tree.clear();
  while (tree.empty() || !open_.empty()) {
    switch (lexer_.peek().kind) {
      case Kind::LineEnd: lexer_.take(); break;
      case Kind::Open: open_brace(); break;
      case Kind::Close: close_brace(tree); break;
      case Kind::Word: statement(tree); break;
      case Kind::End: end_of_text(tree); return !tree.empty();
    }
  }
  return true;
}

void Parser::statement(Tree& tree) {
  const std::uint32_t first_word = tree.word_count();
  const Word word = lexer_.take().word;
  tree.add_word(word);
  const Keyword* keyword = current().is_lines() ? nullptr : find_keyword(current(), word.text);
  if (keyword != nullptr) lexer_.split_as(keyword->quoting);
  while (lexer_.peek().kind == Kind::Word) tree.add_word(lexer_.take().word);
  if (keyword == nullptr && close_forgotten(tree, word)) keyword = find_keyword(current(), word.text);
  if (keyword != nullptr) {
    known(tree, first_word, *keyword);
  } else if (current().is_lines()) {
    line(tree, first_word);
  } else {
    unknown(word);
    tree.drop_words(first_word);
    skip_block_if_any(word.where());
  }
}

void Parser::line(Tree& tree, std::uint32_t first_word) {
  tree.add_statement(nullptr, first_word);
  if (lexer_.peek().kind == Kind::Open) unexpected_block(tree.words_from(first_word).front());
}

void Parser::known(Tree& tree, std::uint32_t first_word, const Keyword& keyword) {
  const auto words = tree.words_from(first_word);
  const Word word = words.front();
  remark(keyword, word);
  if (!complete(keyword, words)) {
    tree.drop_words(first_word);
    skip_block_if_any(word.where());
    return;
  }
  if (keyword.type != ValueType::Block) {
    tree.add_statement(&keyword, first_word);
    if (keyword.steers) steer(keyword, tree.words_from(first_word).subspan(1));
    if (lexer_.peek().kind == Kind::Open) unexpected_block(word);
  } else if (opens(keyword, word.where())) {
    open_.push_back({tree.add_statement(&keyword, first_word), &block_of(keyword.block), word.where()});
  } else {
    tree.drop_words(first_word);
  }
}

/// The reading of the text itself depends on this statement, from the next line on.
void Parser::steer(const Keyword& keyword, std::span<const Word> arguments) {
  if (keyword.type == ValueType::Number) {
    if (const auto seed = parse_whole(arguments.front().text))
      lexer_.expander().seed(static_cast<std::uint64_t>(*seed));
    return;
  }
  IncludeCheck check = lexer_.expander().include_check();
  if (arguments.empty()) check = {true, true, true, true};
  for (const Word& word : arguments) apply(word.text, &word == arguments.data(), check);
  lexer_.expander().check_includes(check);
}

/// What is to be said about a word that is understood.
void Parser::remark(const Keyword& keyword, const Word& word) {
  if (!keyword.instead.empty()) old_word(keyword, word);
  if (keyword.own && note_own_words_) {
    diagnostics_.note(word.where(), code::kOwnWord,
                      fmt::format("keepalived does not know {} {}", quote(word.text), inside_of(current())));
  }
  remark_needless(keyword, word);
  // Once for each word: a thousand servers with the same line need no thousand notes.
  if (!keyword.effect && without_effect_.insert(&keyword).second) {
    diagnostics_.note(
        word.where(), code::kNoEffect,
        fmt::format("{} {} is accepted and has no effect yet", quote(word.text), inside_of(current())));
  }
}

/// Nothing is missing: worth knowing, and no more.
void Parser::remark_needless(const Keyword& keyword, const Word& word) {
  if (keyword.needless.empty() || !without_effect_.insert(&keyword).second) return;
  diagnostics_.note(word.where(), code::kNeedless,
                    fmt::format("nothing follows from {}: {}", quote(word.text), keyword.needless));
}

void Parser::old_word(const Keyword& keyword, const Word& word) {
  std::string message = fmt::format("{} is an old word for {}", quote(word.text), quote(keyword.instead));
  std::string help = fmt::format("write {}", quote(keyword.instead));
  if (keyword.old_is_reported) {
    diagnostics_.warning(word.where(), code::kDeprecated, std::move(message), std::move(help))
        .as_keepalived();
  } else {
    diagnostics_.note(word.where(), code::kDeprecated, std::move(message), std::move(help));
  }
}

void Parser::unknown(const Word& word) {
  const bool has_block = lexer_.peek_past_line_ends().kind == Kind::Open;
  const auto code = has_block ? code::kUnknownBlock : code::kUnknownWord;
  if (diagnostics_.full(code)) {  // a suggestion costs; this one nobody would see
    diagnostics_.error(word.where(), code, {});
    return;
  }
  std::string help;
  if (const auto near = nearest_word(current(), word.text); !near.empty()) {
    help = fmt::format("did you mean {}?", quote(near));
  } else if (const Block* home = home_of(word.text)) {
    help = fmt::format("{} belongs {}", quote(word.text), inside_of(*home));
  } else if (word.text.ends_with('\\')) {
    help = "a backslash joins lines only in the definition of a macro";
  }
  diagnostics_.error(word.where(), code,
                     has_block ? fmt::format("unknown block {} {}: it is ignored up to its }}",
                                             quote(word.text), inside_of(current()))
                               : fmt::format("unknown word {} {}", quote(word.text), inside_of(current())),
                     std::move(help));
}

/// Checks the number of arguments. True if the statement can be used.
bool Parser::complete(const Keyword& keyword, std::span<const Word> words) {
  const std::size_t arguments = words.size() - 1;
  if (arguments < keyword.min_arguments) {
    diagnostics_.error(words.front().where(), code::kMissingArgument,
                       fmt::format("{} needs {}", quote(keyword.name), keyword.arguments),
                       keyword.block == BlockId::None ? std::string{} : "the whole block is ignored");
    return false;
  }
  if (arguments > keyword.max_arguments) extra_words(keyword, words[1U + keyword.max_arguments]);
  return true;
}

void Parser::extra_words(const Keyword& keyword, const Word& first) {
  const std::string message = fmt::format("{} and what follows is ignored", quote(first.text));
  const std::string help = help_for_extra(keyword);
  // What stands before the brace of a list was most likely meant to be in it.
  if (keyword.type == ValueType::Block && block_of(keyword.block).is_lines()) {
    diagnostics_.error(first.where(), code::kExtraWords, message, help);
  } else {
    diagnostics_.warning(first.where(), code::kExtraWords, message, help);
  }
}

/// Takes the opening brace of a block; it may stand on a later line. Without one the block is taken as open
/// all the same if that makes sense of what follows.
bool Parser::opens(const Keyword& keyword, Position where) {
  if (lexer_.peek_past_line_ends().kind == Kind::Open) {
    lexer_.take();
    return true;
  }
  const bool meant = goes_on_inside(block_of(keyword.block));
  diagnostics_.error(where, code::kMissingOpen, fmt::format("the {{ of {} is missing", quote(keyword.name)),
                     meant ? "what follows is read as if it were there" : "");
  return meant;
}

bool Parser::goes_on_inside(const Block& inside) {
  const Token& token = lexer_.peek();
  if (token.kind != Kind::Word) return false;
  if (inside.is_lines()) return Prefix::parse(token.word.text).has_value();
  return find_keyword(inside, token.word.text) != nullptr &&
         find_keyword(current(), token.word.text) == nullptr;
}

void Parser::unexpected_block(const Word& word) {
  diagnostics_.error(lexer_.peek().word.where(), code::kExtraOpen,
                     fmt::format("{} has no block: it is ignored up to its }}", quote(word.text)));
  skip_block(word.where());
}

void Parser::open_brace() {
  diagnostics_.error(lexer_.peek().word.where(), code::kExtraOpen,
                     "this { belongs to no keyword: it is ignored up to its }");
  skip_block(lexer_.peek().word.where());
}

void Parser::close_brace(Tree& tree) {
  const Token brace = lexer_.take();
  if (!open_.empty()) {
    close(tree);
    return;
  }
  diagnostics_.error(brace.word.where(), code::kExtraClose, "this } closes nothing");
}

void Parser::close(Tree& tree) {
  tree.close_statement(open_.back().statement);
  open_.pop_back();
}

}  // namespace hald::config
