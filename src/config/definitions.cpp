// SPDX-License-Identifier: Apache-2.0
#include "config/definitions.h"

#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/keywords.h"

namespace hald::config {

std::string_view definer(TrackKind kind) {
  switch (kind) {
    case TrackKind::Script: return "vrrp_script";
    case TrackKind::File: return "track_file";
    case TrackKind::Process: return "vrrp_track_process";
    case TrackKind::Bfd: return "bfd_instance";
    case TrackKind::Interface: break;
  }
  return "interface";
}

bool Definitions::add(TrackKind kind, const std::string& name, Trackable trackable) {
  return names_[kind].emplace(name, trackable).second;
}

const Definitions::Trackable* Definitions::find(TrackKind kind, const std::string& name) const {
  const auto names = names_.find(kind);
  if (names == names_.end()) return nullptr;
  const auto found = names->second.find(name);
  return found == names->second.end() ? nullptr : &found->second;
}

void Definitions::missing(TrackKind kind, std::string name, Position where) {
  missing_.push_back({kind, std::move(name), where});
}

std::string Definitions::nearest_name(const Missing& missing) const {
  const auto names = names_.find(missing.kind);
  if (names == names_.end()) return {};
  std::vector<std::string_view> known;
  for (const auto& [name, trackable] : names->second) known.push_back(name);
  return std::string(nearest(known, missing.name));
}

void Definitions::report_missing(Diagnostics& diagnostics) const {
  for (const Missing& each : missing_) {
    if (const Trackable* found = find(each.kind, each.name)) {
      diagnostics
          .error(each.where, code::kUnknownName,
                 fmt::format("{} {} is defined further down: the line is ignored", definer(each.kind),
                             quote(each.name)),
                 "a line can name only what stands above it: move the definition up")
          .see(found->where, "it is defined here");
      continue;
    }
    // Working out what was meant costs; what nobody will see need not be.
    const std::string near = diagnostics.full(code::kUnknownName) ? std::string{} : nearest_name(each);
    diagnostics.error(
        each.where, code::kUnknownName,
        fmt::format("there is no {} {}: the line is ignored", definer(each.kind), quote(each.name)),
        near.empty() ? std::string{} : fmt::format("did you mean {}?", quote(near)));
  }
}

}  // namespace hald::config
