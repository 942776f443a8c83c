// SPDX-License-Identifier: Apache-2.0
// RouteNames: the names that iproute2 gives to numbers: routing tables, protocols, scopes and so on. They
// come from its two folders: a file in the local one stands for the vendor's file of that name, and further
// files lie in NAME.d. What every system knows is built in and need not be in a file.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "config/files.h"
#include "config/model_global.h"

namespace hald::config {

class RouteNames {
 public:
  enum class Kind : std::uint8_t { Table, Protocol, Scope, TypeOfService, Realm, Group, AddressProtocol };
  static constexpr std::size_t kKinds = 7;

  /// The folders are those that `global` names when the first name of a kind is asked for.
  RouteNames(const Files& files, const Global& global) : files_(files), global_(global) {}

  /// A number, decimal, 0x or 0, or a name; nothing if there is no such name or the number is too big.
  [[nodiscard]] std::optional<std::uint32_t> find(Kind kind, std::string_view text);

 private:
  using Names = std::map<std::string, std::uint32_t, std::less<>>;

  const Names& names(Kind kind);
  [[nodiscard]] Names load(Kind kind) const;

  const Files& files_;
  const Global& global_;
  std::array<std::optional<Names>, kKinds> loaded_;
};

/// As in C: 0x is hexadecimal, 0 octal, the rest decimal.
[[nodiscard]] std::optional<std::uint64_t> parse_c_number(std::string_view text);

}  // namespace hald::config
