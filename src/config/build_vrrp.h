// SPDX-License-Identifier: Apache-2.0
// Builds vrrp_instance in two steps: InstanceDraft takes what is written; complete_instance(), when the whole
// file is known, fills in the defaults and settles what contradicts itself, as keepalived does and with a
// message for each (vrrp start-up rules: state, priority, preemption, interval, version, authentication).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/build_global.h"
#include "config/model.h"
#include "config/values.h"

namespace hald::config {

struct AddressDraft {
  VirtualAddress address;  ///< device empty: the interface of the instance
  Position where;
};

/// A line of virtual_ipaddress; nothing if it cannot be used.
[[nodiscard]] std::optional<AddressDraft> read_virtual_address(const Node& line, Values& values);

struct InstanceDraft {
  std::string name;
  Position where;
  std::optional<InitialState> state;
  bool interface_written = false;
  std::string interface;  ///< empty: not written, or refused
  bool vrid_written = false;
  std::optional<std::uint8_t> vrid;
  std::optional<std::uint8_t> priority;
  Duration advert_interval = std::chrono::seconds(1);
  Position advert_where;
  bool nopreempt = false;
  Position nopreempt_where;
  Duration preempt_delay{};
  Position preempt_delay_where;
  std::optional<AuthType> auth_type;
  std::optional<std::string> auth_password;
  Position auth_where;
  bool addresses_written = false;
  std::vector<AddressDraft> addresses;
  VrrpSettings settings;
};

/// Nothing if the header is wrong.
[[nodiscard]] std::optional<InstanceDraft> read_instance(const Node& block, Values& values);

/// Nothing if the instance cannot run at all.
[[nodiscard]] std::optional<VrrpInstance> complete_instance(InstanceDraft draft, const VrrpSettings& global,
                                                            Diagnostics& diagnostics);

}  // namespace hald::config
