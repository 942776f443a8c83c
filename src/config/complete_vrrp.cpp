// SPDX-License-Identifier: Apache-2.0
#include "config/complete_vrrp.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::uint8_t kOwner = 255;
constexpr std::uint8_t kUsualPriority = 100;
constexpr unsigned kUsualAdverts = 3;
constexpr Duration kCentisecond = std::chrono::milliseconds(10);
constexpr Duration kLongestV3 = 4095 * kCentisecond;  // what twelve bits hold

std::string seconds_text(Duration duration) {
  return fmt::format("{}", std::chrono::duration<double>(duration).count());
}

}  // namespace

std::optional<VrrpInstance> Completion::run() {
  out_.strict = draft_.settings.strict.value_or(context_.global.vrrp.strict.value_or(false));
  if (!identity()) return {};
  version();
  election();
  authentication();
  auth_hmac();
  if (!unicast() || !interface()) return {};
  room_for_addresses();
  preemption();
  accept();
  group_address();
  repeats();
  owner();
  settings();
  interval();
  own_link();
  own_interface();
  devices();
  if (!some_address()) return {};
  weights();
  return std::move(out_);
}

/// Without that the instance is nothing. If it is written and cannot be used, that was said already.
void Completion::lacks(std::string_view word, std::string_view code, std::string_view what) {
  if (draft_.wrote(word)) {
    context_.diagnostics.note(out_.where, code::kInstanceIgnored,
                              fmt::format("{} is ignored: its {} cannot be used", quote(out_.name), what));
  } else {
    error({}, code, fmt::format("{} has no {}", quote(out_.name), what), "the whole block is ignored");
  }
}

/// What makes it an instance at all.
bool Completion::identity() {
  if (!draft_.vrid) {
    lacks("virtual_router_id", code::kNoRouterId, "virtual_router_id");
    return false;
  }
  out_.vrid = *draft_.vrid;
  out_.family = draft_.family.value_or(Family::IPv4);
  return true;
}

void Completion::version() {
  const auto own = draft_.settings.version;
  out_.version = own.value_or(*context_.global.vrrp.version);
  if (out_.family == Family::IPv4 || out_.version == 3) return;
  // compat: version 2 knows no IPv6, so 3 it is. Whatever global_defs says is not meant for IPv6.
  out_.version = 3;
  if (!own) return;
  auto told = context_.diagnostics.warning(draft_.settings.version_where, code::kVersionForced,
                                           "IPv6 needs VRRP version 3: 3 is used");
  if (out_.strict) told.as_keepalived();
}

void Completion::election() {
  const bool wants_master = draft_.state == InitialState::Master;
  out_.priority = draft_.priority.value_or(wants_master ? kOwner : kUsualPriority);
  const auto by_priority = is_owner() ? InitialState::Master : InitialState::Backup;
  out_.initial_state = draft_.state.value_or(by_priority);
  if (!out_.strict || out_.initial_state == by_priority) return;
  error("state", code::kStateConflict,
        fmt::format("in strict mode state MASTER and priority 255 come together: {} is used",
                    is_owner() ? "MASTER" : "BACKUP"));
  out_.initial_state = by_priority;
}

void Completion::preemption() {
  if (!out_.preempt && (is_master() || is_owner())) {
    error("nopreempt", code::kPreemptConflict,
          fmt::format("nopreempt cannot be had with {}: it is ignored",
                      is_master() ? "state MASTER" : "priority 255"),
          is_master() ? "write state BACKUP" : "");
    out_.preempt = true;
  }
  if (out_.preempt_delay > Duration::zero() && (is_master() || !out_.preempt || out_.strict)) {
    error("preempt_delay", code::kPreemptConflict,
          fmt::format("preempt_delay cannot be had with {}: it is ignored", is_master()     ? "state MASTER"
                                                                            : !out_.preempt ? "nopreempt"
                                                                                            : "strict mode"));
    out_.preempt_delay = Duration::zero();
  }
  if (out_.preempt && out_.timer_expired_backup) {
    const bool old = !draft_.wrote("timer_expired_backup");
    error(old ? "thread_timer_expired" : "timer_expired_backup", code::kPreemptConflict,
          "timer_expired_backup needs nopreempt: it is ignored");
    out_.timer_expired_backup.reset();
  }
}

/// Version 2 carries whole seconds, version 3 hundredths up to 40.95 s.
void Completion::interval() {
  const Duration unit = out_.version == 2 ? Duration(std::chrono::seconds(1)) : kCentisecond;
  const Duration written = out_.advert_interval;
  Duration carried = std::max((written + unit / 2) / unit * unit, unit);
  if (out_.version == 3) carried = std::min(carried, kLongestV3);
  if (carried != written) {
    complain("advert_int", code::kIntervalRounded,
             fmt::format("VRRP version {} cannot carry an interval of {} s: {} s is used", out_.version,
                         seconds_text(written), seconds_text(carried)),
             out_.version == 2 ? "version 2 takes whole seconds, version 3 hundredths up to 40.95"
                               : "version 3 takes hundredths of a second up to 40.95");
  }
  out_.advert_interval = carried;
}

void Completion::accept() {
  out_.accept = draft_.accept.value_or(is_owner() || !out_.strict);
  if (!out_.accept || is_owner() || !out_.strict || out_.version != 2) return;
  error("accept", code::kStrict, "in strict mode version 2 accepts nothing for the addresses: it is ignored");
  out_.accept = false;
}

/// Announcements, and how often adverts are missed or sent once more.
void Completion::repeats() {
  const VrrpSettings& own = draft_.settings;
  const VrrpSettings& global = context_.global.vrrp;
  out_.announcing = resolve_announcing(own, global);
  out_.down_timer_adverts = own.down_timer_adverts.value_or(*global.down_timer_adverts);
  out_.lower_prio_no_advert = own.lower_prio_no_advert.value_or(*global.lower_prio_no_advert);
  out_.higher_prio_send_advert = own.higher_prio_send_advert.value_or(*global.higher_prio_send_advert);
  if (out_.strict) strict_repeats();
}

void Completion::strict_repeats() {
  const VrrpSettings& own = draft_.settings;
  const auto refuse = [this](std::string_view word) {
    error(word, code::kStrict, fmt::format("{} cannot be had in strict mode: it is ignored", quote(word)));
  };
  if (out_.down_timer_adverts != kUsualAdverts) refuse("down_timer_adverts");
  if (own.garp_lower_prio_repeat.value_or(0) > 0) refuse("garp_lower_prio_repeat");
  if (own.garp_lower_prio_delay.value_or(Duration::zero()) > Duration::zero())
    refuse("garp_lower_prio_delay");
  if (!own.lower_prio_no_advert.value_or(true)) refuse("lower_prio_no_advert");
  if (own.higher_prio_send_advert.value_or(false)) refuse("higher_prio_send_advert");
  out_.down_timer_adverts = kUsualAdverts;
  out_.announcing.lower_prio_repeat = 0;
  out_.announcing.lower_prio_delay = Duration::zero();
  out_.lower_prio_no_advert = true;
  out_.higher_prio_send_advert = false;
}

/// compat: an owner cannot be asked to listen to others, strict mode or not.
void Completion::owner() {
  const auto own = draft_.settings.owner_ignore_adverts;
  const bool usual = is_owner() && (out_.strict || *context_.global.vrrp.owner_ignore_adverts);
  out_.owner_ignore_adverts = own ? is_owner() : usual;
  if (!own || *own == is_owner()) return;
  if (is_owner()) {
    error("owner_ignore_adverts", code::kContradiction,
          "an owner of the addresses ignores adverts: the line is ignored");
  } else {
    complain("owner_ignore_adverts", code::kContradiction,
             "without priority 255 no adverts are ignored: the line means nothing");
  }
}

void Completion::settings() {
  const VrrpSettings& own = draft_.settings;
  const Global& global = context_.global;
  out_.v3_checksum_as_v2 = own.v3_checksum_as_v2.value_or(*global.vrrp.v3_checksum_as_v2);
  out_.skip_check_adv_addr = own.skip_check_adv_addr.value_or(*global.vrrp.skip_check_adv_addr);
  out_.smtp_alert = own.smtp_alert.value_or(global.vrrp.smtp_alert.value_or(false));
  const auto of_group = group_ != nullptr ? group_->notify_priority_changes : std::nullopt;
  out_.notify_priority_changes =
      own.notify_priority_changes.value_or(of_group.value_or(*global.vrrp.notify_priority_changes));
  if (!out_.source) out_.track_source = false;
}

std::optional<VrrpInstance> complete_instance(InstanceDraft draft, const SyncGroup* group,
                                              const CompletionContext& context) {
  return Completion(draft, group, context).run();
}

}  // namespace hald::config
