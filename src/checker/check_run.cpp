// SPDX-License-Identifier: Apache-2.0
#include "checker/check_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "checker/core/check.h"

namespace hald::checker {
namespace {

/// Of a check that is run, and only those come here.
const config::CheckTiming& timing_of(const config::Check& check) {
  return settings_of(check)->timing;
}

VerdictParams params_of(const config::Check& check) {
  return {timing_of(check).retry};
}

/// keepalived's wording, which differs between kinds of checks.
std::string success_line(const std::string& server) {
  return fmt::format("TCP connection to {} success.", server);
}
std::string failure_line(const config::Check& check, const std::string& server, std::uint32_t retries) {
  if (retries == 0) return fmt::format("{} on service {} failed.", type_name(check), server);
  return fmt::format("{} on service {} failed after {} retries.", type_name(check), server, retries);
}

}  // namespace

CheckRun::CheckRun(const RunContext& context, RunOwner& owner, const config::Check& check, bool down)
    : context_(context),
      owner_(owner),
      check_(&check),
      state_(initial_verdict(params_of(check), down)),
      since_(context.scheduler.wall_now()) {
  arm(first_run(timing_of(check), context_.scheduler.now(), context_.rng));
}

bool CheckRun::same_as(const config::Check& check) const {
  return same_check(*check_, check);
}

void CheckRun::follow(const config::Check& check) {
  const bool repaced = !(timing_of(*check_) == timing_of(check));
  check_ = &check;
  if (!repaced) return;
  state_ = with_params(state_, params_of(check));
  if (probe_) return;  // its end arms the timer at the new pace
  const TimePoint now = context_.scheduler.now();
  // Before the first run the old appointment stands, unless the new pace asks for an earlier one.
  const TimePoint due = tried_ ? next_run(timing_of(check), ended_, next_)
                               : std::min(due_, first_run(timing_of(check), now, context_.rng));
  arm(std::max(due, now));
}

void CheckRun::arm(TimePoint when) {
  due_ = when;
  timer_ = context_.scheduler.at(when, [this] { start(); });
}

void CheckRun::start() {
  probe_ = context_.probes.start(*check_, [this](const Outcome& outcome) { finish(outcome); });
}

void CheckRun::finish(const Outcome& outcome) {
  probe_.reset();
  const auto folded = fold(state_, outcome, params_of(*check_));
  state_ = folded.state;
  next_ = folded.decision.next;
  reason_ = folded.decision.reason;
  tried_ = true;
  last_kind_ = outcome.kind;
  last_took_ = outcome.took;
  ended_ = context_.scheduler.now();
  if (folded.decision.verdict) since_ = context_.scheduler.wall_now();
  arm(next_run(timing_of(*check_), ended_, next_));
  log_try(outcome, folded.decision);
  if (folded.decision.changed) owner_.state_changed();
}

void CheckRun::log_try(const Outcome& outcome, const Decision& decision) const {
  log::Logger& logger = context_.logger;
  if (outcome.local()) {
    logger.limited(log::Level::Warning, "check.local",
                   fmt::format("{} on service {} {}. Rescheduling.", type_name(*check_), owner_.server_name(),
                               decision.reason));
  } else if (decision.verdict && outcome.passed()) {
    logger.info(success_line(owner_.server_name()));
  } else if (decision.verdict) {
    logger.info(failure_line(*check_, owner_.server_name(), decision.retries), {{"reason", decision.reason}});
  } else if (!outcome.passed() && logger.enabled(log::Level::Debug)) {
    logger.debug(
        fmt::format("{} on service {}: {}", type_name(*check_), owner_.server_name(), decision.reason));
  }
}

std::string CheckRun::what() const {
  const Endpoint* target = target_of(*check_);
  return fmt::format("{}{}", type_name(*check_), target != nullptr ? " " + target->to_string() : "");
}

std::string CheckRun::story() const {
  return fmt::format("{}: {}", what(), reason_.empty() ? "not tried yet" : reason_);
}

void CheckRun::resume(const CarriedCheck& carried) {
  state_ = with_params({carried.up, true, carried.failed}, params_of(*check_));
  since_ = carried.since;
  reason_ = carried.reason;
}

std::optional<CarriedCheck> CheckRun::carry() const {
  if (!state_.decided) return std::nullopt;
  return CarriedCheck{what(), state_.up, state_.failed, since_, reason_};
}

CheckView CheckRun::view() const {
  CheckView out;
  out.type = type_name(*check_);
  out.state = !state_.decided ? "PENDING" : state_.up ? "UP" : "DOWN";
  out.reason = reason_.empty() ? "not tried yet" : reason_;
  out.since = since_;
  if (tried_) out.last = CheckView::Last{std::string(to_string(last_kind_)), last_took_};
  return out;
}

}  // namespace hald::checker
