// SPDX-License-Identifier: Apache-2.0
// The Reconciler's slow pass: IPVS tells nobody when its table changes, so drift is found by reading back.
#include <fmt/format.h>

#include "ipvs/core/diff.h"
#include "ipvs/reconciler.h"

namespace hald::ipvs {
namespace {

/// Between two slices of a pass: nothing waits for it, so it leaves the loop to others.
constexpr Duration kPause = std::chrono::milliseconds(5);

}  // namespace

void Reconciler::set_verify_interval(Duration interval) {
  verify_interval_ = interval;
  if (!verifying_) arm_verify();
}

void Reconciler::arm_verify() {
  verify_timer_.cancel();
  if (verify_interval_ > Duration::zero()) {
    verify_timer_ = scheduler_.after(verify_interval_, [this] { verify(); });
  }
}

void Reconciler::verify() {
  if (verifying_) return;
  verifying_ = true;
  verified_.reset();
  drift_before_pass_ = counters_.drift;
  verify_timer_ = scheduler_.after(Duration::zero(), [this] { verify_slice(); });
}

void Reconciler::verify_slice() {
  const TimePoint began = scheduler_.now();
  std::size_t spent = 0;
  while (spent < verify_size_.value()) {
    const auto next = verified_ ? entries_.upper_bound(*verified_) : entries_.begin();
    if (next == entries_.end()) return verify_finished();
    verified_ = next->first;
    Entry& entry = next->second;
    ++spent;
    // What is being changed anyway will be right soon; the next pass looks at it.
    if (!entry.state.settled() || entry.queued != Queued::No) continue;
    spent += kReadCost + entry.state.desired()->destinations.size();
    verify_one(entry);
  }
  verify_size_.measured(spent, scheduler_.now() - began);
  verify_timer_ = scheduler_.after(kPause, [this] { verify_slice(); });
}

void Reconciler::verify_one(Entry& entry) {
  auto actual = kernel_.read_service(entry.state.key());
  if (!actual) {
    log_failure(entry, fmt::format("IPVS cmd GET_SERVICE(4) error: {} ({})", actual.error().message(),
                                   config::to_string(entry.state.key())));
    return failed(entry);
  }
  entry.state.learned(std::move(*actual));
  if (entry.state.settled()) return;
  Ops repairs;
  entry.state.next_ops(repairs, kNoLimit);
  counters_.drift += repairs.size();
  logger_.limited(
      log::Level::Warning, "ipvs-drift",
      fmt::format("IPVS table was changed by another program: repairing {} ({} changes, first: {} {})",
                  config::to_string(entry.state.key()), repairs.size(), command_of(repairs.front()),
                  target_of(repairs.front())));
  enqueue(entry, Queued::Normal);
}

void Reconciler::verify_finished() {
  verifying_ = false;
  if (counters_.drift != drift_before_pass_) {
    logger_.notice(fmt::format("IPVS table read back: {} changes by other programs are being undone",
                               counters_.drift - drift_before_pass_));
  }
  arm_verify();
}

}  // namespace hald::ipvs
