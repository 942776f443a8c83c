// SPDX-License-Identifier: Apache-2.0
#include "net/vmac_sysctls.h"

#include <cstdlib>

#include <fmt/format.h>

namespace hald::net {
namespace {

std::string path_of(const std::string& link, const char* name, int version = 4) {
  return fmt::format("net/ipv{}/conf/{}/{}", version, link, name);
}

int number(const Sysctls& sysctls, const std::string& link) {
  const auto text = sysctls.read(path_of(link, "rp_filter"));
  return text ? std::atoi(text->c_str()) : 0;
}

}  // namespace

std::vector<SysctlWish> virtual_link_sysctls(const VirtualLinkNeeds& needs) {
  std::vector<SysctlWish> out;
  const auto own = [&](const char* name, const char* value) {
    out.push_back({path_of(needs.link, name), value, needs.link, true});
  };
  const auto below = [&](const char* name, const char* value) {
    out.push_back({path_of(needs.base, name), value, needs.base});
  };
  if (needs.macvlan) own("arp_ignore", "1");
  if (needs.macvlan && needs.family == Family::IPv4) {
    own("accept_local", "1");
    own("rp_filter", "0");
    own("promote_secondaries", "1");
    if (!needs.base.empty()) {
      below("arp_ignore", "1");
      below("arp_filter", "1");
    }
  }
  // A BACKUP that asks for routers teaches the switches that the virtual MAC is its own.
  if (needs.ipv6)
    out.push_back({path_of(needs.link, "router_solicitations", 6), "0", needs.link, true, true});
  out.push_back({path_of(needs.link, "disable_ipv6", 6), needs.ipv6 ? "0" : "1", needs.link, true, true});
  return out;
}

SysctlWish promote_secondaries(const std::string& link) {
  return {path_of(link, "promote_secondaries"), "1", link};
}

SysctlWish no_link_local_igmp() {
  return {"net/ipv4/igmp_link_local_mcast_reports", "0"};
}

ReversePathFilters read_rp_filters(const Sysctls& sysctls, const std::vector<std::string>& links) {
  ReversePathFilters out;
  out.all = number(sysctls, "all");
  out.fresh = number(sysctls, "default");
  for (const auto& link : links) out.links[link] = number(sysctls, link);
  return out;
}

std::vector<SysctlWish> rp_filter_sysctls(ReversePathFilters now,
                                          std::span<const RememberedSysctl> remembered) {
  for (const auto& one : remembered) {
    const int before = std::atoi(one.before.c_str());
    if (one.path == path_of("all", "rp_filter")) now.all = before;
    if (one.path == path_of("default", "rp_filter")) now.fresh = before;
    if (const auto link = now.links.find(one.link);
        link != now.links.end() && one.path == path_of(one.link, "rp_filter"))
      link->second = before;
  }
  std::vector<SysctlWish> out;
  if (now.all == 0) return out;
  const auto value = std::to_string(now.all);
  if (now.fresh < now.all) out.push_back({path_of("default", "rp_filter"), value});
  for (const auto& [link, own] : now.links) {
    if (own < now.all) out.push_back({path_of(link, "rp_filter"), value, link});
  }
  out.push_back({path_of("all", "rp_filter"), "0"});
  return out;
}

}  // namespace hald::net
