// SPDX-License-Identifier: Apache-2.0
#include "vrrp/instance_log.h"

#include <fmt/format.h>

namespace hald::vrrp {
namespace {

using Kind = Reason::Kind;
using log::Level;

std::string address_of(const Reason& reason) {
  return reason.address ? reason.address->to_string() : std::string("unknown");
}

struct Line {
  Level level = Level::Info;
  std::string text;
  bool limited = false;
};

/// What was heard or noticed, apart from any change of state.
Line observation(const std::string& name, bool answers_losing_adverts, const Reason& reason) {
  switch (reason.kind) {
    case Kind::HigherPriority:
      return {Level::Info, fmt::format("({}) Master received advert from {} with higher priority {}, ours {}",
                                       name, address_of(reason), reason.priority, reason.own_priority)};
    case Kind::HigherAddress:
      return {Level::Info,
              fmt::format(
                  "({}) Master received advert from {} with same priority {} but higher IP address than ours",
                  name, address_of(reason), reason.priority)};
    case Kind::TwoOwnersWeStay:
    case Kind::TwoOwnersWeYield:
      return {
          Level::Error,
          fmt::format("({}) CONFIGURATION ERROR: local instance and {} are both configured as address owner, "
                      "please fix",
                      name, address_of(reason)),
          true};
    case Kind::LosingAdvert:
      return {Level::Info,
              fmt::format("({}) Received advert from {} with lower priority {}, ours {}{}", name,
                          address_of(reason), reason.priority, reason.own_priority,
                          answers_losing_adverts ? ", forcing new election" : ""),
              true};
    case Kind::LowerDiscarded:
      return {Level::Info,
              fmt::format("({}) received lower priority ({}) advert from {} - discarding", name,
                          reason.priority, address_of(reason)),
              true};
    case Kind::MasterTimedOut: return {Level::Debug, fmt::format("({}) Receive advertisement timeout", name)};
    case Kind::OwnAddressHeard:
      return {Level::Warning,
              fmt::format("({}) received an advert from our own address {}", name, address_of(reason)), true};
    case Kind::BackupWokeLate:
    case Kind::MasterWokeLate:
    case Kind::Deposed:
    case Kind::NobodyElse: return {Level::Warning, fmt::format("({}) {}", name, to_string(reason))};
    default: return {};
  }
}

bool worth_looking_at(Kind kind) {
  return kind != Kind::AdvertDue && kind != Kind::Followed && kind != Kind::TimerEarly;
}

std::string transition(const std::string& name, StateName from, StateName to) {
  return fmt::format("({}) Entering {} STATE{}", name, to_string(to),
                     from == StateName::Init && to != StateName::Master ? " (init)" : "");
}

}  // namespace

void log_step(log::Logger& log, const std::string& instance, bool answers_losing_adverts, StateName from,
              StateName to, const Reason& reason) {
  if (!worth_looking_at(reason.kind) || !log.enabled(Level::Error)) return;
  const Line line = observation(instance, answers_losing_adverts, reason);
  if (!line.text.empty()) {
    const auto period = line.limited ? Duration(std::chrono::seconds(10)) : Duration::zero();
    log.limited(line.level, fmt::format("vrrp.{}.{}", instance, static_cast<int>(reason.kind)), line.text,
                {{"instance", instance}}, period);
  }
  if (from == to || to == StateName::Init) return;
  log.info(transition(instance, from, to),
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
