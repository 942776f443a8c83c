// SPDX-License-Identifier: Apache-2.0
// vmac_sysctls: which kernel parameters a virtual interface needs. Pure. Without them the kernel answers ARP
// for the virtual addresses with the wrong hardware address, drops the adverts of others as spoofed, or takes
// secondary addresses along with the first.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/ip.h"
#include "net/sysctls.h"

namespace hald::net {

struct VirtualLinkNeeds {
  std::string link;
  std::string base;  ///< empty: in another network namespace
  Family family = Family::IPv4;
  bool macvlan = true;  ///< or ipvlan, which shares its base's hardware address
  bool ipv6 = false;    ///< it is to have IPv6 addresses
};

/// For the link, and for the link below it.
[[nodiscard]] std::vector<SysctlWish> virtual_link_sysctls(const VirtualLinkNeeds& needs);

/// So that the addresses of `link` survive the removal of the first.
[[nodiscard]] SysctlWish promote_secondaries(const std::string& link);
/// The kernel tells no router of memberships in groups of the link, such as that of VRRP.
[[nodiscard]] SysctlWish no_link_local_igmp();

/// net.ipv4.conf.*.rp_filter as read.
struct ReversePathFilters {
  int all = 0;
  int fresh = 0;  ///< "default"
  std::map<std::string, int> links;
};
[[nodiscard]] ReversePathFilters read_rp_filters(const Sysctls& sysctls,
                                                 const std::vector<std::string>& links);

/// A virtual MAC interface must have no reverse-path filter, but the kernel applies the stricter of its own
/// and "all". So the value of "all" moves to every interface that has a weaker one, and to those to come,
/// before it is cleared: nothing changes for any of them. `remembered` tells what a predecessor did of that
/// already.
[[nodiscard]] std::vector<SysctlWish> rp_filter_sysctls(ReversePathFilters now,
                                                        std::span<const RememberedSysctl> remembered);

}  // namespace hald::net
