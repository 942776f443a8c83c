// SPDX-License-Identifier: Apache-2.0
#include "config/lexer.h"

#include <algorithm>
#include <array>

#include "config/codes.h"

namespace hald::config {
namespace {

/// Bytes at which a word may end or that need a closer look: a table, since this is done for every byte.
constexpr std::array<bool, 256> kSpecial = [] {
  std::array<bool, 256> out{};
  for (const char byte : {'{', '}', '"', '$', '\\', ' ', '\t', '\n', '\v', '\f', '\r'}) {
    out[static_cast<unsigned char>(byte)] = true;
  }
  return out;
}();

}  // namespace

Word Word::from(std::size_t offset) const {
  Word out = *this;
  out.text = text.substr(offset);
  const auto skipped = static_cast<std::uint16_t>(offset + (quoted ? 1 : 0));
  out.column = static_cast<std::uint16_t>(column + skipped);
  out.length =
      static_cast<std::uint16_t>(length - std::min<std::size_t>(length, skipped + (quoted ? 1U : 0U)));
  return out;
}

const Token& Lexer::peek() {
  if (!peeked_) {
    next_ = scan();
    peeked_ = true;
  }
  return next_;
}

Token Lexer::take() {
  Token out = peek();
  peeked_ = false;
  return out;
}

const Token& Lexer::peek_past_line_ends() {
  while (peek().kind == Token::Kind::LineEnd) take();
  return next_;
}

bool Lexer::line_opens_block() const {
  return in_line_ && text_.find('{', at_) != std::string_view::npos;
}

Token Lexer::scan() {
  if (!in_line_) {
    if (!expander_.next(line_)) return {};
    text_ = without_comment(line_.text);
    at_ = 0;
    in_line_ = true;
  }
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  if (at_ == text_.size()) {
    in_line_ = false;
    return token(Token::Kind::LineEnd, at_, at_);
  }
  const std::size_t begin = at_;
  switch (text_[at_]) {
    case '{': return token(Token::Kind::Open, begin, ++at_);
    case '}': return token(Token::Kind::Close, begin, ++at_);
    case '"': return scan_quoted();
    default: return scan_word();
  }
}

Token Lexer::scan_quoted() {
  const std::size_t begin = at_;
  const auto close = text_.find('"', begin + 1);
  const bool closed = close != std::string_view::npos;
  at_ = closed ? close + 1 : text_.size();
  Token out = token(Token::Kind::Word, begin, at_);
  out.word.text = text_.substr(begin + 1, (closed ? close : at_) - begin - 1);
  out.word.quoted = true;
  if (!closed) {
    diagnostics_.error(out.word.where(), code::kUnterminatedQuote,
                       "the quoted text does not end on this line");
  }
  return out;
}

Token Lexer::scan_word() {
  const std::size_t begin = at_;
  bool escaped = false;
  while (at_ < text_.size()) {
    const char byte = text_[at_];
    if (!kSpecial[static_cast<unsigned char>(byte)]) {
      ++at_;
      continue;
    }
    if (byte == '$' && text_.substr(at_ + 1).starts_with('{')) {
      const auto close = text_.find('}', at_);
      at_ = close == std::string_view::npos ? text_.size() : close + 1;
      continue;
    }
    if (is_blank(byte) || byte == '{' || byte == '}' || byte == '"') break;
    escaped = escaped || byte == '\\';
    ++at_;
  }
  Token out = token(Token::Kind::Word, begin, at_);
  out.word.text = text_.substr(begin, at_ - begin);
  if (escaped) out.word.text = unescaped(out.word.text);
  return out;
}

Token Lexer::token(Token::Kind kind, std::size_t begin, std::size_t end) {
  const Position where = line_.position_of(text_.substr(begin, end - begin));
  Token out;
  out.kind = kind;
  out.word.line = where.line;
  out.word.column = static_cast<std::uint16_t>(where.column);
  out.word.file = where.file;
  out.word.length = where.length;
  return out;
}

/// `\!` and `\#` stand for the character; any other backslash is itself.
std::string_view Lexer::unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape =
        text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '!' || text[at + 1] == '#');
    if (!escape) out += text[at];
  }
  if (out.size() == text.size()) return text;
  return unescaped_.emplace_back(std::move(out));
}

}  // namespace hald::config
