// SPDX-License-Identifier: Apache-2.0
// TrackFiles: the numbers in files that somebody tracks, kept as they change.
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

class TrackFiles {
 public:
  /// Called when the number of a file changed, from a turn of the loop of its own.
  using Changed = std::function<void(const std::string& name)>;

  TrackFiles(const Environment& environment, Changed changed);
  TrackFiles(const TrackFiles&) = delete;
  TrackFiles& operator=(const TrackFiles&) = delete;
  ~TrackFiles();

  /// Creates those of all files that are to be created at the start; once.
  void create(const std::vector<config::TrackFile>& files);
  /// Watches these from now on, and no others. The same name with the same path is the same file.
  void apply(const std::vector<const config::TrackFile*>& wanted);
  [[nodiscard]] TrackedState state(const std::string& name) const;
  void stop();

 private:
  class File;

  const Environment environment_;
  Changed changed_;
  bool created_ = false;
  std::map<std::string, std::unique_ptr<File>, std::less<>> files_;
};

}  // namespace hald::vrrp
