// SPDX-License-Identifier: Apache-2.0
// LineWords: the words of one line taken one after another, for lines with a grammar of their own; and what
// is said alike wherever such a line is wrong.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "config/keywords.h"
#include "config/lexer.h"
#include "config/values.h"

namespace hald::config {

class LineWords {
 public:
  explicit LineWords(std::span<const Word> words) : words_(words) {}

  [[nodiscard]] bool done() const { return at_ == words_.size(); }
  [[nodiscard]] std::size_t left() const { return words_.size() - at_; }
  /// Not to be asked when done.
  [[nodiscard]] const Word& peek() const { return words_[at_]; }
  const Word& take() { return words_[at_++]; }
  /// Takes the word if it is the next one.
  bool take_if(std::string_view text) {
    if (done() || peek().text != text) return false;
    ++at_;
    return true;
  }

 private:
  std::span<const Word> words_;
  std::size_t at_ = 0;
};

/// "`x` is no option of <of>: <consequence>", with the nearest word of `options`.
void report_unknown_option(const Word& word, std::string_view of, const Block& options,
                           std::string_view consequence, Values& values);

/// "`port` needs PORT: <consequence>"
void report_missing_value(const Word& word, const Keyword& keyword, std::string_view consequence,
                          Values& values);

/// False, with an error, unless the statement has exactly one value and that is not empty.
bool has_one_value(const Node& node, Values& values);

}  // namespace hald::config
