// SPDX-License-Identifier: Apache-2.0
// Builds vrrp_track_process.
#include <fmt/format.h>

#include "config/build_track.h"
#include "config/build_tracking.h"
#include "config/codes.h"
#include "config/named_block.h"

namespace hald::config {
namespace {

constexpr std::int64_t kLargestWeight = 254;

void take_weight_of_process(Values& values, const Node& node, TrackWeight& into) {
  take_first_weight(values, node, kLargestWeight, 0, into);
}

void read_process(TrackProcess& process, const Node& node, Values&) {
  process.path = node.arguments().front().text;
  for (const Word& word : node.arguments().subspan(1)) process.parameters.emplace_back(word.text);
  if (process.parameters.empty()) return;
  if (process.match == TrackProcess::Match::None) process.match = TrackProcess::Match::Exact;
  process.full_command = true;
}

void print_process(const TrackProcess& process, const Keyword& keyword, Document& out) {
  Item item = statement(keyword.name, {process.path});
  item.list = true;
  for (const std::string& each : process.parameters) item.values.emplace_back(each);
  out.push_back(std::move(item));
}

void read_match(TrackProcess& process, const Node& node, Values& values) {
  using Match = TrackProcess::Match;
  if (node.arguments().empty()) {
    process.match = Match::Exact;
  } else if (node.arguments().front().text == "initial") {
    process.match = Match::Initial;
  } else if (node.arguments().front().text == "partial") {
    process.match = Match::Partial;
  } else {
    const Word& word = node.arguments().front();
    values.diagnostics().error(
        word.where(), code::kBadChoice,
        fmt::format("`param_match` cannot be {}: the line is ignored", quote(word.text)),
        "param_match [initial|partial]; alone it means exactly these");
    return;
  }
  process.full_command = true;
}

void print_match(const TrackProcess& process, const Keyword& keyword, Document& out) {
  using Match = TrackProcess::Match;
  if (process.match == Match::None) return;
  Item item = statement(keyword.name, {});
  if (process.match == Match::Initial) item.values.emplace_back(std::string("initial"));
  if (process.match == Match::Partial) item.values.emplace_back(std::string("partial"));
  out.push_back(std::move(item));
}

void report_quorum(const Node& node, const std::string& message, Values& values) {
  values.diagnostics().error(node.arguments().front().where(), code::kContradiction,
                             message + ": the line is ignored");
}

void read_quorum(TrackProcess& process, const Node& node, Values& values) {
  unsigned quorum = 0;
  if (!take(values, node, quorum)) return;
  if (process.quorum_max && quorum > *process.quorum_max) {
    report_quorum(node, fmt::format("quorum {} is above quorum_max {}", quorum, *process.quorum_max), values);
    return;
  }
  process.quorum = quorum;
}

void read_quorum_max(TrackProcess& process, const Node& node, Values& values) {
  unsigned most = 0;
  if (!take(values, node, most)) return;
  // None at all is what is wanted, unless a quorum was written.
  const bool none = most == 0 && process.quorum <= 1;
  if (!none && most < process.quorum) {
    report_quorum(node, fmt::format("quorum_max {} is below quorum {}", most, process.quorum), values);
    return;
  }
  process.quorum_max = most;
  if (none) process.quorum = 0;
  if (most > 0 && process.quorum == 0) process.quorum = 1;
}

void print_quorum(const TrackProcess& process, const Keyword& keyword, Document& out) {
  if (process.quorum > 0) put(process.quorum, keyword, out);
}

void print_quorum_max(const TrackProcess& process, const Keyword& keyword, Document& out) {
  put(process.quorum_max, keyword, out);
}

void read_both_delays(TrackProcess& process, const Node& node, Values& values) {
  if (take(values, node, process.terminate_delay)) process.fork_delay = process.terminate_delay;
}

void read_delay(Values& values, const Node& node, Duration& into) {
  take(values, node, into);
}

void print_delay(Duration from, const Keyword& keyword, Document& out) {
  if (from > Duration::zero()) put(from, keyword, out);
}

const BlockBinding<TrackProcess>& process_words() {
  using P = TrackProcess;
  static const BlockBinding<TrackProcess> kBinding(
      BlockId::VrrpTrackProcess,
      {
          {"process", read_process, print_process},
          {"param_match", read_match, print_match},
          field_with<take_weight_of_process, put_weight, &P::weight>("weight"),
          {"quorum", read_quorum, print_quorum},
          {"quorum_max", read_quorum_max, print_quorum_max},
          action<P>("delay", read_both_delays),
          field_with<read_delay, print_delay, &P::terminate_delay>("terminate_delay"),
          field_with<read_delay, print_delay, &P::fork_delay>("fork_delay"),
          field<&P::full_command>("full_command"),
      });
  return kBinding;
}

}  // namespace

std::optional<TrackProcess> read_track_process(const Node& block, Values& values) {
  auto out = named<TrackProcess>(block);
  process_words().read(out, block, values);
  if (!out.path.empty()) return out;
  report_lack(block, "process", values);
  return {};
}

void print_track_process(const TrackProcess& process, Document& out) {
  print_named("vrrp_track_process", process_words(), process, out);
}

}  // namespace hald::config
