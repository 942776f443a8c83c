// SPDX-License-Identifier: Apache-2.0
// TrackScripts: runs the scripts that somebody tracks, each at its interval and never twice at once, and
// keeps what their results come to (core/script_verdict.h). A script that a reload left alone goes on as if
// nothing had happened.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/model_track.h"
#include "vrrp/core/carried.h"
#include "vrrp/core/tracked.h"
#include "vrrp/environment.h"

namespace hald::vrrp {

class TrackScripts {
 public:
  /// Called when a script became good or bad, from a turn of the loop of its own.
  using Changed = std::function<void(const std::string& name)>;

  TrackScripts(const Environment& environment, Changed changed);
  TrackScripts(const TrackScripts&) = delete;
  TrackScripts& operator=(const TrackScripts&) = delete;
  ~TrackScripts();

  /// Before the first apply(): what they had come to in the run before.
  void resume(std::vector<CarriedScript> scripts) { carried_ = std::move(scripts); }
  /// Of those that have come to something.
  [[nodiscard]] std::vector<CarriedScript> carry() const;
  /// Runs these from now on, and no others. The same name with the same command is the same script.
  void apply(const std::vector<const config::TrackScript*>& wanted, const Prepare& prepare);
  [[nodiscard]] TrackedState state(const std::string& name) const;
  /// Ends what runs.
  void stop();

 private:
  class Script;

  const Environment environment_;
  Changed changed_;
  std::vector<CarriedScript> carried_;  // until the first apply()
  std::map<std::string, std::unique_ptr<Script>, std::less<>> scripts_;
};

}  // namespace hald::vrrp
