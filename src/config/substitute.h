// SPDX-License-Identifier: Apache-2.0
// Substituter: replaces the references of one line by what they stand for, again and again, since a value may
// hold references too; and keeps account of where every byte comes from. Replacing is textual, as in
// keepalived: what results is read as if it had been written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/budget.h"
#include "config/diagnostics.h"
#include "config/line.h"
#include "config/macros.h"
#include "config/origins.h"
#include "config/predefined.h"

namespace hald::config {

class Substituter {
 public:
  enum class Outcome : std::uint8_t { Unchanged, Changed, Failed };
  /// The lines behind the first one of a macro of several lines.
  struct Rest {
    std::shared_ptr<const Macro::Lines> lines;
    std::uint32_t expansion = 0;
  };
  /// compat: what a line may grow to.
  static constexpr std::size_t kMaxLine = 1023;
  /// Definitions within one another.
  static constexpr std::size_t kMaxNesting = 32;

  Substituter(const Macros& macros, Predefined& predefined, Diagnostics& diagnostics, Budget& budget)
      : macros_(macros), predefined_(predefined), diagnostics_(diagnostics), budget_(budget) {}

  /// `path` is the file that is read.
  Outcome apply(const Line& line, const std::string& path);

  // What the last line became.
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
  /// The outermost macro first.
  [[nodiscard]] const std::vector<Rest>& rests() const { return rests_; }
  /// True if a value that was used has a quote which never closes; that has been said.
  [[nodiscard]] bool open_quote() const { return open_quote_; }

 private:
  enum class Step : std::uint8_t { Left, Replaced, Last, Failed };

  Step replace(const Reference& reference, const std::string& path);
  Step replace_macro(const Reference& reference, const Macro& macro);
  Step replace_predefined(const Reference& reference, Predefined::Name name, const std::string& path);
  bool splice(const Reference& reference, std::string_view value, std::vector<Piece> pieces);
  [[nodiscard]] Origin origin_of(const Reference& reference) const;
  /// A place in the line as it is now.
  [[nodiscard]] Position place(const Reference& reference);
  Step fail(const Reference& reference, std::string_view code, const std::string& message);
  std::uint32_t predefined_definition(Predefined::Name name, std::string_view word);

  const Macros& macros_;
  Predefined& predefined_;
  Diagnostics& diagnostics_;
  Budget& budget_;
  std::string text_;
  std::vector<Piece> pieces_;
  std::vector<Rest> rests_;
  bool open_quote_ = false;
  std::vector<std::uint32_t> predefined_definitions_;  // by name, one more than the index; 0: none yet
};

/// Bytes `begin` to `end` of a line that consists of `pieces`.
[[nodiscard]] std::vector<Piece> part_of(std::vector<Piece> const& pieces, std::size_t begin,
                                         std::size_t end);

}  // namespace hald::config
