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
    text_ = line_.text;
    at_ = 0;
    in_line_ = true;
  }
  if (!split_.empty()) {
    const Token out = split_.front();
    split_.pop_front();
    return out;
  }
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  if (at_ == text_.size()) {
    in_line_ = false;
    return token(Token::Kind::LineEnd, at_, at_);
  }
  switch (text_[at_]) {
    case '{': return scan_brace(Token::Kind::Open);
    case '}': return scan_brace(Token::Kind::Close);
    case '"': return scan_quoted();
    default: return scan_word();
  }
}

/// Behind a brace the line begins anew, and the preprocessor may have to do with what follows.
Token Lexer::scan_brace(Token::Kind kind) {
  const Token out = token(kind, at_, at_ + 1);
  ++at_;
  const std::string_view rest = without_leading_blanks(text_.substr(at_));
  const bool speaks =
      !rest.empty() && (rest[0] == '@' || rest[0] == '$' || rest[0] == '~' || rest.starts_with("include"));
  if (speaks) {
    Line given = line_;
    given.narrow(rest);
    expander_.give_back(given);
    text_ = text_.substr(0, at_);
  }
  return out;
}

Token Lexer::scan_quoted() {
  const std::size_t begin = at_;
  const auto close = text_.find('"', begin + 1);
  const bool closed = close != std::string_view::npos;
  at_ = closed ? close + 1 : text_.size();
  Token out = token(Token::Kind::Word, begin, at_);
  out.word.text = text_.substr(begin + 1, (closed ? close : at_) - begin - 1);
  out.word.quoted = true;
  if (!closed && !line_.open_quote) report(QuoteFault::Unterminated, out.word.where());
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

std::size_t Lexer::next_brace() const {
  for (std::size_t at = at_; at < text_.size(); ++at) {
    const char byte = text_[at];
    if (byte == '{' || byte == '}') return at;
    if (byte == '"') at = std::min(text_.find('"', at + 1), text_.size() - 1);
    if (byte == '$' && text_.substr(at + 1).starts_with('{'))
      at = std::min(text_.find('}', at), text_.size() - 1);
  }
  return text_.size();
}

void Lexer::split_as(Quoting quoting) {
  if (quoting == Quoting::Plain || !in_line_) return;
  const std::size_t begin = at_;
  at_ = next_brace();
  const std::string_view part = text_.substr(begin, at_ - begin);
  QuotedWords split = split_quoted(part, quoting == Quoting::Command ? Escapes::Keep : Escapes::Decode);
  for (QuotedWord& word : split.words) {
    Token out = token(Token::Kind::Word, begin + word.begin, begin + word.end);
    out.word.text = own_.emplace_back(std::move(word.text));
    split_.push_back(out);
  }
  // A command is split once more, and what it lacks is said then.
  const bool said = split.fault == QuoteFault::Unterminated ? line_.open_quote : quoting == Quoting::Command;
  if (!said) report(split.fault, line_.position_of(part.substr(split.fault_at)));
}

void Lexer::report(QuoteFault fault, Position where) {
  if (fault == QuoteFault::Unterminated) {
    diagnostics_.error(where, code::kUnterminatedQuote, "the quoted text does not end on this line");
  } else if (fault == QuoteFault::NothingEscaped) {
    diagnostics_.error(where, code::kBadEscape, "the backslash at the end of the line escapes nothing");
  }
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
  return own_.emplace_back(std::move(out));
}

}  // namespace hald::config
