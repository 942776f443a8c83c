// SPDX-License-Identifier: Apache-2.0
#include "config/quoting.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/line.h"

namespace hald::config {
namespace {

bool is_octal(char byte) {
  return byte >= '0' && byte <= '7';
}

int hex_value(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

/// What a backslash and `byte` stand for, where no number follows.
char plain_escape(char byte) {
  switch (byte) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'E': return '\x1b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return byte;
  }
}

class Splitter {
 public:
  Splitter(std::string_view text, Escapes escapes) : text_(text), escapes_(escapes) {}

  QuotedWords split() {
    while (true) {
      while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
      if (at_ == text_.size()) return std::move(out_);
      QuotedWord word;
      word.begin = at_;
      take_word(word.text);
      word.end = at_;
      out_.words.push_back(std::move(word));
    }
  }

 private:
  void take_word(std::string& into) {
    std::size_t quoted_from = 0;
    char quote = 0;
    while (at_ < text_.size()) {
      const char byte = text_[at_];
      if (byte == '\\') {
        take_escape(into);
      } else if (quote != 0 && byte == quote) {
        quote = 0;
        ++at_;
      } else if (quote == 0 && (byte == '"' || byte == '\'')) {
        quote = byte;
        quoted_from = at_++;
      } else if (quote == 0 && is_blank(byte)) {
        return;
      } else {
        into += text_[at_++];
      }
    }
    if (quote != 0) fault(QuoteFault::Unterminated, quoted_from);
  }

  void take_escape(std::string& into) {
    if (at_ + 1 == text_.size()) {
      fault(QuoteFault::NothingEscaped, at_);
      into += text_[at_++];
    } else if (escapes_ == Escapes::Keep) {
      into += text_.substr(at_, 2);
      at_ += 2;
    } else {
      ++at_;
      into += decoded();
    }
  }

  /// The character that stands behind the backslash: \xHH, \cX, \ooo, \n and the like, or itself.
  char decoded() {
    const char byte = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (byte == 'x' && hex_value(next) >= 0) return hexadecimal();
    if (byte == 'c' && next != '\0') {
      at_ += 2;
      return static_cast<char>(static_cast<unsigned char>(next) & 0x1fU);
    }
    if (is_octal(byte)) return octal();
    ++at_;
    return plain_escape(byte);
  }

  char hexadecimal() {
    int value = 0;
    ++at_;
    for (int digits = 0; digits < 2 && at_ < text_.size() && hex_value(text_[at_]) >= 0; ++digits)
      value = value * 16 + hex_value(text_[at_++]);
    return static_cast<char>(value);
  }

  char octal() {
    int value = 0;
    for (int digits = 0; digits < 3 && at_ < text_.size() && is_octal(text_[at_]); ++digits)
      value = value * 8 + (text_[at_++] - '0');
    return static_cast<char>(value);
  }

  void fault(QuoteFault what, std::size_t where) {
    out_.fault = what;
    out_.fault_at = where;
  }

  std::string_view text_;
  Escapes escapes_;
  std::size_t at_ = 0;
  QuotedWords out_;
};

/// As it may stand between single quotes within double quotes.
std::string escaped_argument(std::string_view argument) {
  std::string out;
  for (std::size_t at = 0; at < argument.size(); ++at) {
    const char byte = argument[at];
    const bool control = static_cast<unsigned char>(byte) < ' ' || byte == '\x7f';
    const bool predefined =
        byte == '$' && at + 1 < argument.size() && (argument[at + 1] == '{' || argument[at + 1] == '_');
    if (control || predefined || byte == '"') {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    } else if (byte == '\\' || byte == '\'') {
      out += '\\';
      out += byte;
    } else {
      out += byte;
    }
  }
  return out;
}

}  // namespace

QuotedWords split_quoted(std::string_view text, Escapes escapes) {
  return Splitter(text, escapes).split();
}

std::string as_command(const std::vector<std::string>& arguments) {
  std::string out;
  for (const std::string& argument : arguments) {
    const std::string escaped = escaped_argument(argument);
    const bool plain = !escaped.empty() && std::none_of(escaped.begin(), escaped.end(), is_blank);
    if (!out.empty()) out += ' ';
    out += plain ? escaped : "'" + escaped + "'";
  }
  return out;
}

}  // namespace hald::config
