// SPDX-License-Identifier: Apache-2.0
#include "config/build_track.h"

#include <utility>

#include <fmt/format.h>

#include "config/build_tracking.h"
#include "config/codes.h"
#include "config/named_block.h"
#include "config/script.h"

namespace hald::config {
namespace {

constexpr std::int64_t kLargestScriptWeight = 253;
constexpr std::int64_t kLargestWeight = 254;

void read_script_weight(Values& values, const Node& node, TrackWeight& into) {
  take_weight(values, node, kLargestScriptWeight, into);
}

void read_file_weight(Values& values, const Node& node, TrackWeight& into) {
  take_first_weight(values, node, kLargestWeight, TrackFile{}.weight.value, into);
}

/// Scripts are timed to the millisecond.
void read_milliseconds(Values& values, const Node& node, Duration& into) {
  if (!take(values, node, into)) return;
  constexpr Duration kUnit = std::chrono::milliseconds(1);
  const Duration rounded = (into + kUnit / 2) / kUnit * kUnit;
  if (rounded == into) return;
  values.diagnostics()
      .warning(node.arguments().front().where(), code::kPrecision,
               fmt::format("{} is rounded to milliseconds", quote(node.arguments().front().text)))
      .as_keepalived();
  into = rounded;
}

void read_script_user(TrackScript& script, const Node& node, Values& values) {
  take(values, node, script.command.run_as);
}

void print_script_user(const TrackScript& script, const Keyword& keyword, Document& out) {
  put(script.command.run_as, keyword, out);
}

/// Leaves the account alone: it has a word of its own.
void read_script(TrackScript& script, const Node& node, Values& values) {
  Command command;
  if (!take(values, node, command)) return;
  script.command.words = std::move(command.words);
  script.command.where = command.where;
}

void print_script(const TrackScript& script, const Keyword& keyword, Document& out) {
  Command command;
  command.words = script.command.words;
  put(command, keyword, out);
}

const BlockBinding<TrackScript>& script_words() {
  using S = TrackScript;
  static const BlockBinding<TrackScript> kBinding(
      BlockId::VrrpScript, {
                               {"script", read_script, print_script},
                               {"user", read_script_user, print_script_user},
                               field_by<read_milliseconds, &S::interval>("interval"),
                               field_by<read_milliseconds, &S::timeout>("timeout"),
                               field_with<read_script_weight, put_weight, &S::weight>("weight"),
                               field<&S::rise>("rise"),
                               field<&S::fall>("fall"),
                               field<&S::init_fail>("init_fail"),
                           });
  return kBinding;
}

void read_initial(Values& values, const Node& node, std::optional<TrackFile::Initial>& into) {
  TrackFile::Initial out;
  for (const Word& word : node.arguments()) {
    const bool is_number =
        word.text.starts_with('-') || (!word.text.empty() && word.text[0] >= '0' && word.text[0] <= '9');
    if (word.text == "overwrite") {
      out.overwrite = true;
    } else if (!is_number) {
      values.diagnostics().error(
          word.where(), code::kUnknownWord,
          fmt::format("{} is no option of `init_file`: it is ignored", quote(word.text)),
          "init_file [VALUE] [overwrite]");
    } else if (const auto number = parse_whole(word.text);
               !number || *number < INT32_MIN || *number > INT32_MAX) {
      values.diagnostics().error(
          word.where(), code::kBadNumber,
          fmt::format("{} is no number a file can begin with: 0 is used", quote(word.text)));
      out.value = 0;
    } else {
      out.value = static_cast<std::int32_t>(*number);
      if (*number < -kLargestWeight || *number > kLargestWeight) {
        values.diagnostics()
            .warning(word.where(), code::kOutOfRange,
                     fmt::format("{} is more than any priority can be moved", quote(word.text)))
            .as_keepalived();
      }
    }
  }
  into = out;
}

void print_initial(const std::optional<TrackFile::Initial>& from, const Keyword& keyword, Document& out) {
  if (!from) return;
  Item item = statement(keyword.name, {static_cast<std::int64_t>(from->value)});
  item.inside.push_back(flag_item("overwrite", from->overwrite));
  out.push_back(std::move(item));
}

const BlockBinding<TrackFile>& file_words(BlockId block) {
  using F = TrackFile;
  static const std::vector<Binding<TrackFile>> kRows{
      field<&F::path>("file"),
      field_with<read_file_weight, put_weight, &F::weight>("weight"),
      field_with<read_initial, print_initial, &F::initial>("init_file"),
  };
  static const BlockBinding<TrackFile> kNew(BlockId::TrackFile, kRows);
  static const BlockBinding<TrackFile> kOld(BlockId::VrrpTrackFile, kRows);
  return block == BlockId::TrackFile ? kNew : kOld;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool can_be_tracked(const TrackFile& file, Position where, Values& values) {
  const Machine& machine = values.machine();
  const auto folder = machine.real_path(folder_of(file.path));
  const auto refuse = [&](std::string_view why) {
    values.diagnostics().error(where, code::kUnwatchable,
                               fmt::format("{} cannot be tracked: {}", quote(file.path), why));
    return false;
  };
  if (!folder) return refuse("its folder does not exist");
  if (!machine.can_watch(*folder)) return refuse("its file system is read-only or tells of no changes");
  if (!file.initial || !file.initial->overwrite) return true;
  const auto real = machine.real_path(file.path);
  const auto facts = real ? machine.facts(*real) : std::nullopt;
  return !facts || facts->kind == FileFacts::Kind::Regular || refuse("it is no file to write a number into");
}

}  // namespace

std::optional<TrackScript> read_track_script(const Node& block, Values& values) {
  auto out = named<TrackScript>(block);
  script_words().read(out, block, values);
  if (out.timeout == Duration::zero()) out.timeout = out.interval;
  if (!out.command.words.empty()) return out;
  report_lack(block, "script", values);
  return {};
}

std::optional<TrackFile> read_track_file(const Node& block, Values& values) {
  auto out = named<TrackFile>(block);
  file_words(block.keyword().block).read(out, block, values);
  if (out.path.empty()) {
    report_lack(block, "file", values);
    return {};
  }
  if (!can_be_tracked(out, out.where, values)) return {};
  return out;
}

void print_track_script(const TrackScript& script, Document& out) {
  print_named("vrrp_script", script_words(), script, out);
}

void print_track_file(const TrackFile& file, Document& out) {
  print_named("track_file", file_words(BlockId::TrackFile), file, out);
}

}  // namespace hald::config
