// SPDX-License-Identifier: Apache-2.0
#include "vrrp/instance_log.h"

#include <optional>

#include <fmt/format.h>

namespace hald::vrrp {
namespace {

using Kind = Reason::Kind;
using log::Level;

/// What was heard or noticed, apart from any change of state; nothing if it is not worth a line.
std::optional<Level> level_of(Kind kind) {
  switch (kind) {
    case Kind::HigherPriority:
    case Kind::HigherAddress:
    case Kind::LosingAdvert:
    case Kind::PriorityMoved:
    case Kind::HandingOver:
    case Kind::LowerDiscarded: return Level::Info;
    case Kind::TwoOwnersWeStay:
    case Kind::TwoOwnersWeYield: return Level::Error;
    case Kind::MasterTimedOut: return Level::Debug;
    case Kind::OwnAddressHeard:
    case Kind::BackupWokeLate:
    case Kind::MasterWokeLate:
    case Kind::Deposed:
    case Kind::NobodyTookOver:
    case Kind::NobodyElse: return Level::Warning;
    default: return std::nullopt;
  }
}

/// Those that a stranger can trigger as often as he likes.
bool is_limited(Kind kind) {
  return kind == Kind::TwoOwnersWeStay || kind == Kind::TwoOwnersWeYield || kind == Kind::LosingAdvert ||
         kind == Kind::LowerDiscarded || kind == Kind::OwnAddressHeard;
}

std::string observation(const std::string& name, bool answers_losing_adverts, const Reason& reason) {
  const std::string from = reason.address ? reason.address->to_string() : std::string("unknown");
  switch (reason.kind) {
    case Kind::HigherPriority:
      return fmt::format("({}) Master received advert from {} with higher priority {}, ours {}", name, from,
                         reason.priority, reason.own_priority);
    case Kind::HigherAddress:
      return fmt::format(
          "({}) Master received advert from {} with same priority {} but higher IP address than ours", name,
          from, reason.priority);
    case Kind::TwoOwnersWeStay:
    case Kind::TwoOwnersWeYield:
      return fmt::format(
          "({}) CONFIGURATION ERROR: local instance and {} are both configured as address owner, "
          "please fix",
          name, from);
    case Kind::LosingAdvert:
      return fmt::format("({}) Received advert from {} with lower priority {}, ours {}{}", name, from,
                         reason.priority, reason.own_priority,
                         answers_losing_adverts ? ", forcing new election" : "");
    case Kind::LowerDiscarded:
      return fmt::format("({}) received lower priority ({}) advert from {} - discarding", name,
                         reason.priority, from);
    case Kind::PriorityMoved:
      return fmt::format("({}) Changing effective priority from {} to {}", name, reason.priority,
                         reason.own_priority);
    case Kind::MasterTimedOut: return fmt::format("({}) Receive advertisement timeout", name);
    case Kind::OwnAddressHeard:
      return fmt::format("({}) received an advert from our own address {}", name, from);
    default: return fmt::format("({}) {}", name, to_string(reason));
  }
}

void log_observation(log::Logger& log, const std::string& instance, bool answers_losing_adverts,
                     const Reason& reason) {
  const auto level = level_of(reason.kind);
  if (!level || !log.enabled(*level)) return;
  const std::string text = observation(instance, answers_losing_adverts, reason);
  const auto period = is_limited(reason.kind) ? Duration(std::chrono::seconds(10)) : Duration::zero();
  const std::string key = fmt::format("vrrp.{}.{}", instance, static_cast<int>(reason.kind));
  if (reason.thing.empty()) return log.limited(*level, key, text, {{"instance", instance}}, period);
  log.limited(*level, key, text, {{"instance", instance}, {"reason", reason.thing}}, period);
}

std::string transition(const std::string& name, StateName from, StateName to, const Reason& reason) {
  if (reason.kind == Kind::Resumed) return fmt::format("({}) Resuming {} STATE", name, to_string(to));
  return fmt::format("({}) Entering {} STATE{}", name, to_string(to),
                     from == StateName::Init && to != StateName::Master ? " (init)" : "");
}

}  // namespace

void log_step(log::Logger& log, const std::string& instance, bool answers_losing_adverts, StateName from,
              StateName to, const Reason& reason) {
  log_observation(log, instance, answers_losing_adverts, reason);
  if (from == to || to == StateName::Init || !log.enabled(Level::Info)) return;
  log.info(transition(instance, from, to, reason),
           {{"instance", instance}, {"state", std::string(to_string(to))}, {"reason", to_string(reason)}});
}

void log_drop(log::Logger& log, const std::string& instance, const Dropped& dropped) {
  if (!log.enabled(Level::Warning)) return;
  std::string text = fmt::format("({}) dropped a packet{}: {}", instance,
                                 dropped.source ? " from " + dropped.source->to_string() : std::string(),
                                 to_string(dropped.why));
  if (!dropped.detail.empty()) text += fmt::format(" ({})", dropped.detail);
  log.limited(Level::Warning, fmt::format("vrrp.{}.drop.{}", instance, static_cast<int>(dropped.why)), text,
              {{"instance", instance}});
}

void log_differences(log::Logger& log, const std::string& instance, const Received& received,
                     const std::vector<Address>& ours) {
  if (!log.enabled(Level::Warning)) return;
  const std::string source = received.source.to_string();
  if (received.list_differs) {
    const auto join = [](const std::vector<Address>& addresses) {
      std::string out;
      for (const auto& address : addresses) out += (out.empty() ? "" : ", ") + address.to_string();
      return out.empty() ? std::string("none") : out;
    };
    log.limited(Level::Warning, fmt::format("vrrp.{}.list", instance),
                fmt::format("({}) {} advertises other addresses than ours: {}; ours: {}", instance, source,
                            join(received.advert.addresses), join(ours)),
                {{"instance", instance}});
  }
  if (received.interval_differs) {
    log.limited(
        Level::Info, fmt::format("vrrp.{}.interval", instance),
        fmt::format("({}) {} advertises an interval of {} ms, not ours", instance, source,
                    std::chrono::duration_cast<std::chrono::milliseconds>(received.advert.interval).count()),
        {{"instance", instance}});
  }
}

}  // namespace hald::vrrp
