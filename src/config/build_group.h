// SPDX-License-Identifier: Apache-2.0
// Builds track_group and vrrp_sync_group as they are written. Whether their members exist is known when the
// whole file is read (complete_group.h).
#pragma once

#include <optional>

#include "config/definitions.h"
#include "config/document.h"
#include "config/model_vrrp.h"
#include "config/tree.h"
#include "config/values.h"

namespace hald::config {

/// Nothing, with a message, if it has no name of its own or no members.
[[nodiscard]] std::optional<TrackGroup> read_track_group(const Node& block, Definitions& known,
                                                         Values& values);

struct SyncGroupDraft {
  SyncGroup out;
  std::vector<Place> member_places;  ///< of out.members
  std::optional<bool> smtp_alert;
  Definitions* known = nullptr;
};
[[nodiscard]] std::optional<SyncGroupDraft> read_sync_group(const Node& block, Definitions& known,
                                                            Values& values);

void print_track_group(const TrackGroup& group, Document& out);
void print_sync_group(const SyncGroup& group, Document& out);

}  // namespace hald::config
