// SPDX-License-Identifier: Apache-2.0
// Builds global_defs, and the VRRP settings that exist twice: in global_defs as defaults, in an instance for
// that one. A draft remembers what was written and what was not; instances are completed when the whole
// file is read, because global_defs may come last.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "config/model.h"
#include "config/values.h"

namespace hald::config {

struct VrrpSettings {
  std::optional<std::uint8_t> version;
  std::optional<bool> v3_checksum_as_v2;
  std::optional<unsigned> down_timer_adverts;
  std::optional<bool> lower_prio_no_advert;
  std::optional<bool> higher_prio_send_advert;
  std::optional<Duration> garp_master_delay;
  std::optional<unsigned> garp_master_repeat;
  std::optional<Duration> garp_master_refresh;
  std::optional<unsigned> garp_master_refresh_repeat;
  std::optional<Duration> garp_lower_prio_delay;
  std::optional<unsigned> garp_lower_prio_repeat;

  /// Takes the statement if it is one of these words; false if not.
  bool read(const Node& node, Values& values);
};

struct GlobalDraft {
  std::string router_id;
  VrrpSettings vrrp;

  /// Several global_defs blocks add up.
  void read(const Node& block, Values& values);
};

/// What holds for an instance: its own word, else the global one, else the built-in default.
[[nodiscard]] Announcing resolve_announcing(const VrrpSettings& own, const VrrpSettings& global);

}  // namespace hald::config
