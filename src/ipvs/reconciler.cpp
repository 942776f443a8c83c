// SPDX-License-Identifier: Apache-2.0
#include "ipvs/reconciler.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hald::ipvs {
namespace {

constexpr unsigned kDumpTries = 3;
constexpr Duration kFirstRetry = std::chrono::seconds(1);
constexpr Duration kLastRetry = std::chrono::seconds(60);

/// After the second failure in a row (the first one is followed by a fresh look at once).
Duration retry_delay(std::uint32_t failures) {
  const std::uint32_t doublings = std::min<std::uint32_t>(failures - 2, 6);
  return std::min(kLastRetry, kFirstRetry * (1U << doublings));
}

}  // namespace

Reconciler::Reconciler(Scheduler& scheduler, log::Logger& logger, Kernel& kernel)
    : scheduler_(scheduler), logger_(logger), kernel_(kernel) {}

Reconciler::~Reconciler() = default;

// ---------------------------------------------------------------- wishes

void Reconciler::set_desired(std::vector<Service> services) {
  begin_desired();
  for (Service& service : services) want(std::move(service));
  commit_desired();
}

void Reconciler::begin_desired() {
  collecting_ = true;
  ++generation_;
  if (!report_due_) began_ = scheduler_.now();
  report_due_ = true;
  if (entries_.empty() && !dump_ && !found_) {
    dump_tries_ = 0;
    begin_adoption();
  }
}

void Reconciler::want(Service service) {
  const auto known = entries_.find(service.key);
  if (known == entries_.end()) {
    const ServiceKey key = service.key;
    Entry& fresh = entries_.emplace(key, Entry(std::move(service))).first->second;
    fresh.generation = generation_;
    return enqueue(fresh, Queued::Normal);
  }
  Entry& entry = known->second;
  if (entry.generation == generation_) return;
  entry.generation = generation_;
  entry.state.want(std::move(service));
  if (!entry.state.settled()) enqueue(entry, Queued::Normal);
}

void Reconciler::own(const std::vector<ServiceKey>& keys) {
  for (const ServiceKey& key : keys) entries_.emplace(key, Entry(Service{key, {}, {}}));
}

void Reconciler::commit_desired() {
  collecting_ = false;
  unwant_if([this](const Entry& entry) { return entry.generation != generation_; });
  if (!verifying_) arm_verify();
  schedule_turn();
}

void Reconciler::update(Service service) {
  const auto known = entries_.find(service.key);
  if (known == entries_.end() || !known->second.state.wanted()) return;
  known->second.state.want(std::move(service));
  if (!known->second.state.settled()) enqueue(known->second, Queued::Urgent);
}

void Reconciler::remove_all(std::function<void(std::size_t left)> done, bool others) {
  on_removed_ = std::move(done);
  collecting_ = false;
  if (dump_) found_.reset();  // half a walk proves no absence
  dump_.reset();
  clear_others_ = others;
  if (others) begin_adoption();
  verifying_ = false;
  set_verify_interval(Duration::zero());
  unwant_if([](const Entry&) { return true; });
  schedule_turn();
}

/// In the reverse of the order in which services are added: the kernel keeps deleted destinations on a
/// list, newest first, and every new one is searched for there. After a stop in this order the next start
/// finds each at the head; in any other it walks half the list for each.
void Reconciler::unwant_if(const std::function<bool(const Entry&)>& condition) {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (!condition(entry->second)) continue;
    entry->second.state.unwant();
    enqueue(entry->second, Queued::Normal);
  }
}

// ---------------------------------------------------------------- turns of the loop

void Reconciler::schedule_turn() {
  if (turn_scheduled_) return;
  turn_scheduled_ = true;
  scheduler_.post([this, alive = std::weak_ptr<int>(alive_)] {
    if (!alive.expired()) turn();
  });
}

void Reconciler::turn() {
  turn_scheduled_ = false;
  const TimePoint began = scheduler_.now();
  spent_ = 0;
  if (dump_) {
    continue_adoption();
  } else {
    work();
  }
  batch_size_.measured(spent_, scheduler_.now() - began);
  if (work_left()) return schedule_turn();
  if (collecting_ || clear_found()) return;
  report();
}

/// All wanted is in place: what else was found goes now, if that is asked for. False: there is nothing.
bool Reconciler::clear_found() {
  if (!std::exchange(clear_others_, false) || !found_) return false;
  std::size_t others = 0;
  for (auto key = found_->rbegin(); key != found_->rend(); ++key) {
    const auto [entry, is_new] = entries_.emplace(*key, Entry(Service{*key, {}, {}}));
    if (!is_new) continue;
    entry->second.state.unwant();
    enqueue(entry->second, Queued::Normal);
    ++others;
  }
  if (others > 0) logger_.info(fmt::format("IPVS table: {} other services are removed as well", others));
  return others > 0;
}

void Reconciler::report() {
  found_.reset();
  // Each may call back into hald, even end this object: nothing is touched afterwards.
  if (on_removed_) {
    const auto done = std::move(on_removed_);
    on_removed_ = nullptr;
    report_due_ = false;
    return done(entries_.size());
  }
  if (!report_due_) return;
  report_due_ = false;
  const Counters now = counters();
  const Settled settled{now.services, now.destinations, now.writes - writes_reported_, now.failing,
                        scheduler_.now() - began_};
  writes_reported_ = now.writes;
  if (on_settled_) on_settled_(settled);
}

// ---------------------------------------------------------------- adoption

void Reconciler::begin_adoption() {
  ++dump_tries_;
  auto dump = kernel_.dump_services();
  if (dump) {
    dump_ = std::move(*dump);
    found_.emplace();
    return schedule_turn();
  }
  // Without it every service is asked for by itself.
  ++counters_.errors;
  logger_.error("IPVS table cannot be read: " + dump.error().message());
}

void Reconciler::continue_adoption() {
  std::vector<Service> piece;
  while (spent_ < batch_size_.value()) {
    piece.clear();
    const auto more = dump_->next(piece);
    spent_ += kReadCost + piece.size();
    if (!more) {
      dump_.reset();
      found_.reset();
      if (more.error().code == std::errc::interrupted && dump_tries_ < kDumpTries) return begin_adoption();
      ++counters_.errors;
      logger_.error("IPVS table cannot be read: " + more.error().message());
      return;
    }
    for (Service& service : piece) found_->insert(service.key);
    if (*more) continue;
    dump_.reset();
    if (found_->empty() || clear_others_) return;
    logger_.info(
        fmt::format("IPVS table holds {} services already: those configured are adopted, "
                    "others are left alone",
                    found_->size()));
    return;
  }
}

/// Sees to it that the state knows what the kernel holds; false: it could not be read.
bool Reconciler::learn(Entry& entry) {
  if (entry.state.known()) return true;
  if (found_ && entry.failures == 0 && !found_->contains(entry.state.key())) {
    entry.state.learned(std::nullopt);
    return true;
  }
  spent_ += kReadCost;
  auto actual = kernel_.read_service(entry.state.key());
  if (!actual) {
    log_failure(entry, fmt::format("IPVS cmd GET_SERVICE(4) error: {} ({})", actual.error().message(),
                                   config::to_string(entry.state.key())));
    failed(entry);
    return false;
  }
  if (*actual) spent_ += (*actual)->destinations.size();
  entry.state.learned(std::move(*actual));
  return true;
}

// ---------------------------------------------------------------- work

void Reconciler::enqueue(Entry& entry, Queued how) {
  if (entry.queued < how) {
    entry.queued = how;
    (how == Queued::Urgent ? urgent_ : queue_).push_back(entry.state.key());
  }
  schedule_turn();
}

/// The batch was full: the rest of this service comes before other services, so that it is not half done
/// for long (and see unwant_if() for what the order is worth).
void Reconciler::continue_next(Entry& entry) {
  entry.queued = Queued::Normal;
  queue_.push_front(entry.state.key());
  schedule_turn();
}

Reconciler::Entries::iterator Reconciler::next_queued() {
  for (auto* waiting : {&urgent_, &queue_}) {
    while (!waiting->empty()) {
      const auto entry = entries_.find(waiting->front());
      waiting->pop_front();
      // Gone meanwhile, or served already from the other queue.
      if (entry == entries_.end() || entry->second.queued == Queued::No) continue;
      entry->second.queued = Queued::No;
      return entry;
    }
  }
  return entries_.end();
}

void Reconciler::work() {
  Ops ops;
  std::vector<Part> parts;
  const std::size_t limit = batch_size_.value();
  while (spent_ < limit) {
    const auto entry = next_queued();
    if (entry == entries_.end()) break;
    ++spent_;
    if (!learn(entry->second)) continue;
    const std::size_t first = ops.size();
    entry->second.state.next_ops(ops, limit - first);
    if (ops.size() == first) {
      finish(entry);
      continue;
    }
    parts.push_back(Part{entry, first, ops.size() - first});
    spent_ += ops.size() - first;
  }
  if (!ops.empty()) execute(ops, parts);
}

void Reconciler::execute(const Ops& ops, const std::vector<Part>& parts) {
  const auto result = kernel_.apply(ops);
  counters_.writes += ops.size();
  if (!result) {
    for (const Part& part : parts) {
      log_failure(part.entry->second, fmt::format("IPVS error: {}", result.error().message()));
      failed(part.entry->second);
    }
    return;
  }
  auto failure = result->begin();
  for (const Part& part : parts) {
    Entry& entry = part.entry->second;
    bool refused = false;
    for (; failure != result->end() && failure->index < part.first + part.count; ++failure) {
      const Op& op = ops[failure->index];
      refused = true;
      log_failure(entry, fmt::format("IPVS cmd {} error: {}({}) ({})", command_of(op),
                                     failure->code.message(), failure->code.value(), target_of(op)));
    }
    if (refused) {
      failed(entry);
      continue;
    }
    entry.state.done({ops.data() + part.first, part.count});
    if (entry.state.settled()) {
      finish(part.entry);
    } else {
      continue_next(entry);
    }
  }
}

void Reconciler::finish(Entries::iterator entry) {
  // Of a service that is gone from the table for good nobody waits to hear this.
  if (entry->second.failures > 1 && entry->second.state.wanted()) {
    logger_.limited(log::Level::Notice, "ipvs-recovered",
                    "IPVS accepts " + config::to_string(entry->first) + " again");
  }
  entry->second.failures = 0;
  if (!entry->second.state.wanted()) entries_.erase(entry);
}

// ---------------------------------------------------------------- failures

void Reconciler::log_failure(const Entry& entry, const std::string& message) {
  ++counters_.errors;
  // The first failure is often only a table that someone else changed: the next look tells.
  if (entry.failures == 0) return logger_.debug(message);
  logger_.limited(log::Level::Error, "ipvs-error", message);
}

void Reconciler::failed(Entry& entry) {
  entry.state.doubt();
  ++entry.failures;
  if (entry.failures == 1) return enqueue(entry, Queued::Normal);
  retries_.emplace(scheduler_.now() + retry_delay(entry.failures), entry.state.key());
  arm_retry();
}

void Reconciler::arm_retry() {
  if (retries_.empty()) return retry_timer_.cancel();
  retry_timer_ = scheduler_.at(retries_.begin()->first, [this] { retry_due(); });
}

void Reconciler::retry_due() {
  while (!retries_.empty() && retries_.begin()->first <= scheduler_.now()) {
    const auto entry = entries_.find(retries_.begin()->second);
    retries_.erase(retries_.begin());
    if (entry != entries_.end() && !entry->second.state.settled()) enqueue(entry->second, Queued::Normal);
  }
  arm_retry();
}

// ---------------------------------------------------------------- what others can see

Reconciler::Counters Reconciler::counters() const {
  Counters out = counters_;
  for (const auto& [key, entry] : entries_) {
    if (entry.failures > 1) ++out.failing;
    const Service* actual = entry.state.actual();
    if (actual == nullptr) continue;
    ++out.services;
    out.destinations += actual->destinations.size();
  }
  return out;
}

std::optional<std::int32_t> Reconciler::in_kernel(const ServiceKey& key, const Endpoint& endpoint) const {
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) return std::nullopt;
  const Service* actual = entry->second.state.actual();
  const Destination* destination = actual == nullptr ? nullptr : find(*actual, endpoint);
  if (destination == nullptr) return std::nullopt;
  return destination->weight;
}

}  // namespace hald::ipvs
