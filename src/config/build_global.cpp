// SPDX-License-Identifier: Apache-2.0
#include "config/build_global.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/global_rows.h"

namespace hald::config {
namespace {

using global_rows::Rows;

void take_namespace(Values&, const Node& node, std::optional<std::string>& into) {
  into = node.arguments().empty() ? std::string{} : std::string(node.arguments().front().text);
}

void put_namespace(const std::optional<std::string>& from, const Keyword& keyword, Document& out) {
  if (!from) return;
  Item item = statement(keyword.name, {});
  if (!from->empty()) item.values.emplace_back(*from);
  out.push_back(std::move(item));
}

const BlockBinding<Global>& root_words() {
  static const BlockBinding<Global> kBinding(
      BlockId::Root,
      {
          field<&Global::linkbeat_use_polling>("linkbeat_use_polling"),
          field<&Global::net_namespace>("net_namespace"),
          field_with<take_namespace, put_namespace, &Global::net_namespace_ipvs>("net_namespace_ipvs"),
          field<&Global::namespace_with_ipsets>("namespace_with_ipsets"),
          field<&Global::use_pid_dir>("use_pid_dir"),
          field<&Global::instance>("instance"),
          field<&Global::child_wait_time>("child_wait_time"),
      });
  return kBinding;
}

Rows all_rows() {
  Rows out;
  for (const Rows& each :
       {global_rows::daemon(), global_rows::mail(), global_rows::scripts(), global_rows::processes(),
        global_rows::vrrp(), global_rows::lvs(), global_rows::monitoring()}) {
    out.insert(out.end(), each.begin(), each.end());
  }
  return out;
}

const BlockBinding<Global>& words() {
  static const BlockBinding<Global> kBinding(BlockId::GlobalDefs, all_rows());
  return kBinding;
}

template <typename T>
void fill(std::optional<T>& member, const T& value) {
  if (!member) member = value;
}

/// An empty name is none: the default holds.
void restore_empty(Global& global) {
  const Global usual;
  for (const auto member : {&Global::default_interface, &Global::vmac_prefix}) {
    if ((global.*member).empty()) global.*member = usual.*member;
  }
  if (global.dbus.service_name.empty()) global.dbus.service_name = usual.dbus.service_name;
}

/// What holds for instances that say nothing themselves.
void complete(VrrpSettings& settings, bool min_garp) {
  fill(settings.version, std::uint8_t{2});
  fill(settings.v3_checksum_as_v2, false);
  fill(settings.down_timer_adverts, 3U);
  fill(settings.lower_prio_no_advert, false);
  fill(settings.higher_prio_send_advert, false);
  const Announcing usual;
  fill(settings.garp_master_delay, min_garp ? Duration::zero() : usual.master_delay);
  fill(settings.garp_master_repeat, min_garp ? 1U : usual.master_repeat);
  fill(settings.garp_master_refresh, usual.master_refresh);
  fill(settings.garp_master_refresh_repeat, usual.master_refresh_repeat);
  fill(settings.garp_lower_prio_delay, *settings.garp_master_delay);
  fill(settings.garp_lower_prio_repeat, *settings.garp_master_repeat);
  fill(settings.garp_extra_if, ExtraAnnouncing{});
  fill(settings.strict, false);
  fill(settings.skip_check_adv_addr, false);
  fill(settings.check_unicast_src, false);
  fill(settings.owner_ignore_adverts, false);
  fill(settings.notify_priority_changes, false);
}

}  // namespace

GlobalBuilder::GlobalBuilder()
    : root_repeats_(block_of(BlockId::Root).words.size()),
      repeats_(block_of(BlockId::GlobalDefs).words.size()) {}

bool GlobalBuilder::read_root(const Node& node, Values& values) {
  return root_words().read_one(out_, node, values, root_repeats_);
}

void GlobalBuilder::read(const Node& block, Values& values) {
  words().read(out_, block, values, repeats_);
}

Global GlobalBuilder::finish(const Host& host, Diagnostics&) {
  restore_empty(out_);
  if (out_.router_id.empty()) out_.router_id = host.name;
  if (out_.mail.server) {
    if (out_.mail.from.empty()) out_.mail.from = host.user + '@' + host.name;
    if (out_.mail.helo.empty()) out_.mail.helo = host.name;
  }
  // compat: instances of the daemon that share a machine keep their pid files apart.
  if (!out_.net_namespace.empty() || !out_.instance.empty()) out_.use_pid_dir = true;
  complete(out_.vrrp, out_.min_garp);
  out_.vrrp.smtp_alert = out_.smtp_alert_vrrp ? out_.smtp_alert_vrrp : out_.smtp_alert;
  if (out_.vmac_addr_prefix.empty()) out_.vmac_addr_prefix = out_.vmac_prefix;
  fill(out_.snmp.rs_stats_interval, out_.snmp.vs_stats_interval);
  return std::move(out_);
}

void settle_sync_daemon(Config& config, Diagnostics& diagnostics) {
  auto& daemon = config.global.lvs_sync_daemon;
  if (!daemon) return;
  if (daemon->instance.empty()) {
    fill(daemon->id, std::uint8_t{0});
    return;
  }
  const auto found = std::find_if(config.instances.begin(), config.instances.end(),
                                  [&](const VrrpInstance& each) { return each.name == daemon->instance; });
  if (found != config.instances.end()) {
    fill(daemon->id, found->vrid);
    return;
  }
  // compat: keepalived's test does not look at this, so it is no complaint.
  diagnostics.warning(daemon->where, code::kUnknownName,
                      fmt::format("there is no vrrp_instance {}: the sync daemon of IPVS is not run",
                                  quote(daemon->instance)));
  daemon.reset();
}

Announcing resolve_announcing(const VrrpSettings& own, const VrrpSettings& global) {
  Announcing out;
  out.master_delay = own.garp_master_delay.value_or(global.garp_master_delay.value_or(out.master_delay));
  out.master_repeat = own.garp_master_repeat.value_or(global.garp_master_repeat.value_or(out.master_repeat));
  out.master_refresh =
      own.garp_master_refresh.value_or(global.garp_master_refresh.value_or(out.master_refresh));
  out.master_refresh_repeat = own.garp_master_refresh_repeat.value_or(
      global.garp_master_refresh_repeat.value_or(out.master_refresh_repeat));
  // compat: what a losing advert causes follows the global words for a new master, never the instance's own.
  out.lower_prio_delay = own.garp_lower_prio_delay.value_or(
      global.garp_lower_prio_delay.value_or(global.garp_master_delay.value_or(out.lower_prio_delay)));
  out.lower_prio_repeat = own.garp_lower_prio_repeat.value_or(
      global.garp_lower_prio_repeat.value_or(global.garp_master_repeat.value_or(out.lower_prio_repeat)));
  return out;
}

void print_global(const Global& global, Document& out) {
  root_words().print(global, out);
  Document inside;
  words().print(global, inside);
  out.push_back(block_item("global_defs", {}, std::move(inside)));
}

}  // namespace hald::config
