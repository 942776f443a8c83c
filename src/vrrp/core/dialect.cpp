// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/dialect.h"

#include "vrrp/core/packet.h"

namespace hald::vrrp {

std::vector<Address> advertised_addresses(const config::VrrpInstance& settings) {
  std::vector<Address> out;
  for (const auto& address : settings.addresses) {
    if (address.prefix.address.family() == settings.family) out.push_back(address.prefix.address);
  }
  return out;
}

Address group_of(const config::VrrpInstance& settings) {
  return settings.group.value_or(multicast_group(settings.family));
}

HmacSettings hmac_settings(const config::HmacAuth& auth) {
  HmacSettings out;
  for (const auto& key : auth.keys) {
    out.keys.push_back(HmacKey{key.id, {key.bytes.begin(), key.bytes.end()}});
  }
  out.active_key = auth.active_key;
  out.window = auth.time_window;
  out.by_time = auth.by_time;
  return out;
}

}  // namespace hald::vrrp
