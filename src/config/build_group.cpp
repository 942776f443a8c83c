// SPDX-License-Identifier: Apache-2.0
#include "config/build_group.h"

#include <utility>

#include <fmt/format.h>

#include "config/build_tracking.h"
#include "config/codes.h"
#include "config/named_block.h"
#include "config/script.h"

namespace hald::config {
namespace {

template <TrackKind Kind>
void read_tracked(SyncGroupDraft& group, const Node& block, Values& values) {
  read_tracking(block, Kind, *group.known, values, tracked(group.out.track, Kind));
}

template <TrackKind Kind>
void print_tracked(const SyncGroupDraft& group, const Keyword& keyword, Document& out) {
  print_tracking(tracked(group.out.track, Kind), Kind, keyword, out);
}

void read_members(SyncGroupDraft& group, const Node& block, Values&) {
  read_names(block, group.out.members);
  for (const Node line : block.children()) {
    for (const Word& word : line.words()) group.member_places.emplace_back(word.where());
  }
}

void print_members(const SyncGroupDraft& group, const Keyword& keyword, Document& out) {
  print_names(keyword.name, group.out.members, out);
}

void read_global_tracking(SyncGroupDraft& group, const Node& node, Values& values) {
  group.out.tracking_weight = true;
  values.diagnostics()
      .warning(
          node.where(), code::kReplacedWord, "`global_tracking` is an old word",
          "track on the sync group itself, and write `sync_group_tracking_weight` if members have weights")
      .as_keepalived();
}

const BlockBinding<SyncGroupDraft>& sync_group_words() {
  using D = SyncGroupDraft;
  using G = SyncGroup;
  using N = Notifications;
  static const BlockBinding<D> kBinding(
      BlockId::VrrpSyncGroup,
      {
          {"group", read_members, print_members},
          {"track_interface", read_tracked<TrackKind::Interface>, print_tracked<TrackKind::Interface>},
          {"track_script", read_tracked<TrackKind::Script>, print_tracked<TrackKind::Script>},
          {"track_file", read_tracked<TrackKind::File>, print_tracked<TrackKind::File>},
          {"track_process", read_tracked<TrackKind::Process>, print_tracked<TrackKind::Process>},
          {"track_bfd", read_tracked<TrackKind::Bfd>, print_tracked<TrackKind::Bfd>},
          field<&D::out, &G::tracking_weight>("sync_group_tracking_weight"),
          action<D>("global_tracking", read_global_tracking),
          field<&D::out, &G::notify, &N::backup>("notify_backup"),
          field<&D::out, &G::notify, &N::master>("notify_master"),
          field<&D::out, &G::notify, &N::fault>("notify_fault"),
          field<&D::out, &G::notify, &N::stop>("notify_stop"),
          field<&D::out, &G::notify, &N::any>("notify"),
          field<&D::smtp_alert>("smtp_alert"),
          field<&D::out, &G::notify_priority_changes>("notify_priority_changes"),
      });
  return kBinding;
}

void read_track_members(TrackGroup& group, const Node& block, Values&) {
  read_names(block, group.members);
}

void print_track_members(const TrackGroup& group, const Keyword& keyword, Document& out) {
  print_names(keyword.name, group.members, out);
}

const BlockBinding<TrackGroup>& track_group_words() {
  static const BlockBinding<TrackGroup> kBinding(BlockId::TrackGroup,
                                                 {{"group", read_track_members, print_track_members}});
  return kBinding;
}

}  // namespace

std::optional<TrackGroup> read_track_group(const Node& block, Definitions& known, Values& values) {
  if (!has_one_name(block, values)) return {};
  if (!take_name(block, known.track_groups, code::kDuplicateName, values)) return {};
  auto out = named<TrackGroup>(block);
  track_group_words().read(out, block, values);
  if (!out.members.empty()) return out;
  known.track_groups.erase(out.name);
  report_lack(block, "group", values);
  return {};
}

std::optional<SyncGroupDraft> read_sync_group(const Node& block, Definitions& known, Values& values) {
  if (!has_one_name(block, values)) return {};
  if (!take_name(block, known.sync_groups, code::kDuplicateName, values)) return {};
  SyncGroupDraft out;
  out.out = named<SyncGroup>(block);
  out.known = &known;
  sync_group_words().read(out, block, values);
  if (!out.out.members.empty()) return out;
  known.sync_groups.erase(out.out.name);
  report_lack(block, "group", values);
  return {};
}

void print_track_group(const TrackGroup& group, Document& out) {
  print_named("track_group", track_group_words(), group, out);
}

void print_sync_group(const SyncGroup& group, Document& out) {
  SyncGroupDraft draft;
  draft.out = group;
  draft.smtp_alert = group.smtp_alert;
  Document inside;
  sync_group_words().print(draft, inside);
  out.push_back(named_item("vrrp_sync_group", group.name, std::move(inside)));
}

}  // namespace hald::config
