// SPDX-License-Identifier: Apache-2.0
#include "net/interfaces.h"

#include <fmt/format.h>

#include "net/network_of.h"

namespace hald::net {

AddressKey::AddressKey(const Prefix& own, const std::optional<Address>& far_end) : prefix(own) {
  if (far_end && own.address.is_v4()) peer = network_of(Prefix{*far_end, own.length}).address;
}

std::string AddressKey::to_string() const {
  if (!peer) return prefix.to_string();
  return fmt::format("{} peer {}/{}", prefix.address.to_string(), peer->to_string(), prefix.length);
}

}  // namespace hald::net
