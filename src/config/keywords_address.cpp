// SPDX-License-Identifier: Apache-2.0
// Rows of the keyword table: the lines of virtual_ipaddress, virtual_ipaddress_excluded and static_ipaddress.
#include <array>

#include "config/keyword_rows.h"

namespace hald::config::rows {

std::span<const Keyword> virtual_ipaddress() {
  static constexpr std::array kRows{
      positional(
          special("ADDRESS", "IP[/LEN]", 1, kAny, "/32 or /128", "The address, first word of the line.")),
      text("dev", "INTERFACE", "the interface of the instance", "Interface that gets the address."),
      with_code(text("scope", "SCOPE", "global", "global, site, link, host, nowhere or a number; IPv4 only."),
                code::kBadScope),
      with_code(text("brd", "ADDRESS|+|-", "none", "Broadcast address; + sets the host bits, - clears them."),
                code::kBadBroadcast),
      also("broadcast",
           with_code(text("brd", "ADDRESS|+|-", "none", "Long form of brd."), code::kBadBroadcast)),
      with_code(text("label", "LABEL", "none", "Label of an IPv4 address, at most 15 bytes."),
                code::kBadLabel),
      special("peer", "IP[/LEN]", 1, kAny, "none", "Remote end of a point-to-point address."),
      flag("home", "off", "Marks the address as a mobile IPv6 home address."),
      flag("-nodad", "off", "Clears the NODAD flag so that duplicate detection runs."),
      flag("mngtmpaddr", "off", "Lets the kernel derive privacy addresses from it."),
      flag("noprefixroute", "off", "Stops the kernel adding the prefix route."),
      flag("autojoin", "off", "Joins the multicast group of the address."),
      flag("no_track", "off", "Does not react when somebody removes the address."),
      with_limits("0..4294967295", with_unit("s", special("preferred_lft", "SECS|forever", 1, kAny,
                                                          "0 for a /128, else forever",
                                                          "Preferred lifetime of an IPv6 address."))),
      flag("use_vmac", "off", "Puts this one address on a VMAC of its interface.")};
  return kRows;
}

std::span<const Keyword> virtual_ipaddress_excluded() {
  return virtual_ipaddress();
}

std::span<const Keyword> static_ipaddress() {
  static constexpr std::array kRows{
      positional(special("ADDRESS", "IP[/LEN] [options]", 1, kAny, "/32 or /128",
                         "Address installed for the life of the daemon.")),
      text("dev", "IFNAME", "default_interface", "Interface that gets the address."),
      text("scope", "SCOPE", "0", "Address scope."),
      special("brd", "ADDR|+|-", 1, kAny, "none", "Broadcast address."),
      special("broadcast", "ADDR|+|-", 1, kAny, "none", "Long spelling of brd."),
      with_limits("<=15 chars", text("label", "NAME", "none", "Label of the address.")),
      special("peer", "IP[/LEN]", 1, kAny, "none", "Remote end of a point-to-point address."),
      flag("home", "off", "Mobile IPv6 home address flag."),
      flag("-nodad", "", "Lets duplicate detection run."),
      flag("mngtmpaddr", "off", "Template for privacy addresses."),
      flag("noprefixroute", "off", "No prefix route."),
      flag("autojoin", "off", "Multicast auto-join."),
      flag("no_track", "off", "Not restored when removed by others."),
      with_limits("0..4294967295", with_unit("s", special("preferred_lft", "SECS|forever", 1, kAny,
                                                          "as virtual_ipaddress", "Preferred lifetime."))),
      later(with_limits(
          "existing track_group",
          text("track_group", "NAME", "none",
               "Installs the address only while the track group's instances are not in fault.")))};
  return kRows;
}

}  // namespace hald::config::rows
