// SPDX-License-Identifier: Apache-2.0
#include "config/picture.h"

#include <algorithm>

#include "config/utf8.h"

namespace hald::config {
namespace {

constexpr std::string_view kCut = "...";
constexpr std::size_t kTab = 4;

}  // namespace

Picture::Picture(const Excerpt& excerpt, const Position& where) {
  if (excerpt.start > 1) {
    line_ = kCut;
    marks_.assign(kCut.size(), ' ');
  }
  const std::string_view text = excerpt.text;
  const std::size_t begin = std::max(where.column, excerpt.start) - excerpt.start;
  const std::size_t end = begin + std::max<std::size_t>(where.length, 1);
  for (std::size_t at = 0; at < text.size();) at += show(text.substr(at), at >= begin && at < end);
  if (begin >= text.size()) marks_ += '^';
  if (excerpt.cut) line_ += kCut;
}

std::string Picture::marks() const {
  const std::size_t from = indent();
  return marks_.substr(from, marks_.find_last_not_of(' ') + 1 - from);
}

std::size_t Picture::show(std::string_view rest, bool marked) {
  const Character character = first_character(rest);
  const std::size_t before = line_.size();
  std::size_t width = 0;
  if (rest[0] == '\t') {
    line_.append(kTab, ' ');
  } else if (!is_printable(character.point)) {
    line_ += escaped(rest.substr(0, character.bytes));
  } else {
    line_ += rest.substr(0, character.bytes);
    width = width_of(character.point);
  }
  if (width == 0) width = line_.size() - before;
  marks_.append(width, marked ? '~' : ' ');
  if (marked && !started_) marks_[marks_.size() - width] = '^';
  started_ = started_ || marked;
  return character.bytes;
}

}  // namespace hald::config
