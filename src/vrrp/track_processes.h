// SPDX-License-Identifier: Apache-2.0
// TrackProcesses: whether as many of the processes that somebody tracks run as should.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/model_track.h"
#include "vrrp/core/tracked.h"
#include "vrrp/environment.h"

namespace hald::vrrp {

class TrackProcesses {
 public:
  /// Called when a quorum was gained or lost, from a turn of the loop of its own.
  using Changed = std::function<void(const std::string& name)>;

  TrackProcesses(const Environment& environment, Changed changed);
  TrackProcesses(const TrackProcesses&) = delete;
  TrackProcesses& operator=(const TrackProcesses&) = delete;
  ~TrackProcesses();

  /// Counts these from now on, and no others. What is unchanged keeps its count and its delays.
  void apply(const std::vector<const config::TrackProcess*>& wanted);
  [[nodiscard]] TrackedState state(const std::string& name) const;
  void stop();

 private:
  class Quorum;

  const Environment environment_;
  Changed changed_;
  std::map<std::string, std::unique_ptr<Quorum>, std::less<>> quorums_;
};

}  // namespace hald::vrrp
