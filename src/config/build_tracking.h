// SPDX-License-Identifier: Apache-2.0
// The lines of track_interface, track_script, track_file, track_process and track_bfd, in instances and in
// sync groups: NAME [weight N [reverse|noreverse]].
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/definitions.h"
#include "config/document.h"
#include "config/model_track.h"
#include "config/tree.h"
#include "config/values.h"

namespace hald::config {

/// Adds the lines of a block; one that cannot be used is reported.
void read_tracking(const Node& block, TrackKind kind, Definitions& known, Values& values,
                   std::vector<Tracked>& into);
/// The list of that kind.
[[nodiscard]] std::vector<Tracked>& tracked(Tracking& tracking, TrackKind kind);
[[nodiscard]] const std::vector<Tracked>& tracked(const Tracking& tracking, TrackKind kind);

/// Nothing if there are none.
void print_tracking(const std::vector<Tracked>& from, TrackKind kind, const Keyword& keyword, Document& out);

/// `weight N [reverse]` of what can be tracked. False if nothing of it can be used.
bool take_weight(Values& values, const Node& node, std::int64_t limit, TrackWeight& into);
/// The same where a second one is refused. compat: unless the first one says what holds anyway.
bool take_first_weight(Values& values, const Node& node, std::int64_t limit, std::int16_t usual,
                       TrackWeight& into);
void put_weight(const TrackWeight& from, const Keyword& keyword, Document& out);

}  // namespace hald::config
