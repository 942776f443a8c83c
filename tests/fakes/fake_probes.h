// SPDX-License-Identifier: Apache-2.0
// FakeProbes: tries whose outcome the test decides, at once, after a time, or never; it writes down when each
// one started, so that a test can compare exact times.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/scheduler.h"
#include "checker/core/check.h"
#include "checker/probe.h"

namespace hald::fakes {

class FakeProbes : public checker::Probes {
 public:
  explicit FakeProbes(Scheduler& scheduler) : scheduler_(scheduler), epoch_(scheduler.now()) {}

  static checker::Outcome passed() {
    return {checker::Layer::Network, checker::Kind::Passed, {}, "connected"};
  }
  static checker::Outcome refused() {
    return {checker::Layer::Network, checker::Kind::Refused, {}, "connection refused"};
  }
  static checker::Outcome local() {
    return {checker::Layer::Local, checker::Kind::NotAttempted, {}, "no socket: too many open files"};
  }

  struct Answer {
    checker::Outcome outcome = passed();
    Duration after{};     ///< how long the try takes
    bool silent = false;  ///< never answers
  };
  struct Start {
    Duration at;  ///< since the FakeProbes was made
    std::string target;
    friend bool operator==(const Start&, const Start&) = default;
  };

  std::unique_ptr<checker::Probe> ask(const checker::Question& question, Report report) override {
    const auto target = checker::target_of(question.check)->to_string();
    starts.push_back({scheduler_.now() - epoch_, target});
    const auto found = answers.find(target);
    const Answer answer = found != answers.end() ? found->second : fallback;
    ++running;
    auto probe = std::make_unique<FakeProbe>(*this);
    if (answer.silent) return probe;
    auto outcome = answer.outcome;
    outcome.took = answer.after;
    probe->timer = scheduler_.after(answer.after, [report = std::move(report), outcome] {
      const auto last_will = report;  // the probe, and this closure, die within the report
      last_will(outcome);
    });
    return probe;
  }

  /// When the target was tried, and forgets all starts.
  std::vector<Duration> times() {
    std::vector<Duration> out;
    for (const auto& start : std::exchange(starts, {})) out.push_back(start.at);
    return out;
  }

  std::map<std::string, Answer> answers;  ///< by target, "10.0.0.7:80"
  Answer fallback;
  std::vector<Start> starts;
  int running = 0;

 private:
  struct FakeProbe : checker::Probe {
    explicit FakeProbe(FakeProbes& all_) : all(all_) {}
    ~FakeProbe() override { --all.running; }
    FakeProbes& all;
    TimerHandle timer;
  };

  Scheduler& scheduler_;
  TimePoint epoch_;
};

}  // namespace hald::fakes
