// SPDX-License-Identifier: Apache-2.0
#include "vrrp/instance.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/overloaded.h"
#include "vrrp/core/dialect.h"
#include "vrrp/instance_log.h"
#include "vrrp/wanted.h"

namespace hald::vrrp {
namespace {

/// Is a step that left the state as it was a better reason for it than the one before?
bool explains_state(Reason::Kind kind) {
  using Kind = Reason::Kind;
  return kind == Kind::Followed || kind == Kind::FollowedAsAsked || kind == Kind::FollowedWhileDelay ||
         kind == Kind::Blocked || kind == Kind::BackupWokeLate || kind == Kind::MasterWokeLate ||
         kind == Kind::NobodyElse || kind == Kind::Leaving || kind == Kind::HeldByGroup ||
         kind == Kind::HandingOver || kind == Kind::NobodyTookOver;
}

/// Does a step that changed no state concern the others of a sync group?
bool concerns_fellows(Reason::Kind kind) {
  return kind == Reason::Kind::Followed || kind == Reason::Kind::FollowedAsAsked ||
         kind == Reason::Kind::LosingAdvert;
}

}  // namespace

std::string id_of(const config::VrrpInstance& settings) {
  const auto key = config::key_of(settings);
  return fmt::format("vrrp {} {} {}{}", key.interface, to_string(key.family), key.vrid,
                     key.local ? " " + key.local->to_string() : "");
}

Instance::Instance(const Environment& environment, config::VrrpInstance settings, AnnouncePaces& paces,
                   const StateObserver& observer)
    : environment_(environment),
      observer_(observer),
      settings_(std::move(settings)),
      owner_(id_of(settings_)),
      writer_(settings_),
      reader_(settings_),
      announcements_(environment.scheduler, environment.announcer, environment.interfaces, paces,
                     environment.log),
      conflicts_(environment.scheduler, environment.log),
      since_(environment.scheduler.wall_now()) {
  influence_.priority = settings_.priority;
  derive();
  announcements_.configure(settings_);
}

void Instance::derive() {
  wanted_ = wanted_holdings(settings_);
  writer_.configure(settings_);
  reader_.configure(settings_);
  conflicts_.configure(settings_);
  params_ = params_of(settings_, params_.source);
  params_.priority = influence_.priority;
  params_.yields = yields_;
}

void Instance::wait(const std::string& why) {
  if (reason_.thing == why) return;
  if (reason_.thing.empty()) environment_.holdings.release(owner_, wanted_);
  reason_.kind = Reason::Kind::Waiting;
  reason_.thing = why;
}

void Instance::start() {
  begun_ = true;
  feed(Startup{in_the_way_, carried_});
  carried_.reset();
}

void Instance::set_footing(const Footing& footing) {
  if (footing == footing_) return;
  const Footing before = std::exchange(footing_, footing);
  const bool replaced = before.ifindex != 0 && footing.ifindex != 0 && before.ifindex != footing.ifindex;
  if (footing.blocked) {
    reconsider();  // the farewell comes from the address that was known
    if (!footing.source.is_unspecified()) params_.source = footing.source;
    return;
  }
  params_.source = footing.source;
  // Another interface of the same name: whatever was known about the link is not true of this one.
  interface_replaced_ = replaced;
  reconsider();
  interface_replaced_ = false;
  reconsider();
}

/// The first of what keeps it in FAULT, what is its own before what is its group's.
std::optional<Blocked> Instance::obstacle() const {
  if (settings_.fault) return Blocked{FaultCause::Configuration};
  if (interface_replaced_) return Blocked{FaultCause::InterfaceMissing};
  const bool ignored = footing_.blocked == FaultCause::InterfaceDown && !settings_.track_interface;
  if (footing_.blocked && !ignored) return Blocked{*footing_.blocked};
  if (!influence_.fault.empty()) return Blocked{FaultCause::Tracked, influence_.fault};
  if (group_blocked_) return Blocked{FaultCause::SyncGroup};
  return std::nullopt;
}

void Instance::reconsider() {
  const std::optional<Blocked> now = obstacle();
  if (now == in_the_way_) return;
  const bool hindered = blocked_itself();
  in_the_way_ = now;
  now ? feed(*now) : feed(Unblocked{});
  if (fellows_ != nullptr && hindered != blocked_itself()) fellows_->hindered(*this);
}

void Instance::join(Fellows* fellows) {
  fellows_ = fellows;
  params_.group_agrees = true;
  if (fellows == nullptr) group_blocked_ = false;
}

void Instance::set_group_blocked(bool blocked) {
  group_blocked_ = blocked;
  reconsider();
}

void Instance::announce_again() {
  if (std::holds_alternative<Master>(state_)) announcements_.again();
}

bool Instance::wants_master() const {
  const auto* backup = std::get_if<Backup>(&state_);
  return std::holds_alternative<Master>(state_) || (backup != nullptr && backup->wants_master);
}

Address Instance::destination() const {
  return settings_.unicast ? params_.source : group_of(settings_);
}

void Instance::receive(const Packet& packet) {
  const ReaderContext context{params_.source, params_.owner(), environment_.scheduler.now(),
                              environment_.scheduler.wall_now()};
  const auto read = reader_.read(packet, context);
  if (const auto* dropped = std::get_if<Dropped>(&read)) {
    count(dropped->why);
    log_drop(environment_.log, settings_.name, *dropped);
    conflicts_.dropped(*dropped, speaks_as_master());
    return;
  }
  auto received = std::get<Received>(read);
  writer_.go_on_after(reader_.highest_ah());
  // skip_check_adv_addr: the list is compared when the sender is another one than before.
  const bool same_sender = std::exchange(last_sender_, received.source) == received.source;
  const bool compared = !same_sender || !settings_.skip_check_adv_addr;
  if (!compared) received.list_differs = false;
  count(received);
  log_differences(environment_.log, settings_.name, received, writer_.advertised());
  if (received.checksum == ChecksumForm::OldUnicast && writer_.use_old_checksum(received.source)) {
    environment_.log.info(fmt::format("({}) Setting unicast VRRPv3 checksum to old version for {}",
                                      settings_.name, received.source.to_string()));
  }
  feed(AdvertReceived{received.advert.priority, received.advert.interval, received.source});
  watch_conflicts(std::move(received), compared);
}

/// As MASTER that sends adverts.
bool Instance::speaks_as_master() const {
  const auto* master = std::get_if<Master>(&state_);
  return master != nullptr && !master->listening && !master->leaving;
}

void Instance::watch_conflicts(Received received, bool compared) {
  if (received.source == params_.source)
    return;  // our own, or somebody with our address: not a second router
  RivalAdvert advert;
  advert.source = received.source;
  advert.priority = received.advert.priority;
  advert.we_are_master = speaks_as_master();
  advert.we_are_owner = params_.owner();
  if (compared) advert.list_differs = received.list_differs;
  if (received.list_differs) advert.addresses = std::move(received.advert.addresses);
  conflicts_.heard(std::move(advert), received.advert.interval);
}

void Instance::set_influence(Influence influence, const std::string& why) {
  if (influence == influence_) return;
  influence_ = std::move(influence);
  const Params before = params_;
  params_.priority = influence_.priority;
  if (params_.priority != before.priority) {
    feed(Reconfigured{before, why});
    if (begun_) report(InstanceEvent::Kind::PriorityChanged);
  }
  reconsider();
}

void Instance::reconfigure(config::VrrpInstance settings, Influence influence) {
  const Params before = params_;
  const net::Holdings had = wanted_;
  settings_ = std::move(settings);
  influence_ = std::move(influence);
  derive();
  feed(Reconfigured{before});
  if (params_.priority != before.priority) report(InstanceEvent::Kind::PriorityChanged);
  if (wanted_ != had) {
    if (std::holds_alternative<Master>(state_)) {
      environment_.holdings.hold(owner_, wanted_);
    } else {
      environment_.holdings.release(owner_, wanted_);
    }
  }
  announcements_.configure(settings_);  // last: an address is announced when it is there
  reconsider();
}

void Instance::leave() {
  feed(Leave{});
}

bool Instance::hand_over() {
  const auto* master = std::get_if<Master>(&state_);
  if (master == nullptr || master->leaving) return false;
  params_.yields = yields_ = true;
  feed(HandOver{});
  return true;
}

bool Instance::handing_over() const {
  const auto* master = std::get_if<Master>(&state_);
  return master != nullptr && master->handing_over;
}

bool Instance::gives_way() const {
  const auto* master = std::get_if<Master>(&state_);
  return master != nullptr && (master->leaving || master->handing_over);
}

bool Instance::take_back() {
  params_.yields = false;
  return std::exchange(yields_, false);
}

void Instance::stop() {
  feed(Shutdown{});
  environment_.holdings.forget(owner_);
}

void Instance::feed(const Event& event) {
  const TimePoint now = environment_.scheduler.now();
  const std::optional<TimePoint> due = deadline(state_);
  const StateName from = name_of(state_);
  if (fellows_ != nullptr && (from != StateName::Master || handing_over()))
    params_.group_agrees = fellows_->agree(*this);
  Step outcome = step(params_, state_, event, now);
  state_ = outcome.next;
  arm();
  note_lateness(outcome.reason, due, now);
  for (const Action& action : outcome.actions) run(action);
  log_step(environment_.log, settings_.name, !settings_.lower_prio_no_advert, from, name_of(state_),
           outcome.reason);
  note_change(from, outcome.reason);
  // Back in office, or never out of it: what it was asked for is over.
  if (name_of(state_) == StateName::Master && !handing_over()) take_back();
  if (outcome.reason.kind == Reason::Kind::LosingAdvert) report(InstanceEvent::Kind::LowerAdvertHeard);
  if (fellows_ != nullptr && (from != name_of(state_) || concerns_fellows(outcome.reason.kind))) {
    fellows_->stepped(*this, from, outcome.reason.kind);
  }
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
      [&](const HoldAddresses&) { environment_.holdings.hold(owner_, wanted_); },
      [&](const ReleaseAddresses&) { environment_.holdings.release(owner_, wanted_); },
      [&](const Announce& announce) { announce.again ? announcements_.again() : announcements_.begin(); },
      [&](const StopAnnouncing&) { announcements_.stop(); },
  };
  std::visit(perform, action);
}

void Instance::send_advert(std::uint8_t priority) {
  // A farewell over a link that is gone would only produce an error.
  if (footing_.blocked && footing_.blocked != FaultCause::NoSourceAddress &&
      footing_.blocked != FaultCause::SourceLost)
    return;
  for (const auto& copy : writer_.write(priority, params_.source, environment_.scheduler.wall_now()))
    send(copy);
  if (priority != priority_release) return;
  ++packets_.priority_zero_sent;
  environment_.log.debug(fmt::format("({}) sent 0 priority", settings_.name));
}

void Instance::send(const AdvertWriter::Copy& copy) {
  const Wire wire = wire_of(settings_, footing_.ifindex);
  const Outgoing outgoing{wire, params_.source, copy.destination, copy.hop_limit, copy.bytes};
  if (auto sent = environment_.transport.send(outgoing); !sent) {
    environment_.log.limited(log::Level::Error, "vrrp.send." + settings_.name,
                             fmt::format("({}) cannot send an advert to {}: {}", settings_.name,
                                         copy.destination.to_string(), sent.error().message()),
                             {{"instance", settings_.name}});
    return;
  }
  ++adverts_.sent;
}

void Instance::count(const Received& received) {
  ++adverts_.received;
  if (received.advert.priority == priority_release) ++packets_.priority_zero_received;
  if (received.list_differs) ++packets_.address_list_errors;
  if (received.checksum == ChecksumForm::Message) ++packets_.checksum_rfc_form;
  if (received.checksum == ChecksumForm::Pseudo || received.checksum == ChecksumForm::OldUnicast)
    ++packets_.checksum_pseudo_form;
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
    case Drop::OwnerIgnores: ++packets_.owner_ignored; break;
    case Drop::UnknownPeer: ++packets_.unknown_peers; break;
    case Drop::Vrid: break;  // the supervisor's count
  }
}

void Instance::note_lateness(const Reason& reason, std::optional<TimePoint> due, TimePoint now) {
  using Kind = Reason::Kind;
  if (!due || (reason.kind != Kind::AdvertDue && reason.kind != Kind::MasterWokeLate)) return;
  const Duration late = now - *due;
  adverts_.lateness_max = std::max(adverts_.lateness_max, late);
  if (environment_.lateness != nullptr) environment_.lateness->add(late);
}

void Instance::note_change(StateName from, const Reason& reason) {
  const StateName to = name_of(state_);
  if (from != to || explains_state(reason.kind)) reason_ = reason;
  if (from == to) return;
  const bool resumed = from == StateName::Init && carried_ && name_of(*carried_) == to;
  if (!resumed) {
    since_ = environment_.scheduler.wall_now();
    if (to == StateName::Master) ++transitions_to_master_;
  }
  if (from == StateName::Master) conflicts_.no_longer_master();
  if (observer_) observer_(StateChange{settings_, from, to, to_string(reason), params_.priority, resumed});
}

void Instance::report(InstanceEvent::Kind kind) const {
  if (environment_.on_event)
    environment_.on_event(InstanceEvent{settings_, kind, name_of(state_), params_.priority});
}

}  // namespace hald::vrrp
