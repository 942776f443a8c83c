// SPDX-License-Identifier: Apache-2.0
#include "checker/check_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "checker/core/check.h"
#include "checker/core/wording.h"

namespace hald::checker {
namespace {

/// Of a check that is run, and only those come here.
const config::CheckTiming& timing_of(const config::Check& check) {
  return settings_of(check)->timing;
}

VerdictParams params_of(const config::Check& check) {
  return {timing_of(check).retry};
}

}  // namespace

CheckRun::CheckRun(const RunContext& context, RunOwner& owner, const config::Check& check,
                   const OuterHosts& hosts, bool down)
    : context_(context),
      owner_(owner),
      check_(&check),
      hosts_(hosts),
      state_(initial_verdict(params_of(check), down)),
      since_(context.scheduler.wall_now()) {
  arm(first_run(timing_of(check), context_.scheduler.now(), context_.rng));
}

bool CheckRun::same_as(const config::Check& check) const {
  return same_check(*check_, check);
}

void CheckRun::follow(const config::Check& check, const OuterHosts& hosts) {
  const bool repaced = !(timing_of(*check_) == timing_of(check));
  check_ = &check;
  hosts_ = hosts;
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
  const Question question{*check_, round_.part, hosts_};
  probe_ = context_.probes.ask(question, [this](const Outcome& outcome) { finish(outcome); });
}

void CheckRun::finish(const Outcome& outcome) {
  probe_.reset();
  const std::size_t parts = parts_of(*check_);
  const bool goes_round = std::holds_alternative<Boxed<config::HttpCheck>>(*check_);
  auto params = params_of(*check_);
  params.partial = goes_round && !completes(round_, parts);
  const VerdictState before = state_;
  const auto folded = fold(state_, outcome, params);
  state_ = folded.state;
  if (goes_round) round_ = advance(round_, parts, outcome, folded.decision);
  next_ = folded.decision.next;
  reason_ = folded.decision.reason;
  tried_ = true;
  last_layer_ = outcome.layer;
  last_kind_ = outcome.kind;
  last_took_ = outcome.took;
  ended_ = context_.scheduler.now();
  if (folded.decision.verdict) since_ = context_.scheduler.wall_now();
  arm(after(outcome));
  log_try(outcome, folded.decision, before.up);
  if (folded.decision.changed) owner_.state_changed();
}

TimePoint CheckRun::after(const Outcome& outcome) const {
  if (const auto* http = std::get_if<Boxed<config::HttpCheck>>(check_))
    return ended_ + pause_after(**http, round_, state_, outcome);
  return next_run(timing_of(*check_), ended_, next_);
}

void CheckRun::log_try(const Outcome& outcome, const Decision& decision, bool was_up) const {
  log::Logger& logger = context_.logger;
  const std::string server = owner_.server_name();
  if (outcome.local()) {
    logger.limited(
        log::Level::Warning, "check.local",
        fmt::format("{} on service {} {}. Rescheduling.", type_name(*check_), server, decision.reason));
  } else if (decision.verdict && outcome.passed()) {
    logger.info(success_line(*check_, server));
  } else if (decision.verdict) {
    logger.info(failure_line(*check_, server, owner_.service_name(), decision.retries),
                {{"reason", decision.reason}});
  } else if (!outcome.passed()) {
    const bool told = was_up && (context_.log_all_failures || settings_of(*check_)->log_all_failures);
    if (!told && !logger.enabled(log::Level::Debug)) return;
    const std::string line = fmt::format("{} on service {}: {}", type_name(*check_), server, decision.reason);
    if (told) return logger.info(line);
    logger.debug(line);
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
  round_.failed = !carried.up;
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
  if (tried_) out.last = CheckView::Last{std::string(to_string(last_layer_, last_kind_)), last_took_};
  return out;
}

}  // namespace hald::checker
