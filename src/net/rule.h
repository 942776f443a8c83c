// SPDX-License-Identifier: Apache-2.0
// Rule: one rule of the routing policy with everything ip-rule(8) can say of it, as a value; a wish and what
// the kernel holds are the same. Links are named, because the kernel matches rules by name. The numbers are
// those of linux/fib_rules.h.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "base/ip.h"

namespace hald::net {

enum class RuleAction : std::uint8_t {
  ToTable = 1,
  Goto = 2,
  Nop = 3,
  Blackhole = 6,
  Unreachable = 7,
  Prohibit = 8
};

template <typename Number>
struct NumberRange {
  Number first = 0;
  Number last = 0;
  friend auto operator<=>(const NumberRange&, const NumberRange&) = default;
};

struct Rule {
  static constexpr std::uint32_t kMainTable = 254;
  static constexpr std::uint8_t kKeepalived = 18;  ///< RTPROT_KEEPALIVED

  Family family = Family::IPv4;
  std::uint32_t priority = 0;
  bool invert = false;  ///< "not"
  std::optional<Prefix> from{};
  std::optional<Prefix> to{};
  std::string input_link{};
  std::string output_link{};
  std::uint8_t tos = 0;
  std::uint32_t mark = 0;
  std::uint32_t mark_mask = 0;  ///< 0: the mark does not count
  std::uint64_t tunnel_id = 0;
  std::optional<NumberRange<std::uint32_t>> users{};
  std::uint8_t ip_protocol = 0;
  std::optional<NumberRange<std::uint16_t>> source_ports{};
  std::optional<NumberRange<std::uint16_t>> destination_ports{};
  RuleAction action = RuleAction::ToTable;
  std::uint32_t table = kMainTable;  ///< of ToTable
  bool l3mdev = false;               ///< ToTable: that of the VRF that the packet belongs to
  std::uint32_t target = 0;          ///< of Goto: the priority to go on with
  std::uint32_t realms = 0;          ///< IPv4: source realm << 16 | destination realm
  std::optional<std::uint32_t>
      suppress_prefix_length{};                   ///< ignore what the table says with so short a prefix
  std::optional<std::uint32_t> suppress_group{};  ///< or by a link of this group
  std::uint8_t protocol = kKeepalived;  ///< who made it: by this hald knows what it or its like left behind
  bool restore = true;                  ///< of a wish. false: if somebody else takes it away, it stays away

  /// "100: from 10.0.0.0/24 lookup 100", much as ip-rule(8) shows it.
  [[nodiscard]] std::string to_string() const;
  friend auto operator<=>(const Rule&, const Rule&) = default;
};
[[nodiscard]] inline const Rule& key_of(const Rule& wanted) {
  return wanted;
}

/// The same rule without what means nothing: host bits, a table where none is looked up, a mark without a
/// mask.
[[nodiscard]] Rule canonical(Rule rule);
/// They do the same with the same packets at the same point, whoever made them.
[[nodiscard]] bool serves(const Rule& actual, const Rule& wanted);
/// And hald, or one of its kind, may have made it: it carries the protocol that was asked for.
[[nodiscard]] bool is_made_as(const Rule& actual, const Rule& wanted);

}  // namespace hald::net
