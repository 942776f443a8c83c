// SPDX-License-Identifier: Apache-2.0
// Rows of the keyword table: vrrp_instance, its blocks and the options of its words, vrrp_sync_group, and the
// blocks about interfaces.
#include <array>

#include "config/keyword_rows.h"

namespace hald::config::rows {
namespace {

constexpr std::array<std::string_view, 2> kStates{"BACKUP", "MASTER"};
constexpr std::array<std::string_view, 2> kAuthTypes{"PASS", "AH"};
constexpr std::array<std::string_view, 2> kAntiReplay{"time", "monotonic"};
constexpr std::array<std::string_view, 3> kMode{"enforce", "permissive", "receive-only"};

constexpr Keyword extra_if() {
  return with_arguments(number("garp_extra_if", "", {0, 86400}, "vrrp_garp_extra_if",
                               "Period of announcements on further interfaces used by VMAC addresses."),
                        "[all] SECS", 1, kAny);
}

/// The first one counts.
constexpr Keyword script(std::string_view name, std::string_view help) {
  return once(command(name, "CMD [USER [GROUP]]", 1, "none", help));
}

constexpr Keyword timer_expired_backup() {
  return with_arguments(number("timer_expired_backup", "", {1, 254}, "off; 254 when bare",
                               "Returns to backup once when adverts could not be sent in time, assuming PRIO "
                               "as the highest rival."),
                        "[PRIO]", 0, 1);
}

}  // namespace

std::span<const Keyword> vrrp_instance() {
  static constexpr std::array kRows{
      options(BlockId::UseVmac,
              special("use_vmac", "[[name] IFNAME] [MAC] [netlink_notify_msg] [group GROUP]", 0, kAny, "off",
                      "Runs the router on a macvlan with the virtual MAC.")),
      flag("use_vmac_addr", "off", "Uses a VMAC for addresses placed on other interfaces."),
      flag("vmac_xmit_base", "off", "Sends adverts from the parent interface rather than the VMAC."),
      options(BlockId::UseIpvlan,
              special("use_ipvlan", "[bridge|private|vepa] [group GROUP] [[name] IFNAME] [ADDR]", 0, kAny,
                      "off; bridge", "Runs the router on an ipvlan interface.")),
      block("unicast_peer", BlockId::UnicastPeer, "Sends adverts to each listed host instead of multicast."),
      flag("unicast_fault_no_peer", "off", "Puts a unicast instance without peers into fault."),
      flag("check_unicast_src", "vrrp_check_unicast_src",
           "Accepts unicast adverts only from configured peers."),
      options(BlockId::OldUnicastChecksum, special("old_unicast_checksum", "[never]", 0, kAny, "automatic",
                                                   "Handles the pre-1.3.6 unicast VRRPv3 checksum.")),
      flag("native_ipv6", "off", "Forces an IPv6 instance when no address tells the family."),
      choice("state", "MASTER|BACKUP", kStates, code::kBadState, "BACKUP, with priority 255 MASTER",
             "State wanted at the start."),
      text("interface", "INTERFACE", "", "Where adverts are sent and heard."),
      text("vrf", "IFNAME", "none", "VRF used when no interface is named."),
      flag("dont_track_primary", "off", "Keeps the state when the instance's own interface goes down."),
      block("track_interface", BlockId::TrackInterface,
            "Further interfaces whose loss changes priority or faults."),
      block("track_script", BlockId::TrackScript, "Scripts whose result changes priority or faults."),
      block("track_file", BlockId::TrackFileLines, "Files whose number changes priority or faults."),
      block("track_process", BlockId::TrackProcess, "Processes whose presence changes priority or faults."),
      later(block("track_bfd", BlockId::TrackBfd, "BFD sessions whose loss changes priority or faults.")),
      address("mcast_src_ip", "first address of the interface", "Source address of multicast adverts."),
      address("unicast_src_ip", "first address of the interface", "Source address of unicast adverts."),
      with_limits("IPv4 multicast or IPv6 link-local multicast",
                  address("mcast_dst_ip", "vrrp_mcast_group4/6", "Destination group of this instance.")),
      flag("track_src_ip", "off", "Faults when the configured source address disappears."),
      number("virtual_router_id", "N", {1, 255}, "", "Number of the virtual router on its network."),
      number("unicast_ttl", "TTL", {0, 255}, "255 (IPv4), kernel (IPv6)", "TTL of unicast adverts."),
      number("version", "N", {2, 3}, "vrrp_version", "VRRP version."),
      number("priority", "N", {1, 255}, "100, with state MASTER 255",
             "The highest wins; 255 is the owner of the addresses."),
      time("advert_int", {kSecond / 100, 255 * kSecond}, "1",
           "Time between adverts; whole seconds in version 2, at most 40.95 s in version 3."),
      block("virtual_ipaddress", BlockId::VirtualIpaddress,
            "Addresses held while master and named in adverts, one in a line."),
      block("virtual_ipaddress_excluded", BlockId::VirtualIpaddressExcluded,
            "Addresses held while master but left out of adverts."),
      flag("no_virtual_ipaddress", "off", "Permits an instance without any address."),
      flag("promote_secondaries", "off", "Sets the promote_secondaries sysctl of the interface."),
      later(flag("linkbeat_use_polling", "off", "Polls the link of this instance's interface.")),
      boolean("v3_checksum_as_v2", "the global v3_checksum_as_v2",
              "VRRPv3 checksums over IPv4 leave out the pseudo-header."),
      block("virtual_routes", BlockId::VirtualRoutes, "Routes installed while master."),
      block("virtual_rules", BlockId::VirtualRules, "Policy rules installed while master."),
      flag("accept", "on (off in strict mode)", "Accepts packets addressed to the virtual addresses."),
      flag("no_accept", "off", "Drops packets addressed to the virtual addresses unless owner."),
      boolean("skip_check_adv_addr", "vrrp_skip_check_adv_addr",
              "Compares the advert's address list only when the sender changes."),
      boolean("strict_mode", "vrrp_strict", "Enforces RFC conformance for this instance."),
      flag("preempt", "on", "Takes back nopreempt."),
      flag("nopreempt", "off", "A live master of lower priority is left in place."),
      time("preempt_delay", {0, 1000 * kSecond}, "0", "Wait before a master of lower priority is replaced."),
      needless("log entries tell what instances do, -D tells more",
               number("debug", "LEVEL", {0, 4}, "0", "Debug level of the instance.")),
      script("notify_backup", "Runs on turning backup."),
      script("notify_master", "Runs on turning master."),
      script("notify_fault", "Runs on entering fault."),
      script("notify_stop", "Runs when the daemon stops."),
      once(command(
          "notify_deleted", "[CMD [USER [GROUP]]]", 0, "off",
          "Reports DELETED instead of FAULT when a reload removes the instance, and runs the command.")),
      script("notify", "Runs on every state change with type, name, state and priority appended."),
      script("notify_master_rx_lower_pri", "Runs when, as master, a lower-priority advert arrives."),
      boolean("smtp_alert", "global smtp_alert_vrrp/smtp_alert, else false", "Mails state changes."),
      boolean("notify_priority_changes", "sync group's value, else vrrp_notify_priority_changes",
              "Writes priority changes to the FIFOs."),
      text("lvs_sync_daemon_interface", "IFNAME", "none", "Per-instance form of lvs_sync_daemon."),
      seconds("garp_master_delay", {0, 4294}, "vrrp_garp_master_delay",
              "Pause before the second announcements of a new master; 0: none."),
      seconds("garp_master_refresh", {0, kMaxUint32}, "vrrp_garp_master_refresh",
              "Period of further announcements while master; 0: none."),
      number("garp_master_repeat", "N", {0, kMaxUint32}, "vrrp_garp_master_repeat",
             "Announcements of each address at a time, as new master."),
      number("garp_master_refresh_repeat", "N", {0, kMaxUint32}, "vrrp_garp_master_refresh_repeat",
             "Announcements of each address at a refresh."),
      seconds("garp_lower_prio_delay", {0, 4294}, "vrrp_garp_lower_prio_delay",
              "Pause before the second announcements after a losing advert; 0: none."),
      number("garp_lower_prio_repeat", "N", {0, 2147483647}, "vrrp_garp_lower_prio_repeat",
             "Announcements of each address after a losing advert."),
      number("down_timer_adverts", "N", {1, 100}, "vrrp_down_timer_adverts",
             "Adverts missed before the master counts as dead."),
      timer_expired_backup(),
      formerly_reported("thread_timer_expired", timer_expired_backup()),
      options(BlockId::GarpExtraIf, extra_if()),
      formerly_reported("vmac_garp_intvl", options(BlockId::GarpExtraIf, extra_if())),
      boolean("lower_prio_no_advert", "vrrp_lower_prio_no_advert",
              "As master, a losing advert is not answered."),
      boolean("higher_prio_send_advert", "vrrp_higher_prio_send_advert",
              "As master, one more advert before yielding."),
      boolean("owner_ignore_adverts", "vrrp_owner_ignore_adverts", "Discards adverts while priority is 255."),
      needless("hald gives its sockets for adverts room for a thousand of them",
               with_unit("byte", with_arguments(
                                     number("kernel_rx_buf_size", "", {0, kMaxUint32}, "vrrp_rx_bufs_policy",
                                            "Receive socket buffer for this instance."),
                                     "BYTES", 1, kAny))),
      block("authentication", BlockId::Authentication, "Authentication of VRRP version 2."),
      block("auth_hmac", BlockId::AuthHmac, "Appends and checks an HMAC trailer on adverts.")};
  return kRows;
}

std::span<const Keyword> authentication() {
  static constexpr std::array kRows{
      choice("auth_type", "PASS|AH", kAuthTypes, code::kBadAuthType, "", "Kind of authentication."),
      text("auth_pass", "PASSWORD", "", "Shared password; 8 bytes count.")};
  return kRows;
}

std::span<const Keyword> auth_hmac() {
  static constexpr std::array kRows{
      with_limits("ID 1..255; key 32..64 bytes",
                  special("key", "ID VALUE|hex:HEX|file:PATH", 1, kAny, "none",
                          "Adds a key; the file form holds the same syntax as an inline value.")),
      number("active_key", "ID", {1, 255}, "none", "Key that signs outgoing adverts."),
      seconds("time_window", {1, 300}, "3*advert_int, at least 5, at most 300",
              "Clock difference tolerated."),
      choice("anti_replay", "time|monotonic", kAntiReplay, code::kBadChoice, "time",
             "How freshness is judged."),
      choice("mode", "enforce|permissive|receive-only", kMode, code::kBadChoice, "enforce",
             "What happens to adverts without or with a bad trailer."),
      positional(text("hex:", "HEXDIGITS", "", "Key prefix: raw bytes in hexadecimal.")),
      positional(text("file:", "PATH", "", "Key prefix: read the key from a file."))};
  return kRows;
}

std::span<const Keyword> use_vmac() {
  static constexpr std::array kRows{
      positional(flag("IFNAME", "vrrp.VRID", "Name of the macvlan.")),
      text("name", "IFNAME", "", "Introduces the interface name explicitly."),
      positional(
          with_limits("unicast, not RFC 5798 range",
                      special("MAC", "aa:bb:cc:dd:ee[:ff]", 1, kAny,
                              "00:00:5e:00:01:VRID (v6 00:00:5e:00:02:VRID)", "Custom MAC of the macvlan."))),
      flag("netlink_notify_msg", "off", "Sends an extra link message after creating the macvlan."),
      text("group", "GROUP", "0", "Interface group of the macvlan.")};
  return kRows;
}

std::span<const Keyword> use_ipvlan() {
  static constexpr std::array kRows{
      flag("bridge", "on", "Bridge mode of the ipvlan."),
      flag("private", "off", "Private mode of the ipvlan."),
      flag("vepa", "off", "VEPA mode of the ipvlan."),
      text("group", "GROUP", "0", "Interface group of the ipvlan."),
      text("name", "IFNAME", "", "Introduces the interface name explicitly."),
      positional(flag("IFNAME", "vrrp.VRID (same scheme as use_vmac)", "Name of the ipvlan.")),
      positional(
          special("ADDR", "IP[/LEN]", 1, kAny, "none", "Address put on the ipvlan, also used as source."))};
  return kRows;
}

std::span<const Keyword> unicast_peer() {
  static constexpr std::array kRows{
      positional(flag("ADDR", "", "One peer, with its optional TTL bounds.")),
      number("min_ttl", "TTL", {0, 255}, "0", "Lowest TTL accepted from this peer."),
      number("max_ttl", "TTL", {0, 255}, "255", "Highest TTL accepted from this peer.")};
  return kRows;
}

std::span<const Keyword> old_unicast_checksum() {
  static constexpr std::array kRows{flag("never", "", "Never falls back to the old checksum.")};
  return kRows;
}

std::span<const Keyword> garp_extra_if() {
  static constexpr std::array kRows{flag("all", "off", "Includes non-VMAC addresses on further interfaces.")};
  return kRows;
}

std::span<const Keyword> vrrp_sync_group() {
  static constexpr std::array kRows{
      once(block("group", BlockId::SyncGroupMembers, "Members of the group.")),
      block("track_interface", BlockId::TrackInterface, "Interfaces tracked for every member."),
      block("track_script", BlockId::TrackScript, "Scripts tracked for every member."),
      block("track_file", BlockId::TrackFileLines, "Files tracked for every member."),
      block("track_process", BlockId::TrackProcess, "Processes tracked for every member."),
      later(block("track_bfd", BlockId::TrackBfd, "BFD sessions tracked for every member.")),
      script("notify_backup", "Runs when the group turns backup."),
      script("notify_master", "Runs when the group turns master."),
      script("notify_fault", "Runs when the group enters fault."),
      script("notify_stop", "Runs when the daemon stops."),
      script("notify", "Runs on every state change with type, name, state and priority appended."),
      boolean("smtp_alert", "global smtp_alert_vrrp/smtp_alert, else false", "Mails group state changes."),
      flag("global_tracking", "off", "Older form of sync_group_tracking_weight."),
      flag("sync_group_tracking_weight", "off", "Permits differing tracker weights among members."),
      boolean("notify_priority_changes", "vrrp_notify_priority_changes",
              "Writes members' priority changes to the FIFOs.")};
  return kRows;
}

std::span<const Keyword> sync_group_members() {
  static constexpr std::array kRows{positional(flag("INSTANCE", "", "Name of one member."))};
  return kRows;
}

std::span<const Keyword> garp_group() {
  static constexpr std::array kRows{
      time("garp_interval", {0, 4294967295}, "unset", "Gap between ARP messages on the group's interfaces."),
      time("gna_interval", {0, 4294967295}, "unset",
           "Gap between neighbour advertisements on the group's interfaces."),
      text("interface", "IFNAME", "", "Single interface in the group."),
      block("interfaces", BlockId::GarpGroupInterfaces, "Interfaces sharing one pacing budget.")};
  return kRows;
}

std::span<const Keyword> interface_names() {
  static constexpr std::array kRows{
      positional(text("IFNAME", "IFNAME", "", "An interface that keeps this pace."))};
  return kRows;
}

std::span<const Keyword> linkbeat_interfaces() {
  static constexpr std::array kRows{later(positional(
      with_limits("upper case", special("IFNAME", "[MII|ETHTOOL|IOCTL]", 0, kAny, "first method that works",
                                        "Interface to poll and the method."))))};
  return kRows;
}

std::span<const Keyword> interface_up_down_delays() {
  static constexpr std::array kRows{
      positional(special("IFNAME", "DOWN [UP]", 1, 2, "", "Interface whose changes must last.")),
      positional(time("DOWN", {0, 255 * kSecond}, "", "Time it must stay down before that counts.")),
      positional(time("UP", {0, 255 * kSecond}, "0", "Time it must stay up before that counts."))};
  return kRows;
}

}  // namespace hald::config::rows
