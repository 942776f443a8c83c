// SPDX-License-Identifier: Apache-2.0
// Builds the checks that ask nothing over the network: MISC_CHECK, FILE_CHECK and BFD_CHECK.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/build_check.h"
#include "config/codes.h"
#include "config/line_words.h"
#include "config/script.h"

namespace hald::config {
namespace {

constexpr std::int64_t kMaxWeight = 2'147'483'647;

// FILE_CHECK

struct FileWords {
  Word file;
  std::optional<std::int32_t> weight;
  bool reverse = false;
};

void read_file_weight(FileWords& into, const Node& node, Values& values) {
  const auto arguments = node.arguments();
  const auto weight = parse_whole(arguments[0].text);
  if (!weight || *weight < -kMaxWeight || *weight > kMaxWeight) {
    values.diagnostics().error(arguments[0].where(), code::kBadWeight,
                               fmt::format("{} is no weight: the line is ignored", quote(arguments[0].text)),
                               fmt::format("`weight` takes {}..{}", -kMaxWeight, kMaxWeight));
    return;
  }
  const std::string_view option = arguments.size() > 1 ? arguments[1].text : "noreverse";
  if (option != "reverse" && option != "noreverse") {
    values.diagnostics().error(arguments[1].where(), code::kBadChoice,
                               fmt::format("{} cannot follow a weight: the line is ignored", quote(option)),
                               "only `reverse` and `noreverse` can");
    return;
  }
  into.weight = static_cast<std::int32_t>(*weight);
  into.reverse = option == "reverse";
}

void print_file_weight(const FileWords& from, const Keyword& keyword, Document& out) {
  if (!from.weight) return;
  Item item = statement(keyword.name, {std::int64_t{*from.weight}});
  if (from.reverse) item.values.emplace_back(std::string("reverse"));
  out.push_back(std::move(item));
}

const BlockBinding<FileWords>& file_words() {
  static const BlockBinding<FileWords> kWords(
      BlockId::FileCheck,
      {{"track_file",
        [](FileWords& into, const Node& node, Values&) { into.file = node.arguments().front(); },
        [](const FileWords& from, const Keyword& keyword, Document& out) {
          put(std::string(from.file.text), keyword, out);
        }},
       {"weight", read_file_weight, print_file_weight}});
  return kWords;
}

// BFD_CHECK

struct BfdWords {
  std::vector<Word> names;
  std::optional<bool> alpha;
};

const BlockBinding<BfdWords>& bfd_words() {
  static const BlockBinding<BfdWords> kWords(
      BlockId::BfdCheck, {{"name",
                           [](BfdWords& into, const Node& node, Values& values) {
                             if (has_one_value(node, values)) into.names.push_back(node.arguments().front());
                           },
                           [](const BfdWords& from, const Keyword& keyword, Document& out) {
                             put(std::string(from.names.front().text), keyword, out);
                           }},
                          word_of<BfdWords, &BfdWords::alpha>("alpha")});
  return kWords;
}

/// True if another check of the server follows this session.
bool follows(const ShortList<Check>& checks, std::string_view session) {
  return std::any_of(checks.begin(), checks.end(), [session](const Check& check) {
    const auto* bfd = std::get_if<Boxed<BfdCheck>>(&check);
    return bfd != nullptr && (*bfd)->name == session;
  });
}

// MISC_CHECK

struct MiscWords : RhythmWords {
  MiscCheck check;
  RunAs run_as;
  bool log_all_failures = false;
};

void read_timeout(MiscWords& into, const Node& node, Values& values) {
  const auto timeout = values.time(node);
  if (!timeout) return;
  // compat: 0 stands for the virtual server's delay_loop, too.
  if (timeout->count() == 0)
    into.check.timeout.reset();
  else
    into.check.timeout = timeout;
}

const BlockBinding<MiscWords>& misc_words() {
  static const BlockBinding<MiscWords> kWords(
      BlockId::MiscCheck,
      joined(
          rhythm_words<MiscWords>(),
          {{"misc_path",
            [](MiscWords& into, const Node& node, Values& values) { take(values, node, into.check.command); },
            [](const MiscWords& from, const Keyword& keyword, Document& out) {
              Command command = from.check.command;
              command.run_as = {};
              put(command, keyword, out);
            }},
           {"user",
            [](MiscWords& into, const Node& node, Values& values) { take(values, node, into.run_as); },
            [](const MiscWords& from, const Keyword& keyword, Document& out) {
              put(from.check.command.run_as, keyword, out);
            }},
           word_of<MiscWords, &MiscWords::log_all_failures>("log_all_failures"),
           {"misc_timeout", read_timeout,
            [](const MiscWords& from, const Keyword& keyword, Document& out) {
              put(from.check.timeout, keyword, out);
            }},
           {"misc_dynamic", [](MiscWords& into, const Node&, Values&) { into.check.dynamic = true; },
            [](const MiscWords& from, const Keyword& keyword, Document& out) {
              put(from.check.dynamic, keyword, out);
            }}}));
  return kWords;
}

void report_incomplete(const Node& block, std::string_view what, std::string_view help, Values& values) {
  values.diagnostics().error(block.where(), code::kIncompleteCheck,
                             fmt::format("{} has no {}: it is ignored", block.keyword().name, what),
                             std::string(help));
}

void report_unknown(const Word& word, std::string_view what, Values& values) {
  values.diagnostics().error(
      word.where(), code::kUnknownName,
      fmt::format("there is no {} {} above: the check is ignored", what, quote(word.text)));
}

}  // namespace

void build_file_check(const Node& block, const CheckContext& context, ShortList<Check>& into,
                      Values& values) {
  FileWords words;
  file_words().read(words, block, values);
  if (words.file.line == 0) return report_incomplete(block, "track_file", "write `track_file NAME`", values);
  const auto found = context.sources.track_files.find(words.file.text);
  if (found == context.sources.track_files.end()) return report_unknown(words.file, "track_file", values);
  FileCheck check;
  check.track_file = found->first;
  check.weight = words.weight.value_or(found->second.weight);
  check.reverse = words.weight ? words.reverse : found->second.reverse;
  into.push_back(Boxed(std::move(check)));
}

void print(const FileCheck& check, Document& out) {
  FileWords words;
  words.file.text = check.track_file;
  words.weight = check.weight;
  words.reverse = check.reverse;
  Document inside;
  file_words().print(words, inside);
  out.push_back(many(block_item("FILE_CHECK", {}, std::move(inside))));
}

void build_bfd_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values) {
  BfdWords words;
  bfd_words().read(words, block, values);
  if (words.names.empty()) return report_incomplete(block, "name", "write `name BFD_INSTANCE`", values);
  const Word& name = words.names.front();
  if (!context.sources.bfd_instances.contains(name.text)) return report_unknown(name, "bfd_instance", values);
  // compat: a second name, or a second check of one session, costs the check.
  if (words.names.size() > 1 || follows(into, name.text)) {
    values.diagnostics().error(words.names.back().where(), code::kRepeatedWord,
                               words.names.size() > 1
                                   ? "a BFD_CHECK has one name: the check is ignored"
                                   : "another BFD_CHECK follows this session: this one is ignored");
    return;
  }
  BfdCheck check;
  check.name = name.text;
  check.alpha = words.alpha.value_or(context.outer.alpha.value_or(false));
  into.push_back(Boxed(std::move(check)));
}

void print(const BfdCheck& check, Document& out) {
  BfdWords words;
  words.names.emplace_back().text = check.name;
  words.alpha = check.alpha;
  Document inside;
  bfd_words().print(words, inside);
  out.push_back(many(block_item("BFD_CHECK", {}, std::move(inside))));
}

void build_misc_check(const Node& block, const CheckContext& context, ShortList<Check>& into,
                      Values& values) {
  MiscWords words;
  misc_words().read(words, block, values);
  RhythmWords rhythm = words.inside(context.outer);
  rhythm.connect_timeout.reset();  // it connects to nothing
  KindDefaults kind;
  kind.retry = 0;
  CheckSettings settings;
  settings.timing = timing_of(rhythm, kind);
  settings.alpha = rhythm.alpha.value_or(false);
  settings.log_all_failures = words.log_all_failures;
  words.check.settings = context.pool.share(std::move(settings));
  if (words.check.command.words.empty())
    return report_incomplete(block, "misc_path", "write `misc_path COMMAND`", values);
  words.check.command.run_as = std::move(words.run_as);
  into.push_back(Boxed(std::move(words.check)));
}

void print(const MiscCheck& check, Document& out) {
  MiscWords words;
  words.check = check;
  unsettle(*check.settings, words);
  words.connect_timeout.reset();
  words.log_all_failures = check.settings->log_all_failures;
  Document inside;
  misc_words().print(words, inside);
  out.push_back(many(block_item("MISC_CHECK", {}, std::move(inside))));
}

}  // namespace hald::config
