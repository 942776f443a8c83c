// SPDX-License-Identifier: Apache-2.0
#include "vrrp/track_scripts.h"

#include <utility>

#include <fmt/format.h>

#include "base/overloaded.h"
#include "vrrp/core/script_verdict.h"

namespace hald::vrrp {
namespace {

/// To be put behind the name, as keepalived's log has it: "failed (exited with status 3)".
std::string words_of(const proc::Ending& ending) {
  return std::visit(
      Overloaded{
          [](const proc::Exited& exited) {
            return exited.status == 0 ? std::string("succeeded")
                                      : fmt::format("failed (exited with status {})", exited.status);
          },
          [](const proc::Signaled& signaled) {
            return fmt::format("failed (due to signal {})", signaled.signal);
          },
          [](const proc::TimedOut&) { return std::string("timed_out"); },
          [](const proc::NotStarted& failure) { return fmt::format("failed ({})", failure.error.message()); },
          [](const proc::Refused& refused) { return fmt::format("failed ({})", refused.reason); }},
      ending);
}

}  // namespace

class TrackScripts::Script {
 public:
  Script(const Environment& environment, const Changed& changed, const config::TrackScript& settings)
      : environment_(environment),
        changed_(changed),
        settings_(settings),
        verdict_(first_verdict(settings.init_fail)),
        words_(settings.init_fail ? "has not succeeded yet" : "has not run yet") {}

  [[nodiscard]] const config::Command& command() const { return settings_.command; }
  /// The same script with these settings; begins it the first time.
  void follow(const config::TrackScript& settings, std::optional<proc::Command> command) {
    const bool other_pace = !begun_ || settings.interval != settings_.interval;
    settings_ = settings;
    command_ = std::move(command);
    if (other_pace) arm(begun_ ? started_ + settings_.interval : environment_.scheduler.now());
    begun_ = true;
  }
  /// Goes on as in the run before.
  void resume(const CarriedScript& carried) {
    verdict_ = carried.verdict;
    words_ = carried.words;
  }
  [[nodiscard]] std::optional<CarriedScript> carry() const {
    if (!verdict_.known) return std::nullopt;
    return CarriedScript{settings_.name, settings_.command.words, verdict_, words_};
  }
  [[nodiscard]] TrackedState state() const {
    using Is = TrackedState::Is;
    return {!verdict_.known ? Is::Unknown : verdict_.good ? Is::Good : Is::Bad, 0, words_};
  }

 private:
  void arm(TimePoint when) {
    due_ = when;
    timer_ = environment_.scheduler.at(when, [this] { run(); });
  }
  void run();
  void judge(const proc::Ending& ending);
  void note_status(const proc::Ending& ending);

  const Environment& environment_;
  const Changed& changed_;
  config::TrackScript settings_;
  std::optional<proc::Command> command_;
  ScriptVerdict verdict_;
  std::string words_;
  int last_status_ = 0;
  bool begun_ = false;
  bool late_ = false;  // what runs has been judged already: it took too long
  TimePoint due_;
  TimePoint started_;
  TimerHandle timer_;
  std::unique_ptr<proc::Execution> execution_;
};

void TrackScripts::Script::run() {
  // From the time it was due: lateness must not add up.
  started_ = due_;
  const TimePoint now = environment_.scheduler.now();
  arm(due_ + settings_.interval > now ? due_ + settings_.interval : now + settings_.interval);
  if (execution_) {
    environment_.log.limited(log::Level::Info, "vrrp.script.busy." + settings_.name,
                             fmt::format("Track script {} is {}, expect idle - skipping run", settings_.name,
                                         late_ ? "being timed out" : "already running"));
    return;
  }
  if (!command_ || environment_.spawner == nullptr) {
    return judge(proc::NotStarted{proc::StartStep::User, protocol_error("find the account to run it as")});
  }
  late_ = false;
  proc::RunOptions options;
  options.limit = settings_.timeout > Duration::zero() ? settings_.timeout : settings_.interval;
  proc::Watcher watcher;
  // A script that does not even end when it is told to has failed all the same, and long since.
  watcher.late = [this] {
    late_ = true;
    judge(proc::TimedOut{});
  };
  watcher.ended = [this](const proc::Report& report) {
    execution_.reset();
    if (!report.insecure.empty()) {
      environment_.log.limited(
          log::Level::Warning, "vrrp.script.insecure." + settings_.name,
          fmt::format("SECURITY VIOLATION - script {}: {}", settings_.name, report.insecure), {},
          std::chrono::hours(1));
    }
    if (!std::exchange(late_, false)) judge(report.ending);
  };
  execution_ = environment_.spawner->start(*command_, options, std::move(watcher));
}

void TrackScripts::Script::judge(const proc::Ending& ending) {
  note_status(ending);
  const ScriptVerdict before = verdict_;
  verdict_ = fold({settings_.rise, settings_.fall}, before, proc::succeeded(ending));
  if (before.known && before.good == verdict_.good) return;
  words_ = words_of(ending);
  environment_.log.info(fmt::format("VRRP_Script({}) {}", settings_.name, words_),
                        {{"script", settings_.name}});
  changed_(settings_.name);
}

void TrackScripts::Script::note_status(const proc::Ending& ending) {
  const auto* exited = std::get_if<proc::Exited>(&ending);
  if (exited == nullptr || exited->status == last_status_) return;
  last_status_ = exited->status;
  environment_.log.info(fmt::format("Script `{}` now returning {}", settings_.name, last_status_),
                        {{"script", settings_.name}});
}

TrackScripts::TrackScripts(const Environment& environment, Changed changed)
    : environment_(environment), changed_(std::move(changed)) {}

TrackScripts::~TrackScripts() = default;

void TrackScripts::apply(const std::vector<const config::TrackScript*>& wanted, const Prepare& prepare) {
  auto before = std::exchange(scripts_, {});
  for (const config::TrackScript* settings : wanted) {
    auto& slot = scripts_[settings->name];
    if (const auto old = before.find(settings->name);
        old != before.end() && old->second->command() == settings->command) {
      slot = std::move(old->second);
    } else {
      slot = std::make_unique<Script>(environment_, changed_, *settings);
      for (const CarriedScript& carried : carried_) {
        if (carried.name == settings->name && carried.command == settings->command.words)
          slot->resume(carried);
      }
    }
    slot->follow(*settings,
                 prepare ? prepare(settings->command) : proc::Command{settings->command.words, std::nullopt});
  }
  carried_.clear();
}

std::vector<CarriedScript> TrackScripts::carry() const {
  std::vector<CarriedScript> out;
  for (const auto& [name, script] : scripts_) {
    if (auto carried = script->carry()) out.push_back(std::move(*carried));
  }
  return out;
}

void TrackScripts::stop() {
  scripts_.clear();
}

TrackedState TrackScripts::state(const std::string& name) const {
  const auto found = scripts_.find(name);
  return found == scripts_.end() ? TrackedState{} : found->second->state();
}

}  // namespace hald::vrrp
