// SPDX-License-Identifier: Apache-2.0
// Values: from the words of a statement to typed values, checked against the statement's row in the keyword
// table. What does not fit is reported under the word itself and yields nothing; the caller then leaves the
// default in place, as keepalived does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "config/diagnostics.h"
#include "config/machine.h"
#include "config/tree.h"

namespace hald::config {

class Values {
 public:
  Values(Diagnostics& diagnostics, const Machine& machine) : diagnostics_(diagnostics), machine_(machine) {}

  [[nodiscard]] Diagnostics& diagnostics() { return diagnostics_; }
  [[nodiscard]] const Machine& machine() const { return machine_; }

  // The first argument of a statement of the type in question.
  [[nodiscard]] std::optional<std::int64_t> number(const Node& node);
  /// Of ValueType::Number in seconds, or ValueType::Time in seconds or, if the row says so, milliseconds.
  [[nodiscard]] std::optional<Duration> time(const Node& node);
  /// True without an argument.
  [[nodiscard]] std::optional<bool> boolean(const Node& node);
  /// Index into the keyword's choices.
  [[nodiscard]] std::optional<std::size_t> choice(const Node& node);
  [[nodiscard]] std::optional<Address> address(const Node& node);

  // One word, wherever it stands.
  [[nodiscard]] std::optional<std::int64_t> number(const Word& word, const Keyword& keyword);
  /// Of ValueType::Time.
  [[nodiscard]] std::optional<Duration> time(const Word& word, const Keyword& keyword);
  [[nodiscard]] std::optional<Address> address(const Word& word, std::string_view consequence);
  /// The same; a prefix length or the end of a range behind it is passed over, with a warning.
  [[nodiscard]] std::optional<Address> loose_address(const Word& word, std::string_view consequence);
  /// 0..65535
  [[nodiscard]] std::optional<std::uint16_t> port(const Word& word,
                                                  std::string_view consequence = "the block is ignored");
  /// A name the kernel can give to an interface.
  [[nodiscard]] std::optional<std::string> interface(const Word& word);
  /// The same; that this machine has no such interface is said once.
  [[nodiscard]] std::optional<std::string> existing_interface(const Word& word);
  /// The program and its arguments, at least one, of a word of a command; as_command() is the way back.
  [[nodiscard]] std::optional<std::vector<std::string>> command(const Word& word);

  /// Says once of an option that nothing follows from it yet; nothing if it has an effect.
  void note_effect(const Word& word, const Keyword& option);

 private:
  void refuse(const Word& word, const Keyword& keyword, std::string_view code, std::string_view what);

  Diagnostics& diagnostics_;
  const Machine& machine_;
  std::set<std::string, std::less<>> interfaces_;  // asked for already
  std::set<const Keyword*> without_effect_;        // reported
};

/// Watches over the words of one block that may stand only once (Keyword::repeat).
class Repeats {
 public:
  explicit Repeats(std::size_t words) : words_(words) {}
  /// False if this statement must be passed over. `row` is the place of its keyword in the block.
  bool allow(std::size_t row, const Node& node, Values& values) {
    return node.keyword().repeat == Repeat::LastCounts || allow_once(row, node, values);
  }

 private:
  bool allow_once(std::size_t row, const Node& node, Values& values);

  std::size_t words_;
  std::vector<Position> first_;  // line 0: not seen; made when first needed, which is seldom
};

/// A whole decimal number, sign allowed; nothing if the text is anything else or out of 64 bits.
[[nodiscard]] std::optional<std::int64_t> parse_whole(std::string_view text);

}  // namespace hald::config
