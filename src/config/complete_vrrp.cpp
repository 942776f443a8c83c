// SPDX-License-Identifier: Apache-2.0
// The second step of building a vrrp_instance: defaults, and what contradicts itself. One function for each
// topic, in the order in which they depend on one another.
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "config/build_vrrp.h"
#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::uint8_t kOwner = 255;
constexpr std::uint8_t kUsualPriority = 100;
constexpr Duration kCentisecond = std::chrono::milliseconds(10);
constexpr Duration kLongestV3 = 4095 * kCentisecond;  // what twelve bits hold

std::string seconds_text(Duration duration) {
  return fmt::format("{}", std::chrono::duration<double>(duration).count());
}

class Completion {
 public:
  Completion(InstanceDraft& draft, const VrrpSettings& global, Diagnostics& diagnostics)
      : draft_(draft), global_(global), diagnostics_(diagnostics) {}

  std::optional<VrrpInstance> run() {
    if (!identity()) return {};
    addresses();
    version();
    election();
    preemption();
    interval();
    authentication();
    settings();
    return std::move(out_);
  }

 private:
  bool identity();
  void addresses();
  void version();
  void election();
  void preemption();
  void interval();
  void authentication();
  void settings();

  void error(Position where, std::string_view code, std::string message, std::string help = {}) {
    diagnostics_.error(where.line > 0 ? where : draft_.where, code, std::move(message), std::move(help));
  }
  [[nodiscard]] bool is_master() const { return out_.initial_state == InitialState::Master; }

  InstanceDraft& draft_;
  const VrrpSettings& global_;
  Diagnostics& diagnostics_;
  VrrpInstance out_;
};

bool Completion::identity() {
  const std::string name = quote(draft_.name);
  if (!draft_.interface_written) {
    error({}, code::kNoInterface, fmt::format("{} has no interface", name), "the whole block is ignored");
  }
  if (!draft_.vrid_written) {
    error({}, code::kNoRouterId, fmt::format("{} has no virtual_router_id", name),
          "the whole block is ignored");
  }
  const bool refused =
      (draft_.interface_written && draft_.interface.empty()) || (draft_.vrid_written && !draft_.vrid);
  if (refused) {
    diagnostics_.note(draft_.where, code::kInstanceIgnored,
                      fmt::format("{} is ignored: its interface or virtual_router_id cannot be used", name));
  }
  if (draft_.interface.empty() || !draft_.vrid) return false;
  out_.name = std::move(draft_.name);
  out_.interface = std::move(draft_.interface);
  out_.vrid = *draft_.vrid;
  out_.where = draft_.where;
  return true;
}

/// The first address tells the family; one of the other family is refused, and so is one given twice.
void Completion::addresses() {
  if (!draft_.addresses_written)
    error({}, code::kNoAddress, fmt::format("{} has no virtual address", quote(out_.name)));
  if (draft_.addresses.empty()) return;
  std::set<std::pair<Prefix, std::string>> seen;
  out_.family = draft_.addresses.front().address.prefix.address.family();
  for (AddressDraft& each : draft_.addresses) {
    VirtualAddress& address = each.address;
    if (address.device.empty()) address.device = out_.interface;
    const std::string text = address.prefix.to_string();
    if (address.prefix.address.family() != out_.family) {
      error(each.where, code::kMixedFamilies,
            fmt::format("{} is ignored: the first address of the instance is {}", text,
                        to_string(out_.family)));
      continue;
    }
    if (!seen.emplace(address.prefix, address.device).second) {
      error(each.where, code::kDuplicateAddress, fmt::format("{} is given twice", text));
      continue;
    }
    out_.addresses.push_back(std::move(address));
  }
}

void Completion::version() {
  out_.version = draft_.settings.version.value_or(global_.version.value_or(2));
  if (out_.family == Family::IPv4 || out_.version == 3) return;
  // compat: version 2 knows no IPv6, so 3 it is; only a word in the instance itself is contradicted.
  if (draft_.settings.version) {
    diagnostics_.warning(draft_.settings.version_where, code::kVersionForced,
                         "IPv6 needs VRRP version 3: 3 is used");
  }
  out_.version = 3;
}

void Completion::election() {
  const bool wants_master = draft_.state == InitialState::Master;
  out_.priority = draft_.priority.value_or(wants_master ? kOwner : kUsualPriority);
  const bool is_owner = out_.priority == kOwner;
  out_.initial_state = draft_.state.value_or(is_owner ? InitialState::Master : InitialState::Backup);
}

void Completion::preemption() {
  out_.preempt = !draft_.nopreempt;
  out_.preempt_delay = draft_.preempt_delay;
  if (!out_.preempt && (is_master() || out_.priority == kOwner)) {
    error(draft_.nopreempt_where, code::kPreemptConflict,
          fmt::format("nopreempt cannot be had with {}: it is ignored",
                      is_master() ? "state MASTER" : "priority 255"),
          is_master() ? "write state BACKUP" : "");
    out_.preempt = true;
  }
  if (out_.preempt_delay > Duration::zero() && (is_master() || !out_.preempt)) {
    error(draft_.preempt_delay_where, code::kPreemptConflict,
          fmt::format("preempt_delay cannot be had with {}: it is ignored",
                      is_master() ? "state MASTER" : "nopreempt"));
    out_.preempt_delay = Duration::zero();
  }
}

/// Version 2 carries whole seconds, version 3 hundredths up to 40.95 s.
void Completion::interval() {
  const Duration unit = out_.version == 2 ? Duration(std::chrono::seconds(1)) : kCentisecond;
  const Duration written = draft_.advert_interval;
  Duration carried = std::max((written + unit / 2) / unit * unit, unit);
  if (out_.version == 3) carried = std::min(carried, kLongestV3);
  if (carried != written) {
    error(draft_.advert_where, code::kIntervalRounded,
          fmt::format("VRRP version {} cannot carry an interval of {} s: {} s is used", out_.version,
                      seconds_text(written), seconds_text(carried)),
          out_.version == 2 ? "version 2 takes whole seconds, version 3 hundredths up to 40.95"
                            : "version 3 takes hundredths of a second up to 40.95");
  }
  out_.advert_interval = carried;
}

void Completion::authentication() {
  if (!draft_.auth_type) return;
  if (out_.version == 3) {
    error(draft_.auth_where, code::kAuthIgnored, "VRRP version 3 has no authentication: it is ignored");
    return;
  }
  if (draft_.auth_password.value_or("").empty()) {
    error(draft_.auth_where, code::kNoPassword, "authentication without a password: it is ignored");
    return;
  }
  out_.auth_type = *draft_.auth_type;
  out_.auth_password = std::move(*draft_.auth_password);
}

void Completion::settings() {
  const VrrpSettings& own = draft_.settings;
  out_.announcing = resolve_announcing(own, global_);
  out_.down_timer_adverts = own.down_timer_adverts.value_or(global_.down_timer_adverts.value_or(3));
  out_.v3_checksum_as_v2 = own.v3_checksum_as_v2.value_or(global_.v3_checksum_as_v2.value_or(false));
  out_.lower_prio_no_advert = own.lower_prio_no_advert.value_or(global_.lower_prio_no_advert.value_or(false));
  out_.higher_prio_send_advert =
      own.higher_prio_send_advert.value_or(global_.higher_prio_send_advert.value_or(false));
}

}  // namespace

std::optional<VrrpInstance> complete_instance(InstanceDraft draft, const VrrpSettings& global,
                                              Diagnostics& diagnostics) {
  return Completion(draft, global, diagnostics).run();
}

}  // namespace hald::config
