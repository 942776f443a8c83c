// SPDX-License-Identifier: Apache-2.0
#include "vrrp/track_processes.h"

#include <utility>

#include <fmt/format.h>

#include "vrrp/core/process_quorum.h"

namespace hald::vrrp {

class TrackProcesses::Quorum {
 public:
  Quorum(const Environment& environment, const Changed& changed, const config::TrackProcess& settings)
      : environment_(environment), changed_(changed), settings_(settings) {
    watch_ = environment_.processes->watch(
        [this](std::string_view name, std::string_view command_line) {
          return matches(settings_, name, command_line);
        },
        settings_.full_command, [this](unsigned count) { counted(count); });
  }

  [[nodiscard]] const config::TrackProcess& settings() const { return settings_; }
  [[nodiscard]] TrackedState state() const {
    using Is = TrackedState::Is;
    if (!quorum_.known) return {Is::Unknown, 0, "has not been counted yet"};
    return {
        quorum_.good ? Is::Good : Is::Bad, 0,
        fmt::format("{} ({} running)", quorum_.good ? "has its quorum" : "lacks its quorum", quorum_.count)};
  }

 private:
  void counted(unsigned count) {
    const ProcessQuorum before = quorum_;
    quorum_ = fold(settings_, before, count, environment_.scheduler.now());
    timer_.cancel();
    if (quorum_.turns_at) {
      timer_ = environment_.scheduler.at(*quorum_.turns_at, [this] { counted(quorum_.count); });
    }
    if (before.known && before.good == quorum_.good) return;
    environment_.log.info(
        fmt::format("Quorum {} for tracked process {}", quorum_.good ? "gained" : "lost", settings_.name),
        {{"process", settings_.name}, {"running", fmt::format("{}", count)}});
    changed_(settings_.name);
  }

  const Environment& environment_;
  const Changed& changed_;
  config::TrackProcess settings_;
  ProcessQuorum quorum_;
  TimerHandle timer_;
  std::unique_ptr<proc::ProcessList::Watch> watch_;
};

TrackProcesses::TrackProcesses(const Environment& environment, Changed changed)
    : environment_(environment), changed_(std::move(changed)) {}

TrackProcesses::~TrackProcesses() = default;

void TrackProcesses::apply(const std::vector<const config::TrackProcess*>& wanted) {
  auto before = std::exchange(quorums_, {});
  if (environment_.processes == nullptr) return;
  for (const config::TrackProcess* settings : wanted) {
    auto& slot = quorums_[settings->name];
    if (const auto old = before.find(settings->name);
        old != before.end() && old->second->settings() == *settings) {
      slot = std::move(old->second);
    } else {
      slot = std::make_unique<Quorum>(environment_, changed_, *settings);
    }
  }
}

void TrackProcesses::stop() {
  quorums_.clear();
}

TrackedState TrackProcesses::state(const std::string& name) const {
  const auto found = quorums_.find(name);
  return found == quorums_.end() ? TrackedState{} : found->second->state();
}

}  // namespace hald::vrrp
