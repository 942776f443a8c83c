// SPDX-License-Identifier: Apache-2.0
// Scripts that nothing tracks, and scripts that may still run when they are due again.
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/lint.h"

namespace hald::config {
namespace {

std::set<std::string_view> tracked_scripts(const Config& config) {
  std::set<std::string_view> out;
  for (const VrrpInstance& instance : config.instances) {
    for (const Tracked& script : instance.track.scripts) out.insert(script.name);
  }
  for (const SyncGroup& group : config.sync_groups) {
    for (const Tracked& script : group.track.scripts) out.insert(script.name);
  }
  return out;
}

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

namespace lint_parts {

void scripts(const Config& config, Diagnostics& diagnostics) {
  const auto tracked = tracked_scripts(config);
  for (const TrackScript& script : config.track_scripts) {
    if (script.timeout > script.interval) {
      diagnostics.warning(
          script.where, code::kScriptTimeout,
          fmt::format("{} may run for {} s and is due every {} s: it is skipped while it still runs",
                      quote(script.name), seconds(script.timeout), seconds(script.interval)),
          "make the timeout no longer than the interval");
    }
    if (!tracked.contains(script.name)) {
      diagnostics.warning(
          script.where, code::kUnusedScript,
          fmt::format("nothing tracks {}: it decides nothing", quote(script.name)),
          fmt::format("write track_script {{ {} }} in an instance or a sync group", script.name));
    }
  }
}

}  // namespace lint_parts
}  // namespace hald::config
