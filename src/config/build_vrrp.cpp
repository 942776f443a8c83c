// SPDX-License-Identifier: Apache-2.0
#include "config/build_vrrp.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/line_words.h"
#include "config/named_block.h"
#include "config/script.h"

namespace hald::config {
namespace {

using D = InstanceDraft;
using I = VrrpInstance;

void read_state(InstanceDraft& draft, const Node& node, Values& values) {
  const auto choice = values.choice(node);
  const bool wants_master = choice == static_cast<std::size_t>(InitialState::Master);
  if (!choice || draft.state != InitialState::Master || wants_master) {
    draft.state = wants_master ? InitialState::Master : InitialState::Backup;
    return;
  }
  // compat: the first MASTER stays.
  values.diagnostics()
      .error(node.where(), code::kStateConflict, "`state` is MASTER above: this line is ignored")
      .see(draft.place_of("state"), "it is here");
}

void print_state(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(draft.out.initial_state, keyword, out);
}

/// compat: a version that differs from what is known already is refused, whichever is right.
void read_version(InstanceDraft& draft, const Node& node, Values& values) {
  std::optional<std::uint8_t> version;
  if (!take(values, node, version)) return;
  const Word& word = node.arguments().front();
  const bool too_old = *version == 2 && draft.family == Family::IPv6;
  if (too_old || draft.settings.version.value_or(*version) != *version) {
    values.diagnostics().error(
        word.where(), code::kVersionForced,
        too_old ? "IPv6 needs VRRP version 3: the line is ignored"
                : fmt::format("the version is {} already: the line is ignored", *draft.settings.version));
    return;
  }
  draft.settings.version = version;
  draft.settings.version_where = word.where();
}

void read_vrid(InstanceDraft& draft, const Node& node, Values& values) {
  take(values, node, draft.vrid);
}

/// compat: a bad priority counts as 100, also with state MASTER.
void read_priority(InstanceDraft& draft, const Node& node, Values& values) {
  draft.priority = static_cast<std::uint8_t>(values.number(node).value_or(100));
}

void print_vrid(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(draft.out.vrid, keyword, out);
}

void print_priority(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(draft.out.priority, keyword, out);
}

void read_preempt(InstanceDraft& draft, const Node&, Values&) {
  draft.out.preempt = true;
}
void read_nopreempt(InstanceDraft& draft, const Node&, Values&) {
  draft.out.preempt = false;
}
void print_nopreempt(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(!draft.out.preempt, keyword, out);
}

void read_preempt_delay(InstanceDraft& draft, const Node& node, Values& values) {
  draft.out.preempt_delay = values.time(node).value_or(Duration::zero());
}
void print_preempt_delay(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  if (draft.out.preempt_delay > Duration::zero()) put(draft.out.preempt_delay, keyword, out);
}

/// [PRIO], 254 without.
void read_timer_expired(InstanceDraft& draft, const Node& node, Values& values) {
  constexpr std::uint8_t kHighest = 254;
  if (node.arguments().empty()) {
    draft.out.timer_expired_backup = kHighest;
    return;
  }
  const auto number = values.number(node);
  if (number) draft.out.timer_expired_backup = static_cast<std::uint8_t>(*number);
}

void print_timer_expired(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(draft.out.timer_expired_backup, keyword, out);
}

void read_deleted(InstanceDraft& draft, const Node& node, Values& values) {
  draft.out.notify_deleted = true;
  take(values, node, draft.out.notify.deleted);
}
void print_deleted(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  if (!draft.out.notify.deleted.words.empty()) {
    put(draft.out.notify.deleted, keyword, out);
  } else if (draft.out.notify_deleted) {
    out.push_back(statement(keyword.name, {}));
  }
}

void read_accept(InstanceDraft& draft, const Node& node, Values&) {
  draft.accept = node.keyword().name == "accept";
}
void print_accept(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(draft.out.accept, keyword, out);
}
void print_no_accept(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(!draft.out.accept, keyword, out);
}

void read_linkbeat(InstanceDraft& draft, const Node& node, Values& values) {
  draft.linkbeat_polling = true;
  values.diagnostics()
      .warning(node.where(), code::kReplacedWord, "`linkbeat_use_polling` in an instance is an old word",
               "name the interface in a block `linkbeat_interfaces`")
      .as_keepalived();
}

void read_sync_interface(InstanceDraft& draft, const Node& node, Values& values) {
  values.diagnostics()
      .warning(node.where(), code::kReplacedWord, "`lvs_sync_daemon_interface` is an old word",
               "write `lvs_sync_daemon INTERFACE INSTANCE id 0` in global_defs")
      .as_keepalived();
  draft.lvs_sync_interface = node.arguments().front().text;
}

void read_buffer(InstanceDraft& draft, const Node& node, Values& values) {
  if (has_one_value(node, values)) take(values, node, draft.out.kernel_rx_buf_size);
}
void print_buffer(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(draft.out.kernel_rx_buf_size, keyword, out);
}

/// The settings of an instance that is complete, for printing.
VrrpSettings settings_of(const VrrpInstance& instance) {
  VrrpSettings out;
  out.version = instance.version;
  out.v3_checksum_as_v2 = instance.v3_checksum_as_v2;
  out.down_timer_adverts = instance.down_timer_adverts;
  out.lower_prio_no_advert = instance.lower_prio_no_advert;
  out.higher_prio_send_advert = instance.higher_prio_send_advert;
  out.garp_master_delay = instance.announcing.master_delay;
  out.garp_master_repeat = instance.announcing.master_repeat;
  out.garp_master_refresh = instance.announcing.master_refresh;
  out.garp_master_refresh_repeat = instance.announcing.master_refresh_repeat;
  out.garp_lower_prio_delay = instance.announcing.lower_prio_delay;
  out.garp_lower_prio_repeat = instance.announcing.lower_prio_repeat;
  out.garp_extra_if = instance.garp_extra;
  out.strict = instance.strict;
  out.skip_check_adv_addr = instance.skip_check_adv_addr;
  if (instance.unicast) out.check_unicast_src = instance.check_unicast_source;
  // Only an owner may be asked.
  if (instance.owner_ignore_adverts) out.owner_ignore_adverts = true;
  out.notify_priority_changes = instance.notify_priority_changes;
  out.smtp_alert = instance.smtp_alert;
  return out;
}

constexpr std::array kGroups{instance_rows::links, instance_rows::election, instance_rows::unicast,
                             instance_rows::security, instance_rows::lists};

void read_statement(InstanceDraft& draft, const Node& node, Values& values, Repeats& repeats) {
  const Block& block = block_of(BlockId::VrrpInstance);
  const auto row = static_cast<std::size_t>(&node.keyword() - block.words.data());
  if (!repeats.allow(row, node, values)) return;
  const bool known = std::any_of(kGroups.begin(), kGroups.end(),
                                 [&](const auto& group) { return group().read_one(draft, node, values); });
  if (!known) instance_settings().read_one(draft.settings, node, values);
  draft.places[node.keyword().name] = node.where();
}

}  // namespace

namespace instance_rows {

const BlockBinding<InstanceDraft>& election() {
  using N = Notifications;
  static const BlockBinding<InstanceDraft> kBinding(
      BlockId::VrrpInstance,
      {
          {"state", read_state, print_state},
          action<D>("version", read_version),
          {"virtual_router_id", read_vrid, print_vrid},
          {"priority", read_priority, print_priority},
          field<&D::out, &I::advert_interval>("advert_int"),
          action<D>("preempt", read_preempt),
          {"nopreempt", read_nopreempt, print_nopreempt},
          {"preempt_delay", read_preempt_delay, print_preempt_delay},
          {"timer_expired_backup", read_timer_expired, print_timer_expired},
          action<D>("thread_timer_expired", read_timer_expired),
          {"accept", read_accept, print_accept},
          {"no_accept", read_accept, print_no_accept},
          field<&D::out, &I::debug>("debug"),
          action<D>("linkbeat_use_polling", read_linkbeat),
          action<D>("lvs_sync_daemon_interface", read_sync_interface),
          {"kernel_rx_buf_size", read_buffer, print_buffer},
          field<&D::out, &I::notify, &N::backup>("notify_backup"),
          field<&D::out, &I::notify, &N::master>("notify_master"),
          field<&D::out, &I::notify, &N::fault>("notify_fault"),
          field<&D::out, &I::notify, &N::stop>("notify_stop"),
          {"notify_deleted", read_deleted, print_deleted},
          field<&D::out, &I::notify, &N::any>("notify"),
          field<&D::out, &I::notify, &N::master_rx_lower_pri>("notify_master_rx_lower_pri"),
      });
  return kBinding;
}

}  // namespace instance_rows

bool InstanceDraft::join(Family wanted, const Word& word, Values& values) {
  if (!family) family = wanted;
  if (family == wanted) return true;
  values.diagnostics().error(
      word.where(), code::kMixedFamilies,
      fmt::format("{} is ignored: the instance is {}", quote(word.text), to_string(*family)),
      "the first address of an instance tells its family");
  return false;
}

std::optional<InstanceDraft> read_instance(const Node& block, const InstanceContext& context,
                                           Values& values) {
  if (!has_one_name(block, values)) return {};
  if (!take_name(block, context.known.instances, code::kDuplicateInstance, values)) return {};
  InstanceDraft draft;
  draft.out = named<VrrpInstance>(block);
  draft.known = &context.known;
  draft.routes = &context.routes;
  draft.link_names = &context.link_names;
  Repeats repeats(block_of(BlockId::VrrpInstance).words.size());
  for (const Node node : block.children()) read_statement(draft, node, values, repeats);
  return draft;
}

void print_instance(const VrrpInstance& instance, Document& out) {
  InstanceDraft draft;
  draft.out = instance;
  draft.settings = settings_of(instance);
  Document inside;
  for (const auto& group : kGroups) {
    if (group == kGroups.back()) instance_settings().print(draft.settings, inside);
    group().print(draft, inside);
  }
  out.push_back(named_item("vrrp_instance", instance.name, std::move(inside)));
}

}  // namespace hald::config
