// SPDX-License-Identifier: Apache-2.0
// The part of the model about what moves priorities: scripts, files and processes that are watched, and the
// lines by which instances and sync groups refer to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "config/model_script.h"
#include "config/place.h"

namespace hald::config {

/// What the state of a tracked thing does to a priority. 0: while it is bad, the instance is in FAULT.
struct TrackWeight {
  std::int16_t value = 0;  ///< -253..253, of files and processes -254..254
  bool reverse = false;    ///< good and bad change places
  friend bool operator==(const TrackWeight&, const TrackWeight&) = default;
};

/// A line of track_script, track_interface and so on.
struct Tracked {
  std::string name;
  TrackWeight weight;
  Place where;
  friend bool operator==(const Tracked&, const Tracked&) = default;
};

/// Each name once in its list; all but interfaces are defined.
struct Tracking {
  std::vector<Tracked> interfaces;
  std::vector<Tracked> scripts;
  std::vector<Tracked> files;
  std::vector<Tracked> processes;
  std::vector<Tracked> bfds;
  friend bool operator==(const Tracking&, const Tracking&) = default;
};

/// vrrp_script
struct TrackScript {
  std::string name;
  Command command;
  Duration interval = std::chrono::seconds(1);  ///< from start to start, at least 1 ms
  Duration timeout{};                           ///< at least 1 ms; the interval when not given
  TrackWeight weight;                           ///< of lines that name none
  unsigned rise = 1;                            ///< good results in a row that make it good
  unsigned fall = 1;                            ///< bad results in a row that make it bad
  bool init_fail = false;                       ///< bad until it was good once
  Place where;
  friend bool operator==(const TrackScript&, const TrackScript&) = default;
};

/// track_file: a file that holds one number.
struct TrackFile {
  /// Creates it at the start.
  struct Initial {
    std::int32_t value = 0;
    bool overwrite = false;  ///< also if it is there
    friend bool operator==(const Initial&, const Initial&) = default;
  };
  std::string name;
  std::string path;
  TrackWeight weight{1, false};  ///< the number is multiplied by it
  std::optional<Initial> initial;
  Place where;
  friend bool operator==(const TrackFile&, const TrackFile&) = default;
};

/// vrrp_track_process
struct TrackProcess {
  enum class Match : std::uint8_t {
    None,     ///< parameters are not looked at
    Exact,    ///< all of them
    Partial,  ///< they contain these
    Initial   ///< they begin with these
  };
  std::string name;
  std::string path;
  std::vector<std::string> parameters;
  Match match = Match::None;
  bool full_command = false;  ///< the whole command line is compared, not the short name
  TrackWeight weight;
  unsigned quorum = 1;                 ///< fewest that are good, 0..65535
  std::optional<unsigned> quorum_max;  ///< most that are good
  Duration terminate_delay{};          ///< grace before a lost quorum counts, up to an hour
  Duration fork_delay{};               ///< grace before a regained one counts
  Place where;
  friend bool operator==(const TrackProcess&, const TrackProcess&) = default;
};

/// track_group: instances that decide together whether static items are installed.
struct TrackGroup {
  std::string name;
  std::vector<std::string> members;
  Place where;
  friend bool operator==(const TrackGroup&, const TrackGroup&) = default;
};

}  // namespace hald::config
