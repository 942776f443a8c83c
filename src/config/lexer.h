// SPDX-License-Identifier: Apache-2.0
// Lexer: from lines to words, braces and line ends, each with its place. keepalived's rules: `!` and `#`
// begin a comment anywhere outside double quotes (`\!` and `\#` do not), a quoted text is a word by itself,
// braces need no blanks around them, a line end ends a statement. What is inside `${...}` is not a brace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "config/diagnostics.h"
#include "config/expand.h"
#include "config/keywords.h"
#include "config/quoting.h"

namespace hald::config {

/// One word of the operator's text. The text lives as long as the Sources and the Lexer.
struct Word {
  std::string_view text;  ///< without quotes
  std::uint32_t line = 0;
  std::uint16_t column = 0;
  std::uint16_t file = 0;
  std::uint16_t length = 0;  ///< bytes in the source, quotes included
  bool quoted = false;

  [[nodiscard]] Position where() const { return {line, column, file, length}; }
  /// The word from byte `offset` of its text on.
  [[nodiscard]] Word from(std::size_t offset) const;
};

struct Token {
  enum class Kind : std::uint8_t { Word, Open, Close, LineEnd, End };
  Kind kind = Kind::End;
  Word word;  ///< for braces: where they stand
};

class Lexer {
 public:
  Lexer(Expander& expander, Diagnostics& diagnostics) : expander_(expander), diagnostics_(diagnostics) {}
  Lexer(const Lexer&) = delete;
  Lexer& operator=(const Lexer&) = delete;

  /// The token that take() will return.
  const Token& peek();
  Token take();
  /// Passes over line ends: what the next token is that means something.
  const Token& peek_past_line_ends();
  /// True if the line of the last token goes on with an opening brace somewhere.
  [[nodiscard]] bool line_opens_block() const;
  /// The rest of the line, up to a brace, is split as `quoting` says. To be said before its first token is
  /// looked at.
  void split_as(Quoting quoting);
  [[nodiscard]] Expander& expander() { return expander_; }

 private:
  Token scan();
  Token scan_brace(Token::Kind kind);
  Token scan_quoted();
  Token scan_word();
  [[nodiscard]] std::size_t next_brace() const;
  void report(QuoteFault fault, Position where);
  Token token(Token::Kind kind, std::size_t begin, std::size_t end);
  std::string_view unescaped(std::string_view text);

  Expander& expander_;
  Diagnostics& diagnostics_;
  Line line_;
  std::string_view text_;  // of line_, without the comment
  std::size_t at_ = 0;
  bool in_line_ = false;
  bool peeked_ = false;
  Token next_;
  std::deque<Token> split_;      // of the line, ahead of `at_`
  std::deque<std::string> own_;  // words that differ from their source
};

}  // namespace hald::config
