// SPDX-License-Identifier: Apache-2.0
#include "checker/core/service_ref.h"

namespace hald::checker {

ServiceId ServiceRef::id() const {
  if (own_ != nullptr) return own_->key;
  return GroupId{group_->group, group_->number, group_->protocol};
}

std::size_t service_count(const config::Config& config) {
  return config.virtual_servers.size() + config.group_servers.size();
}

ServiceRef service_at(const config::Config& config, std::size_t index) {
  const std::size_t single = config.virtual_servers.size();
  if (index < single) return config.virtual_servers[index];
  return config.group_servers[index - single];
}

std::string to_string(const ServiceId& id) {
  if (const auto* key = std::get_if<config::ServiceKey>(&id)) return config::to_string(*key);
  const auto& group = std::get<GroupId>(id);
  return "[" + group.group + "]:" + std::to_string(group.number);
}

std::optional<config::Protocol> protocol_of(const ServiceId& id) {
  if (const auto* group = std::get_if<GroupId>(&id)) return group->protocol;
  const auto* service = std::get_if<config::ServiceAddress>(&std::get<config::ServiceKey>(id));
  if (service == nullptr) return {};
  return service->protocol;
}

}  // namespace hald::checker
