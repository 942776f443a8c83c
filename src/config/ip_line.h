// SPDX-License-Identifier: Apache-2.0
// IpLine: what the lines of routes and of rules have in common: words with values behind them, a family that
// all addresses share, names of iproute2. For build_route.cpp and build_rule.cpp.
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
  /// ADDRESS[/LENGTH]; "default", "any" and "all" are everything, of the family that the line turns out to
  /// have.
  std::optional<Prefix> prefix(const Word& word);
  std::optional<std::uint32_t> name(RouteNames::Kind kind, const Word& word, std::string_view what);
  /// [FROM/]TO as from << 16 | to.
  std::optional<std::uint32_t> realms(const Word& word);
  /// A name; one that this machine does not have is worth a warning.
  std::optional<std::string> device(const Word& word);
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
