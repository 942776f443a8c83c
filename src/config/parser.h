// SPDX-License-Identifier: Apache-2.0
// Parser: from tokens to a Tree, one top-level block at a time, with the keyword table at hand. It says what
// is wrong with words, braces and the number of arguments, and hands on only statements whose keyword is
// known and complete. A word that is not, is passed over together with its block, so that its inside
// is not mistaken for something else. (keepalived ignores such a brace, and the closing one then ends the
// block around it.) Values are the builders' affair.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "config/diagnostics.h"
#include "config/keywords.h"
#include "config/lexer.h"
#include "config/tree.h"

namespace hald::config {

class Parser {
 public:
  /// With `note_own_words` there is a note for each word that keepalived does not know.
  Parser(Lexer& lexer, Diagnostics& diagnostics, bool note_own_words = false)
      : lexer_(lexer), diagnostics_(diagnostics), note_own_words_(note_own_words) {}

  /// Clears `tree` and puts the next top-level block into it; false at the end of the text.
  bool next(Tree& tree);

 private:
  struct Open {
    std::uint32_t statement = 0;
    const Block* block = nullptr;
    Position where;  ///< of the keyword
  };

  [[nodiscard]] const Block& current() const;
  void statement(Tree& tree);
  void line(Tree& tree, std::uint32_t first_word);
  void known(Tree& tree, std::uint32_t first_word, const Keyword& keyword);
  void steer(const Keyword& keyword, std::span<const Word> arguments);
  void remark(const Keyword& keyword, const Word& word);
  void remark_needless(const Keyword& keyword, const Word& word);
  void old_word(const Keyword& keyword, const Word& word);
  void unknown(const Word& word);
  void extra_words(const Keyword& keyword, const Word& first);
  bool complete(const Keyword& keyword, std::span<const Word> words);
  bool opens(const Keyword& keyword, Position where);
  bool goes_on_inside(const Block& inside);
  void unexpected_block(const Word& word);
  void open_brace();
  void close_brace(Tree& tree);
  bool close_forgotten(Tree& tree, const Word& word);
  void close(Tree& tree);
  void end_of_text(Tree& tree);
  void skip_block(Position owner);
  void skip_block_if_any(Position owner);

  Lexer& lexer_;
  Diagnostics& diagnostics_;
  bool note_own_words_;
  std::vector<Open> open_;
  std::set<const Keyword*> without_effect_;  // reported
  bool end_reported_ = false;                // that the text ends inside a block
};

}  // namespace hald::config
