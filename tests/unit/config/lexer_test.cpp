// SPDX-License-Identifier: Apache-2.0
#include "config/lexer.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/codes.h"

namespace hald::config {
namespace {

/// Tokens as text: words with their place, `{`, `}`, `;` for a line end.
class Lexed {
 public:
  explicit Lexed(std::string text)
      : sources_(diagnostics_),
        expander_(sources_, files_, diagnostics_, options()),
        lexer_(expander_, diagnostics_) {
    expander_.open(sources_.add("t", std::move(text)));
  }

  std::string all() {
    std::string out;
    for (Token token = lexer_.take(); token.kind != Token::Kind::End; token = lexer_.take()) {
      if (!out.empty()) out += ' ';
      out += show(token);
    }
    return out;
  }
  Lexer& lexer() { return lexer_; }
  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  static ExpandOptions options() {
    ExpandOptions out;
    out.config_id = "node";
    return out;
  }
  static std::string show(const Token& token) {
    switch (token.kind) {
      case Token::Kind::Open: return "{";
      case Token::Kind::Close: return "}";
      case Token::Kind::LineEnd: return ";";
      default: return std::string(token.word.text) + (token.word.quoted ? "'" : "");
    }
  }

  Diagnostics diagnostics_;
  NoFiles files_;
  Sources sources_;
  Expander expander_;
  Lexer lexer_;
};

std::string lex(std::string text) {
  return Lexed(std::move(text)).all();
}

TEST(Lexer, WordsBracesAndLineEnds) {
  EXPECT_EQ(lex("a b\nc"), "a b ; c ;");
  EXPECT_EQ(lex("a { b } "), "a { b } ;");
  EXPECT_EQ(lex("TCP_CHECK{x}}y"), "TCP_CHECK { x } } y ;");
  EXPECT_EQ(lex("a\n\n \t \n{"), "a ; { ;");
}

TEST(Lexer, BlanksOfEveryKind) {
  EXPECT_EQ(lex("a\tb\fc\vd\r\ne\r\n"), "a b c d ; e ;");
}

TEST(Lexer, CommentsBeginAnywhereOutsideQuotes) {
  EXPECT_EQ(lex("eth0#nic\n51!x\n# all\n! all\na \"#\" b # \"c\n"), "eth0 ; 51 ; a #' b ;");
}

TEST(Lexer, BackslashSavesACommentCharacterAndNothingElse) {
  EXPECT_EQ(lex("a\\#b c\\!d e\\f g\\"), "a#b c!d e\\f g\\ ;");
}

TEST(Lexer, QuotedTextIsAWordByItself) {
  EXPECT_EQ(lex("ab\"c d\"e"), "ab c d' e ;");
  EXPECT_EQ(lex("\"\" x"), "' x ;");
  EXPECT_EQ(lex("\"a{b}c!d#e\""), "a{b}c!d#e' ;");
}

TEST(Lexer, UnterminatedQuoteTakesTheRestOfTheLine) {
  Lexed lexed("x \"a b\nc\n");
  EXPECT_EQ(lexed.all(), "x a b' ; c ;");
  ASSERT_EQ(lexed.diagnostics().all().size(), 1U);
  EXPECT_EQ(lexed.diagnostics().all()[0].code, code::kUnterminatedQuote);
  EXPECT_EQ(lexed.diagnostics().all()[0].where, (Position{1, 3, 0, 4}));
}

TEST(Lexer, BracesOfAReferenceAreNoBraces) {
  EXPECT_EQ(lex("a${B}c ${B C} ${open x\n{"), "a${B}c ${B C} ${open x ; { ;");
}

TEST(Lexer, PlacesAreExact) {
  Lexed lexed("  \n\t ab  \"c d\"{\n");
  EXPECT_EQ(lexed.lexer().take().word.where(), (Position{2, 3, 0, 2}));
  const Token quoted = lexed.lexer().take();
  EXPECT_EQ(quoted.word.where(), (Position{2, 7, 0, 5}));
  EXPECT_EQ(quoted.word.from(2).where(), (Position{2, 10, 0, 1}));
  EXPECT_EQ(quoted.word.from(2).text, "d");
  EXPECT_EQ(lexed.lexer().take().word.where(), (Position{2, 12, 0, 1}));
}

TEST(Lexer, PeekShowsWhatTakeReturns) {
  Lexed lexed("\n\na\n\n{");
  EXPECT_EQ(lexed.lexer().peek().kind, Token::Kind::Word);
  EXPECT_EQ(lexed.lexer().take().word.text, "a");
  EXPECT_EQ(lexed.lexer().peek().kind, Token::Kind::LineEnd);
  EXPECT_EQ(lexed.lexer().peek_past_line_ends().kind, Token::Kind::Open);
  EXPECT_EQ(lexed.lexer().take().kind, Token::Kind::Open);
  EXPECT_EQ(lexed.lexer().take().kind, Token::Kind::LineEnd);
  EXPECT_EQ(lexed.lexer().take().kind, Token::Kind::End);
  EXPECT_EQ(lexed.lexer().take().kind, Token::Kind::End);
}

}  // namespace
}  // namespace hald::config
