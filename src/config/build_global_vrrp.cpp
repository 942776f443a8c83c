// SPDX-License-Identifier: Apache-2.0
// global_defs: what concerns virtual routers, and the settings that an instance may have of its own.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "config/build_global.h"
#include "config/codes.h"
#include "config/global_rows.h"
#include "config/line_words.h"

namespace hald::config {
namespace {

void take_version(Values& values, const Node& node, VrrpSettings& into) {
  if (take(values, node, into.version)) into.version_where = node.arguments().front().where();
}

/// A batch of none would be no batch: 0 counts as 1.
void take_repeat(Values& values, const Node& node, std::optional<unsigned>& into) {
  if (!take(values, node, into) || *into > 0) return;
  values.diagnostics().error(node.arguments().front().where(), code::kOutOfRange,
                             fmt::format("{} must be at least 1: 1 is used", quote(node.keyword().name)));
  into = 1;
}

void take_extra_if(Values& values, const Node& node, std::optional<ExtraAnnouncing>& into) {
  ExtraAnnouncing out;
  for (const Word& word : node.arguments()) {
    if (word.text == "all") {
      out.all = true;
      continue;
    }
    const auto seconds = values.number(word, node.keyword());
    if (!seconds) return;
    out.interval = std::chrono::seconds(*seconds);
  }
  if (out.interval == Duration::zero()) {
    report_missing_value(node.words().front(), node.keyword(), "the line is ignored", values);
    return;
  }
  into = out;
}

void put_extra_if(const std::optional<ExtraAnnouncing>& from, const Keyword& keyword, Document& out) {
  if (!from || from->interval == Duration::zero()) return;
  Item item = statement(keyword.name, {from->interval});
  if (from->all) item.values.emplace_back(std::string("all"));
  out.push_back(std::move(item));
}

}  // namespace

const BlockBinding<VrrpSettings>& instance_settings() {
  using S = VrrpSettings;
  static const BlockBinding<VrrpSettings> kBinding(
      BlockId::VrrpInstance,
      {
          {"version", [](S& into, const Node& node, Values& values) { take_version(values, node, into); },
           [](const S& from, const Keyword& keyword, Document& out) { put(from.version, keyword, out); }},
          field<&S::v3_checksum_as_v2>("v3_checksum_as_v2"),
          field<&S::down_timer_adverts>("down_timer_adverts"),
          field<&S::lower_prio_no_advert>("lower_prio_no_advert"),
          field<&S::higher_prio_send_advert>("higher_prio_send_advert"),
          field<&S::garp_master_delay>("garp_master_delay"),
          field_by<take_repeat, &S::garp_master_repeat>("garp_master_repeat"),
          field<&S::garp_master_refresh>("garp_master_refresh"),
          field_by<take_repeat, &S::garp_master_refresh_repeat>("garp_master_refresh_repeat"),
          field<&S::garp_lower_prio_delay>("garp_lower_prio_delay"),
          field<&S::garp_lower_prio_repeat>("garp_lower_prio_repeat"),
          field_with<take_extra_if, put_extra_if, &S::garp_extra_if>("garp_extra_if"),
          alias_by<take_extra_if, &S::garp_extra_if>("vmac_garp_intvl"),
          field<&S::strict>("strict_mode"),
          field<&S::skip_check_adv_addr>("skip_check_adv_addr"),
          field<&S::check_unicast_src>("check_unicast_src"),
          field<&S::owner_ignore_adverts>("owner_ignore_adverts"),
          field<&S::notify_priority_changes>("notify_priority_changes"),
          field<&S::smtp_alert>("smtp_alert"),
      });
  return kBinding;
}

namespace global_rows {
namespace {

/// What keepalived calls its table unless it is told otherwise.
constexpr std::string_view kDefaultTable = "keepalived";

void take_mcast_group(Values& values, const Node& node, Family family, Address& into) {
  const Word& word = node.arguments().front();
  const auto address = values.loose_address(word, "the line is ignored");
  if (!address) return;
  if (address->family() != family || !address->is_multicast()) {
    values.diagnostics().error(
        word.where(), code::kBadGroup,
        fmt::format("{} is no {} multicast group: the line is ignored", quote(word.text), to_string(family)));
    return;
  }
  constexpr std::uint8_t kLinkLocalScope = 2;
  if (family == Family::IPv6 && (address->bytes()[1] & 0x0fU) != kLinkLocalScope) {
    values.diagnostics()
        .warning(word.where(), code::kBadGroup,
                 fmt::format("adverts stay on their link, and {} is no group of a link", quote(word.text)),
                 "a group of a link begins with ff02:")
        .as_keepalived();
  }
  into = *address;
}

void take_group4(Values& values, const Node& node, Address& into) {
  take_mcast_group(values, node, Family::IPv4, into);
}

void take_group6(Values& values, const Node& node, Address& into) {
  take_mcast_group(values, node, Family::IPv6, into);
}

void take_dynamic_interfaces(Global& global, const Node& node, Values& values) {
  global.dynamic_interfaces = true;
  if (node.arguments().empty()) return;
  const Word& word = node.arguments().front();
  if (word.text == "allow_if_changes") {
    global.allow_if_changes = true;
  } else {
    report_unknown_option(word, quote(node.keyword().name), block_of(BlockId::DynamicInterfaces),
                          "it is ignored", values);
  }
}

void put_dynamic_interfaces(const Global& global, const Keyword& keyword, Document& out) {
  if (!global.dynamic_interfaces) return;
  Item item = statement(keyword.name, {});
  item.inside.push_back(flag_item("allow_if_changes", global.allow_if_changes));
  out.push_back(std::move(item));
}

void use_nftables_instead(Global& global, const Node& node, Values& values) {
  values.diagnostics()
      .warning(node.where(), code::kReplacedWord,
               fmt::format("{} is taken for `nftables`: iptables is not used", quote(node.keyword().name)),
               "write `nftables`")
      .as_keepalived();
  global.nftables = kDefaultTable;
  global.nftables_priority = -1;
}

void ignore_ipsets(Global&, const Node& node, Values& values) {
  values.diagnostics()
      .warning(node.where(), code::kReplacedWord,
               "`vrrp_ipsets` is ignored: nftables has sets of its own, and iptables is not used")
      .as_keepalived();
}

bool same_policy(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return std::toupper(static_cast<unsigned char>(x)) == y; });
}

void take_buffer_policy(Values& values, const Node& node, AdvertBuffers& into) {
  using Policy = AdvertBuffers::Policy;
  std::optional<Policy> named;
  std::optional<std::uint32_t> bytes;
  for (const Word& word : node.arguments()) {
    const bool mtu = same_policy(word.text, "MTU");
    if (mtu || same_policy(word.text, "ADVERT")) {
      if (named && (*named == Policy::Mtu) != mtu) {
        values.diagnostics().error(word.where(), code::kContradiction,
                                   "buffers are sized by MTU or by ADVERT, not by both: MTU is used");
      }
      named = mtu || named == Policy::Mtu ? Policy::Mtu : Policy::Advert;
    } else if (const auto number = values.number(word, node.keyword())) {
      bytes = static_cast<std::uint32_t>(*number);
    }
  }
  if (bytes && named) {
    values.diagnostics().error(node.where(), code::kContradiction,
                               "buffers have a size or follow a policy, not both: the size is used");
  }
  if (bytes) {
    into.policy = Policy::Size;
    into.bytes = *bytes;
  } else if (named) {
    into.policy = *named;
    into.bytes = 0;
  }
}

void put_buffer_policy(const AdvertBuffers& from, const Keyword& keyword, Document& out) {
  switch (from.policy) {
    case AdvertBuffers::Policy::Kernel: return;
    case AdvertBuffers::Policy::Mtu: out.push_back(statement(keyword.name, {std::string("MTU")})); return;
    case AdvertBuffers::Policy::Advert:
      out.push_back(statement(keyword.name, {std::string("ADVERT")}));
      return;
    case AdvertBuffers::Policy::Size:
      out.push_back(statement(keyword.name, {static_cast<std::int64_t>(from.bytes)}));
      return;
  }
}

void take_multiplier(Values& values, const Node& node, AdvertBuffers& into) {
  if (has_one_value(node, values)) take(values, node, into.multiplier);
}

void put_multiplier(const AdvertBuffers& from, const Keyword& keyword, Document& out) {
  put(from.multiplier, keyword, out);
}

/// The longest counts.
void take_longest(Values& values, const Node& node, std::optional<Duration>& into) {
  Duration value{};
  if (take(values, node, value)) into = std::max(value, into.value_or(Duration::zero()));
}

/// compat: 0 changes nothing, so the kernel's size stays.
void take_bytes(Values& values, const Node& node, std::uint32_t& into) {
  std::uint32_t value = 0;
  if (take(values, node, value) && value > 0) into = value;
}

void put_bytes(std::uint32_t from, const Keyword& keyword, Document& out) {
  if (from > 0) put(from, keyword, out);
}

Rows settings() {
  using S = VrrpSettings;
  return {
      {"vrrp_version",
       [](Global& into, const Node& node, Values& values) { take_version(values, node, into.vrrp); },
       [](const Global& from, const Keyword& keyword, Document& out) {
         put(from.vrrp.version, keyword, out);
       }},
      field<&Global::vrrp, &S::v3_checksum_as_v2>("v3_checksum_as_v2"),
      field<&Global::vrrp, &S::down_timer_adverts>("vrrp_down_timer_adverts"),
      field<&Global::vrrp, &S::lower_prio_no_advert>("vrrp_lower_prio_no_advert"),
      field<&Global::vrrp, &S::higher_prio_send_advert>("vrrp_higher_prio_send_advert"),
      field<&Global::min_garp>("vrrp_min_garp"),
      field<&Global::vrrp, &S::garp_master_delay>("vrrp_garp_master_delay"),
      field_by<take_repeat, &Global::vrrp, &S::garp_master_repeat>("vrrp_garp_master_repeat"),
      field<&Global::vrrp, &S::garp_master_refresh>("vrrp_garp_master_refresh"),
      field_by<take_repeat, &Global::vrrp, &S::garp_master_refresh_repeat>("vrrp_garp_master_refresh_repeat"),
      field<&Global::vrrp, &S::garp_lower_prio_delay>("vrrp_garp_lower_prio_delay"),
      field<&Global::vrrp, &S::garp_lower_prio_repeat>("vrrp_garp_lower_prio_repeat"),
      field_with<take_extra_if, put_extra_if, &Global::vrrp, &S::garp_extra_if>("vrrp_garp_extra_if"),
      alias_by<take_extra_if, &Global::vrrp, &S::garp_extra_if>("vrrp_vmac_garp_intvl"),
      field<&Global::vrrp, &S::strict>("vrrp_strict"),
      field<&Global::vrrp, &S::skip_check_adv_addr>("vrrp_skip_check_adv_addr"),
      field<&Global::vrrp, &S::check_unicast_src>("vrrp_check_unicast_src"),
      field<&Global::vrrp, &S::owner_ignore_adverts>("vrrp_owner_ignore_adverts"),
      field<&Global::vrrp, &S::notify_priority_changes>("vrrp_notify_priority_changes"),
  };
}

Rows buffers() {
  using B = ReceiveBuffer;
  return {
      field_with<take_bytes, put_bytes, &Global::vrrp_netlink_command, &B::bytes>(
          "vrrp_netlink_cmd_rcv_bufs"),
      field<&Global::vrrp_netlink_command, &B::force>("vrrp_netlink_cmd_rcv_bufs_force"),
      field_with<take_bytes, put_bytes, &Global::vrrp_netlink_monitor, &B::bytes>(
          "vrrp_netlink_monitor_rcv_bufs"),
      field<&Global::vrrp_netlink_monitor, &B::force>("vrrp_netlink_monitor_rcv_bufs_force"),
      field_with<take_bytes, put_bytes, &Global::process_monitor, &B::bytes>("process_monitor_rcv_bufs"),
      field<&Global::process_monitor, &B::force>("process_monitor_rcv_bufs_force"),
      field_with<take_bytes, put_bytes, &Global::lvs_netlink_command, &B::bytes>("lvs_netlink_cmd_rcv_bufs"),
      field<&Global::lvs_netlink_command, &B::force>("lvs_netlink_cmd_rcv_bufs_force"),
      field_with<take_bytes, put_bytes, &Global::lvs_netlink_monitor, &B::bytes>(
          "lvs_netlink_monitor_rcv_bufs"),
      field<&Global::lvs_netlink_monitor, &B::force>("lvs_netlink_monitor_rcv_bufs_force"),
      field_with<take_buffer_policy, put_buffer_policy, &Global::advert_buffers>("vrrp_rx_bufs_policy"),
      field_with<take_multiplier, put_multiplier, &Global::advert_buffers>("vrrp_rx_bufs_multiplier"),
  };
}

}  // namespace

Rows vrrp() {
  Rows out{
      {"dynamic_interfaces", take_dynamic_interfaces, put_dynamic_interfaces},
      field<&Global::default_interface>("default_interface"),
      field<&Global::disable_local_igmp>("disable_local_igmp"),
      field_by<take_group4, &Global::mcast_group4>("vrrp_mcast_group4"),
      field_by<take_group6, &Global::mcast_group6>("vrrp_mcast_group6"),
      field<&Global::garp_interval>("vrrp_garp_interval"),
      field<&Global::gna_interval>("vrrp_gna_interval"),
      action<Global>("vrrp_iptables", use_nftables_instead),
      action<Global>("vrrp_ipsets", ignore_ipsets),
      field<&Global::fifo_write_vrrp_states_on_reload>("fifo_write_vrrp_states_on_reload"),
      field_by<take_longest, &Global::startup_delay>("vrrp_startup_delay"),
      field_by<take_longest, &Global::delay_after_boot>("vrrp_delay_after_boot"),
      field<&Global::log_unknown_vrids>("log_unknown_vrids"),
      field<&Global::vmac_prefix>("vmac_prefix"),
      field<&Global::vmac_addr_prefix>("vmac_addr_prefix"),
  };
  const Rows pairs = settings();
  const Rows sizes = buffers();
  out.insert(out.end(), pairs.begin(), pairs.end());
  out.insert(out.end(), sizes.begin(), sizes.end());
  return out;
}

}  // namespace global_rows
}  // namespace hald::config
