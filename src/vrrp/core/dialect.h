// SPDX-License-Identifier: Apache-2.0
// What the configuration of an instance means for its packets; the writer and the reader of adverts share it.
#pragma once

#include <vector>

#include "base/ip.h"
#include "config/model.h"
#include "vrrp/core/auth_hmac.h"

namespace hald::vrrp {

/// In file order, those of the instance's family.
[[nodiscard]] std::vector<Address> advertised_addresses(const config::VrrpInstance& settings);
/// Where multicast adverts go: the group of the configuration, or the protocol's own.
[[nodiscard]] Address group_of(const config::VrrpInstance& settings);
[[nodiscard]] HmacSettings hmac_settings(const config::HmacAuth& auth);

}  // namespace hald::vrrp
