// SPDX-License-Identifier: Apache-2.0
#include "vrrp/instance.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/overloaded.h"
#include "vrrp/instance_log.h"

namespace hald::vrrp {
namespace {

std::vector<net::WantedAddress> wanted_addresses(const config::VrrpInstance& settings) {
  std::vector<net::WantedAddress> out;
  out.reserve(settings.addresses.size());
  for (const auto& address : settings.addresses) {
    out.push_back(net::WantedAddress{address.device.empty() ? settings.interface : address.device,
                                     address.prefix, address.label, address.scope, address.broadcast});
  }
  return out;
}

std::vector<Address> advertised_addresses(const config::VrrpInstance& settings) {
  std::vector<Address> out;
  for (const auto& address : settings.addresses) {
    if (address.prefix.address.family() == settings.family) out.push_back(address.prefix.address);
  }
  return out;
}

/// Is a step that left the state as it was a better reason for it than the one before?
bool explains_state(Reason::Kind kind) {
  using Kind = Reason::Kind;
  return kind == Kind::Followed || kind == Kind::FollowedWhileDelay || kind == Kind::Blocked ||
         kind == Kind::BackupWokeLate || kind == Kind::MasterWokeLate || kind == Kind::NobodyElse ||
         kind == Kind::Leaving || kind == Kind::HeldByGroup;
}

}  // namespace

Instance::Instance(const Environment& environment, config::VrrpInstance settings,
                   const StateObserver& observer)
    : environment_(environment),
      observer_(observer),
      settings_(std::move(settings)),
      owner_(fmt::format("vrrp {} {} {}", settings_.interface, to_string(settings_.family), settings_.vrid)),
      announcements_(environment.scheduler, environment.announcer, environment.interfaces, environment.log),
      since_(environment.scheduler.wall_now()) {
  derive();
  announcements_.configure(settings_);
}

void Instance::derive() {
  advertised_ = advertised_addresses(settings_);
  wanted_ = wanted_addresses(settings_);
  auth_ = settings_.auth_type == config::AuthType::Pass ? auth_data(settings_.auth_password) : AuthData{};
  params_ = params_of(settings_, params_.source);
}

void Instance::start(const Footing& footing) {
  footing_ = footing;
  params_.source = footing.source;
  feed(Startup{footing.blocked});
}

void Instance::set_footing(const Footing& footing) {
  if (footing == footing_) return;
  const Footing before = std::exchange(footing_, footing);
  const bool replaced = before.ifindex != 0 && footing.ifindex != 0 && before.ifindex != footing.ifindex;
  if (footing.blocked) {
    feed(Blocked{*footing.blocked});
    if (!footing.source.is_unspecified()) params_.source = footing.source;
    return;
  }
  params_.source = footing.source;
  // Another interface of the same name: whatever was known about the link is not true of this one.
  if (replaced) feed(Blocked{FaultCause::InterfaceMissing});
  feed(Unblocked{});
}

void Instance::receive(const Packet& packet) {
  Expectation expected;
  expected.version = settings_.version;
  expected.vrid = settings_.vrid;
  expected.interval = settings_.advert_interval;
  expected.auth_type = settings_.auth_type;
  expected.auth = auth_;
  expected.allow_empty_list = advertised_.empty();
  if (!params_.source.is_unspecified()) expected.own_address = params_.source;
  expected.addresses = advertised_;
  const auto decoded = decode(packet, expected);
  if (const auto* dropped = std::get_if<Dropped>(&decoded)) {
    count(dropped->why);
    log_drop(environment_.log, settings_.name, *dropped);
    return;
  }
  const auto& received = std::get<Received>(decoded);
  count(received);
  log_differences(environment_.log, settings_.name, received, advertised_);
  feed(AdvertReceived{received.advert.priority, received.advert.interval, received.source});
}

void Instance::reconfigure(config::VrrpInstance settings) {
  const Params before = params_;
  const std::vector<net::WantedAddress> had = wanted_;
  settings_ = std::move(settings);
  derive();
  feed(Reconfigured{before});
  if (wanted_ != had) {
    if (std::holds_alternative<Master>(state_)) {
      environment_.addresses.hold(owner_, wanted_);
    } else {
      environment_.addresses.release(owner_, wanted_);
    }
  }
  announcements_.configure(settings_);  // last: an address is announced when it is there
}

void Instance::leave() {
  feed(Leave{});
}

void Instance::stop() {
  feed(Shutdown{});
  environment_.addresses.forget(owner_);
}

void Instance::feed(const Event& event) {
  const TimePoint now = environment_.scheduler.now();
  const std::optional<TimePoint> due = deadline(state_);
  const StateName from = name_of(state_);
  Step outcome = step(params_, state_, event, now);
  state_ = outcome.next;
  arm();
  note_lateness(outcome.reason, due, now);
  for (const Action& action : outcome.actions) run(action);
  log_step(environment_.log, settings_.name, !settings_.lower_prio_no_advert, from, name_of(state_),
           outcome.reason);
  note_change(from, outcome.reason);
}

void Instance::arm() {
  const std::optional<TimePoint> due = deadline(state_);
  if (due == armed_for_) return;
  armed_for_ = due;
  timer_.cancel();
  if (!due) return;
  timer_ = environment_.scheduler.at(
      *due,
      [this] {
        armed_for_.reset();
        feed(TimerFired{});
      },
      Urgency::Urgent);
}

void Instance::run(const Action& action) {
  const auto perform = Overloaded{
      [&](const SendAdvert& advert) { send_advert(advert.priority); },
      [&](const HoldAddresses&) { environment_.addresses.hold(owner_, wanted_); },
      [&](const ReleaseAddresses&) { environment_.addresses.release(owner_, wanted_); },
      [&](const Announce& announce) { announce.again ? announcements_.again() : announcements_.begin(); },
      [&](const StopAnnouncing&) { announcements_.stop(); },
  };
  std::visit(perform, action);
}

void Instance::send_advert(std::uint8_t priority) {
  // A farewell over a link that is gone would only produce an error.
  if (footing_.blocked && footing_.blocked != FaultCause::NoSourceAddress) return;
  Advert advert;
  advert.version = settings_.version;
  advert.vrid = settings_.vrid;
  advert.priority = priority;
  advert.interval = settings_.advert_interval;
  advert.addresses = advertised_;
  Sealing sealing;
  sealing.source = params_.source;
  sealing.destination = multicast_group(settings_.family);
  sealing.checksum = settings_.v3_checksum_as_v2 ? ChecksumForm::Message : ChecksumForm::Pseudo;
  sealing.auth_type = settings_.auth_type;
  sealing.auth = auth_;
  std::vector<std::uint8_t> bytes = encode(advert, sealing);
  if (settings_.family == Family::IPv4) {
    bytes = ipv4_datagram(bytes, sealing.source, sealing.destination, ++identification_);
  }
  const Outgoing outgoing{settings_.family, footing_.ifindex, sealing.source, sealing.destination, bytes};
  if (auto sent = environment_.transport.send(outgoing); !sent) {
    environment_.log.limited(
        log::Level::Error, "vrrp.send." + settings_.name,
        fmt::format("({}) cannot send an advert: {}", settings_.name, sent.error().message()),
        {{"instance", settings_.name}});
    return;
  }
  ++adverts_.sent;
  if (priority != priority_release) return;
  ++packets_.priority_zero_sent;
  environment_.log.debug(fmt::format("({}) sent 0 priority", settings_.name));
}

void Instance::count(const Received& received) {
  ++adverts_.received;
  if (received.advert.priority == priority_release) ++packets_.priority_zero_received;
  if (received.list_differs) ++packets_.address_list_errors;
  if (received.checksum == ChecksumForm::Message) ++packets_.checksum_rfc_form;
  if (received.checksum == ChecksumForm::Pseudo) ++packets_.checksum_pseudo_form;
}

void Instance::count(Drop drop) {
  switch (drop) {
    case Drop::Length: ++packets_.length_errors; break;
    case Drop::Ttl: ++packets_.ttl_errors; break;
    case Drop::Version: ++packets_.version_errors; break;
    case Drop::AuthType: ++packets_.auth_type_errors; break;
    case Drop::AuthFailure: ++packets_.auth_failures; break;
    case Drop::Interval: ++packets_.interval_errors; break;
    case Drop::Type: ++packets_.type_errors; break;
    case Drop::Checksum: ++packets_.checksum_errors; break;
    case Drop::EmptyList: ++packets_.empty_list_errors; break;
    case Drop::OwnPacket: ++packets_.own_packets; break;
    case Drop::Destination: ++packets_.destination_errors; break;
    case Drop::Vrid: break;  // the supervisor's count
  }
}

void Instance::note_lateness(const Reason& reason, std::optional<TimePoint> due, TimePoint now) {
  using Kind = Reason::Kind;
  if (!due || (reason.kind != Kind::AdvertDue && reason.kind != Kind::MasterWokeLate)) return;
  adverts_.lateness_max = std::max(adverts_.lateness_max, Duration(now - *due));
}

void Instance::note_change(StateName from, const Reason& reason) {
  const StateName to = name_of(state_);
  if (from != to || explains_state(reason.kind)) reason_ = reason;
  if (from == to) return;
  since_ = environment_.scheduler.wall_now();
  if (to == StateName::Master) ++transitions_to_master_;
  if (observer_) observer_(StateChange{settings_, from, to, to_string(reason)});
}

InstanceView Instance::view() const {
  InstanceView out;
  out.name = settings_.name;
  out.interface = settings_.interface;
  out.vrid = settings_.vrid;
  out.family = settings_.family;
  out.state = std::string(to_string(name_of(state_)));
  out.base_priority = settings_.priority;
  out.priority = params_.priority;
  out.since = since_;
  out.reason = to_string(reason_);
  if (std::holds_alternative<Master>(state_)) out.master_address = params_.source;
  if (const auto* backup = std::get_if<Backup>(&state_); backup != nullptr && backup->master) {
    out.master_address = backup->master->address;
  }
  for (const auto& address : settings_.addresses) out.addresses.push_back(address.prefix.to_string());
  out.adverts = adverts_;
  out.packets = packets_;
  out.transitions_to_master = transitions_to_master_;
  return out;
}

}  // namespace hald::vrrp
