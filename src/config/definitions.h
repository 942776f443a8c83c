// SPDX-License-Identifier: Apache-2.0
// Definitions: what the file has given a name to so far, for the lines that refer to it. compat: a line can
// name only what is defined above it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/model_track.h"

namespace hald::config {

enum class TrackKind : std::uint8_t { Interface, Script, File, Process, Bfd };

class Definitions {
 public:
  struct Trackable {
    TrackWeight weight;  ///< of lines that name none
    Position where;
  };

  /// The first of a name stays. False if there is one already.
  bool add(TrackKind kind, const std::string& name, Trackable trackable);
  [[nodiscard]] const Trackable* find(TrackKind kind, const std::string& name) const;
  /// Not found. Said in report_missing(), when it is known whether it stands further down.
  void missing(TrackKind kind, std::string name, Position where);
  void report_missing(Diagnostics& diagnostics) const;

  // Where the name stands.
  std::map<std::string, Position, std::less<>> instances;
  std::map<std::string, Position, std::less<>> sync_groups;
  std::map<std::string, Position, std::less<>> track_groups;

 private:
  struct Missing {
    TrackKind kind;
    std::string name;
    Position where;
  };
  using Names = std::map<std::string, Trackable, std::less<>>;

  [[nodiscard]] std::string nearest_name(const Missing& missing) const;

  std::map<TrackKind, Names> names_;
  std::vector<Missing> missing_;
};

/// The keyword that defines such a thing: "vrrp_script".
[[nodiscard]] std::string_view definer(TrackKind kind);

}  // namespace hald::config
