// SPDX-License-Identifier: Apache-2.0
// Builds what can be tracked: vrrp_script, track_file, vrrp_track_process.
#pragma once

#include <optional>
#include <vector>

#include "config/document.h"
#include "config/model_track.h"
#include "config/tree.h"
#include "config/values.h"

namespace hald::config {

// Nothing, with a message, if the block is of no use.
[[nodiscard]] std::optional<TrackScript> read_track_script(const Node& block, Values& values);
[[nodiscard]] std::optional<TrackFile> read_track_file(const Node& block, Values& values);
[[nodiscard]] std::optional<TrackProcess> read_track_process(const Node& block, Values& values);

void print_track_script(const TrackScript& script, Document& out);
void print_track_file(const TrackFile& file, Document& out);
void print_track_process(const TrackProcess& process, Document& out);

}  // namespace hald::config
