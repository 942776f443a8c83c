// SPDX-License-Identifier: Apache-2.0
#include "config/build_global.h"

#include <utility>

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {
namespace {

template <typename T>
void set(std::optional<T>& field, const std::optional<std::int64_t>& value) {
  if (value) field = static_cast<T>(*value);
}

template <typename T>
void set(std::optional<T>& field, const std::optional<T>& value) {
  if (value) field = value;
}

/// A batch of none would be no batch: 0 counts as 1.
void set_repeat(std::optional<unsigned>& field, const Node& node, Values& values) {
  auto value = values.number(node);
  if (value && *value == 0) {
    const Word& word = node.arguments().front();
    values.diagnostics().error(word.where(), code::kOutOfRange,
                               fmt::format("{} must be at least 1: 1 is used", quote(node.keyword().name)));
    value = 1;
  }
  set(field, value);
}

}  // namespace

bool VrrpSettings::read(const Node& node, Values& values) {
  switch (node.meaning()) {
    case Meaning::Version: set(version, values.number(node)); return true;
    case Meaning::V3ChecksumAsV2: set(v3_checksum_as_v2, values.boolean(node)); return true;
    case Meaning::DownTimerAdverts: set(down_timer_adverts, values.number(node)); return true;
    case Meaning::LowerPrioNoAdvert: set(lower_prio_no_advert, values.boolean(node)); return true;
    case Meaning::HigherPrioSendAdvert: set(higher_prio_send_advert, values.boolean(node)); return true;
    case Meaning::GarpMasterDelay: set(garp_master_delay, values.time(node)); return true;
    case Meaning::GarpMasterRepeat: set_repeat(garp_master_repeat, node, values); return true;
    case Meaning::GarpMasterRefresh: set(garp_master_refresh, values.time(node)); return true;
    case Meaning::GarpMasterRefreshRepeat: set_repeat(garp_master_refresh_repeat, node, values); return true;
    case Meaning::GarpLowerPrioDelay: set(garp_lower_prio_delay, values.time(node)); return true;
    case Meaning::GarpLowerPrioRepeat: set(garp_lower_prio_repeat, values.number(node)); return true;
    default: return false;
  }
}

void GlobalDraft::read(const Node& block, Values& values) {
  for (const Node node : block.children()) {
    if (vrrp.read(node, values)) continue;
    if (node.meaning() == Meaning::RouterId) router_id = node.arguments().front().text;
  }
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

}  // namespace hald::config
