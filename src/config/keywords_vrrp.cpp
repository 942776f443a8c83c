// SPDX-License-Identifier: Apache-2.0
// Rows of the keyword table: vrrp_instance and its blocks.
// Meaning, range and default of each word are keepalived's (keepalived.conf(5)). The words at the end of
// a table are not built yet.
#include <array>

#include "config/keyword_rows.h"

namespace hald::config::rows {
namespace {

constexpr std::array<std::string_view, 2> kStates{"BACKUP", "MASTER"};
constexpr std::array<std::string_view, 1> kAuthTypes{"PASS"};

}  // namespace

std::span<const Keyword> vrrp_instance() {
  static constexpr std::array kRows{
      choice(Meaning::State, "state", "MASTER|BACKUP", kStates, code::kBadState,
             "BACKUP, with priority 255 MASTER", "State wanted at the start."),
      text(Meaning::Interface, "interface", "INTERFACE", "", "Where adverts are sent and heard."),
      number(Meaning::VirtualRouterId, "virtual_router_id", {1, 255}, "",
             "Number of the virtual router on its network."),
      number(Meaning::Priority, "priority", {1, 255}, "100, with state MASTER 255",
             "The highest wins; 255 is the owner of the addresses."),
      time(Meaning::AdvertInt, "advert_int", {kSecond / 100, 255 * kSecond}, "1",
           "Time between adverts; whole seconds in version 2, at most 40.95 s in version 3."),
      number(Meaning::Version, "version", {2, 3}, "vrrp_version", "VRRP version."),
      flag(Meaning::Nopreempt, "nopreempt", "off", "A live master of lower priority is left in place."),
      flag(Meaning::Preempt, "preempt", "on", "Takes back nopreempt."),
      time(Meaning::PreemptDelay, "preempt_delay", {0, 1000 * kSecond}, "0",
           "Wait before a master of lower priority is replaced."),
      boolean(Meaning::V3ChecksumAsV2, "v3_checksum_as_v2", "the global v3_checksum_as_v2",
              "VRRPv3 checksums over IPv4 leave out the pseudo-header."),
      seconds(Meaning::GarpMasterDelay, "garp_master_delay", {0, 4294}, "vrrp_garp_master_delay",
              "Pause before the second announcements of a new master; 0: none."),
      number(Meaning::GarpMasterRepeat, "garp_master_repeat", {0, kMaxUint32}, "vrrp_garp_master_repeat",
             "Announcements of each address at a time, as new master."),
      seconds(Meaning::GarpMasterRefresh, "garp_master_refresh", {0, kMaxUint32}, "vrrp_garp_master_refresh",
              "Period of further announcements while master; 0: none."),
      number(Meaning::GarpMasterRefreshRepeat, "garp_master_refresh_repeat", {0, kMaxUint32},
             "vrrp_garp_master_refresh_repeat", "Announcements of each address at a refresh."),
      seconds(Meaning::GarpLowerPrioDelay, "garp_lower_prio_delay", {0, 4294}, "vrrp_garp_lower_prio_delay",
              "Pause before the second announcements after a losing advert; 0: none."),
      number(Meaning::GarpLowerPrioRepeat, "garp_lower_prio_repeat", {0, 2147483647},
             "vrrp_garp_lower_prio_repeat", "Announcements of each address after a losing advert."),
      number(Meaning::DownTimerAdverts, "down_timer_adverts", {1, 100}, "vrrp_down_timer_adverts",
             "Adverts missed before the master counts as dead."),
      boolean(Meaning::LowerPrioNoAdvert, "lower_prio_no_advert", "vrrp_lower_prio_no_advert",
              "As master, a losing advert is not answered."),
      boolean(Meaning::HigherPrioSendAdvert, "higher_prio_send_advert", "vrrp_higher_prio_send_advert",
              "As master, one more advert before yielding."),
      block(Meaning::Authentication, "authentication", BlockId::Authentication,
            "Authentication of VRRP version 2."),
      block(Meaning::VirtualIpaddress, "virtual_ipaddress", BlockId::VirtualIpaddress,
            "Addresses held while master and named in adverts, one in a line."),
      later("use_vmac"),
      later("use_vmac_addr"),
      later("vmac_xmit_base"),
      later("use_ipvlan"),
      later("unicast_peer"),
      later("unicast_fault_no_peer"),
      later("check_unicast_src"),
      later("old_unicast_checksum"),
      later("native_ipv6"),
      later("vrf"),
      later("dont_track_primary"),
      later("track_interface"),
      later("track_script"),
      later("track_file"),
      later("track_process"),
      later("track_bfd"),
      later("mcast_src_ip"),
      later("unicast_src_ip"),
      later("mcast_dst_ip"),
      later("track_src_ip"),
      later("unicast_ttl"),
      later("virtual_ipaddress_excluded"),
      later("no_virtual_ipaddress"),
      later("promote_secondaries"),
      later("linkbeat_use_polling"),
      later("virtual_routes"),
      later("virtual_rules"),
      later("accept"),
      later("no_accept"),
      later("skip_check_adv_addr"),
      later("strict_mode"),
      later("debug"),
      later("notify_backup"),
      later("notify_master"),
      later("notify_fault"),
      later("notify_stop"),
      later("notify_deleted"),
      later("notify"),
      later("notify_master_rx_lower_pri"),
      later("smtp_alert"),
      later("notify_priority_changes"),
      later("lvs_sync_daemon_interface"),
      later("timer_expired_backup"),
      later("thread_timer_expired"),
      later("garp_extra_if"),
      later("vmac_garp_intvl"),
      later("owner_ignore_adverts"),
      later("kernel_rx_buf_size"),
      later("auth_hmac")};
  return kRows;
}

std::span<const Keyword> authentication() {
  static constexpr std::array kRows{
      choice(Meaning::AuthType, "auth_type", "PASS", kAuthTypes, code::kBadAuthType, "",
             "Kind of authentication."),
      text(Meaning::AuthPass, "auth_pass", "PASSWORD", "", "Shared password; 8 bytes count.")};
  return kRows;
}

std::span<const Keyword> virtual_ipaddress() {
  static constexpr std::array kRows{
      text(Meaning::Dev, "dev", "INTERFACE", "the interface of the instance",
           "Interface that gets the address."),
      with_code(text(Meaning::Label, "label", "LABEL", "none", "Label of an IPv4 address, at most 15 bytes."),
                code::kBadLabel),
      with_code(text(Meaning::Scope, "scope", "SCOPE", "global",
                     "global, site, link, host, nowhere or a number; IPv4 only."),
                code::kBadScope),
      with_code(text(Meaning::Broadcast, "brd", "ADDRESS|+|-", "none",
                     "Broadcast address; + sets the host bits, - clears them."),
                code::kBadBroadcast),
      also("broadcast", with_code(text(Meaning::Broadcast, "brd", "ADDRESS|+|-", "none", "Long form of brd."),
                                  code::kBadBroadcast)),
      later("peer", 1),
      later("home"),
      later("-nodad"),
      later("mngtmpaddr"),
      later("noprefixroute"),
      later("autojoin"),
      later("no_track"),
      later("preferred_lft", 1),
      later("use_vmac")};
  return kRows;
}

}  // namespace hald::config::rows
