// SPDX-License-Identifier: Apache-2.0
// IpLine: what the lines of routes and of rules have in common: words with values behind them, a family that
// all addresses share, names of iproute2. For route_line.cpp and rule_line.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/codes.h"
#include "config/line_words.h"
#include "config/route_names.h"
#include "config/values.h"

namespace hald::config {

/// What a line is read with.
struct IpLineContext {
  RouteNames& names;
  /// The track_groups defined so far; null: the line cannot have one.
  const std::vector<std::string>* track_groups = nullptr;
};

class IpLine {
 protected:
  template <typename T>
  struct Plain {
    using type = T;
  };
  template <typename T>
  struct Plain<std::optional<T>> {
    using type = T;
  };

  IpLine(std::span<const Word> words, BlockId block, const IpLineContext& context, Values& values)
      : words_(words), block_(block_of(block)), context_(context), values_(values) {}

  void error(const Word& word, std::string_view code, std::string message, std::string help = {}) {
    values_.diagnostics().error(word.where(), code, std::move(message), std::move(help));
  }
  void complain(const Word& word, std::string_view code, std::string message, std::string help = {}) {
    values_.diagnostics().warning(word.where(), code, std::move(message), std::move(help)).as_keepalived();
  }

  /// The value behind `option`; null, with an error, if the line ends there.
  const Word* value(const Word& option);
  const Word* value(const Word& option, const Keyword& row);
  /// All addresses of a line are of one family: false, with an error, if this one is not.
  bool join(Family family, const Word& word);
  std::optional<Address> address(const Word& word);
  /// [inet|inet6] ADDRESS behind `option`.
  bool via(const Word& option, std::optional<Address>& into);
  /// The word makes sense for one family only.
  bool only(Family family, const Word& option);
  /// ADDRESS[/LENGTH]; "default", "any" and "all" are everything, of the family that the line turns out to
  /// have.
  std::optional<Prefix> prefix(const Word& word);
  std::optional<std::uint32_t> name(RouteNames::Kind kind, const Word& word, std::string_view what);
  /// The name behind `option`, as the number it stands for.
  template <typename T>
  bool named(const Word& option, RouteNames::Kind kind, std::string_view what, T& into) {
    const Word* word = value(option);
    const auto number = word ? name(kind, *word, what) : std::nullopt;
    if (number) into = static_cast<typename Plain<T>::type>(*number);
    return number.has_value();
  }
  /// The number behind `option`, within the range of its row.
  template <typename T>
  bool number(const Word& option, const Keyword& row, T& into) {
    const Word* word = value(option, row);
    const auto read = word ? values_.number(*word, row) : std::nullopt;
    if (read) into = static_cast<typename Plain<T>::type>(*read);
    return read.has_value();
  }
  template <typename T>
  bool number(const Word& option, T& into) {
    return number(option, *find_keyword(block_, option.text), into);
  }
  /// [FROM/]TO behind `option`, as from << 16 | to.
  bool realms_of(const Word& option, std::uint32_t& into);
  /// The name of an interface behind `option`; one that this machine does not have is worth a warning.
  bool device_of(const Word& option, std::string& into);
  bool track_group(const Word& option, std::string& into);
  /// `inet` and `inet6`.
  bool fixed_family(const Word& word, Family family);

  LineWords words_;
  const Block& block_;
  const IpLineContext& context_;
  Values& values_;
  std::optional<Family> family_;
};

/// "default", "any", "all"
[[nodiscard]] bool is_everything(std::string_view text);
[[nodiscard]] std::string realms_text(std::uint32_t realms);

}  // namespace hald::config
