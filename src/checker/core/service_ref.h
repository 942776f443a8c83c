// SPDX-License-Identifier: Apache-2.0
// ServiceRef: a virtual server as checks see it, whether it stands by itself or for a group of addresses; the
// real servers of a group are checked once, not for each address. ServiceId is its identity across reloads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "config/model.h"

namespace hald::checker {

/// A virtual server of a group. With another protocol it is another one.
struct GroupId {
  std::string group;
  std::uint32_t number = 0;
  std::optional<config::Protocol> protocol;
  friend bool operator==(const GroupId&, const GroupId&) = default;
};
using ServiceId = std::variant<config::ServiceKey, GroupId>;

/// Refers to an entry of a configuration, which must stay.
class ServiceRef {
 public:
  ServiceRef(const config::VirtualServer& server) : service_(&server), own_(&server) {}
  ServiceRef(const config::GroupServer& server) : service_(&server), group_(&server) {}

  [[nodiscard]] const config::Service& operator*() const { return *service_; }
  [[nodiscard]] const config::Service* operator->() const { return service_; }
  /// Null for one of a group.
  [[nodiscard]] const config::VirtualServer* own() const { return own_; }
  /// Null for one that stands by itself.
  [[nodiscard]] const config::GroupServer* group() const { return group_; }
  [[nodiscard]] ServiceId id() const;

 private:
  const config::Service* service_;
  const config::VirtualServer* own_ = nullptr;
  const config::GroupServer* group_ = nullptr;
};

/// All of a configuration stand in one row: first those by themselves, then those of groups.
[[nodiscard]] std::size_t service_count(const config::Config& config);
[[nodiscard]] ServiceRef service_at(const config::Config& config, std::size_t index);

/// As keepalived's lines name it: "[10.0.0.3]:tcp:80", "FWM 7" or "[web]:0".
[[nodiscard]] std::string to_string(const ServiceId& id);
/// Nothing for a firewall mark.
[[nodiscard]] std::optional<config::Protocol> protocol_of(const ServiceId& id);

}  // namespace hald::checker

template <>
struct std::hash<hald::checker::GroupId> {
  std::size_t operator()(const hald::checker::GroupId& id) const noexcept {
    return hald::hash_mix(std::hash<std::string>{}(id.group), id.number);
  }
};
