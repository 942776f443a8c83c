// SPDX-License-Identifier: Apache-2.0
// Configurations written by strangers: every one loads in bounded time and says something sensible. Where a
// verdict of keepalived is known (oracle.json: the exit status of its own test), the agreement is printed.
// The files are read from ../shared/corpus and from Debian's keepalived package; where they are absent the
// test is skipped.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/load.h"
#include "config/render.h"
#include "fakes/cpu_time.h"

namespace hald::config {
namespace {

namespace fs = std::filesystem;

const fs::path kCorpus = fs::path(HALD_SOURCE_DIR) / "../shared/corpus";
const fs::path kSamples = "/usr/share/doc/keepalived/samples";

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> out;
  if (!fs::is_directory(folder)) return out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && name.find(".conf") != std::string::npos) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// keepalived's exit status for each file on a machine that has all it names. The oracle is JSON with one key
/// to a line; that much is read here.
std::map<std::string, int> read_oracle(const fs::path& path) {
  std::map<std::string, int> out;
  std::ifstream in(path);
  std::string name;
  for (std::string line; std::getline(in, line);) {
    const auto begin = line.find('"');
    if (begin == std::string::npos) continue;
    const auto key = line.substr(begin + 1, line.find('"', begin + 1) - begin - 1);
    if (begin == 1) name = key;
    if (begin == 2 && key == "exit") out[name] = std::stoi(line.substr(line.find(':') + 1));
  }
  return out;
}

Loaded load_in_time(const fs::path& path) {
  const double start = fakes::cpu_seconds();
  Loaded loaded = load_file(path.string());
  EXPECT_LT(fakes::cpu_seconds() - start, 2.0) << path;
  return loaded;
}

/// What must hold of any outcome.
void check(const fs::path& path, const Loaded& loaded) {
  SCOPED_TRACE(path.string());
  EXPECT_TRUE(loaded.readable);
  ASSERT_NE(loaded.config, nullptr);
  for (const Diagnostic& each : loaded.diagnostics.all()) {
    EXPECT_FALSE(each.message.empty());
    EXPECT_FALSE(each.code.empty());
    EXPECT_FALSE(render(loaded.diagnostics, each).empty());
    EXPECT_EQ(each.where.line > 0, !each.excerpt.text.empty()) << each.message;
  }
}

TEST(Corpus, EveryFileLoads) {
  const auto files = files_below(kCorpus);
  if (files.empty()) GTEST_SKIP() << "no corpus at " << kCorpus;
  const auto oracle = read_oracle(kCorpus / "oracle.json");
  int known = 0;
  int agreed = 0;
  std::string differing;
  for (const auto& path : files) {
    const Loaded loaded = load_in_time(path);
    check(path, loaded);
    const auto verdict = oracle.find(fs::relative(path, kCorpus).string());
    if (verdict == oracle.end()) continue;
    ++known;
    const bool keepalived_complains = verdict->second != 0;
    const bool complains = loaded.diagnostics.verdict() != Verdict::Clean;
    if (complains == keepalived_complains) {
      ++agreed;
    } else {
      differing += fmt::format("  {} {}\n", complains ? "hald:      " : "keepalived:", verdict->first);
    }
  }
  EXPECT_GE(agreed * 100, known * 97);
  fmt::print("corpus: {} files, {} with a verdict of keepalived; hald agrees on {}\n", files.size(), known,
             agreed);
  if (!differing.empty()) fmt::print("files that only one complains about:\n{}", differing);
}

TEST(Corpus, DebianSamplesLoad) {
  const auto files = files_below(kSamples);
  if (files.empty()) GTEST_SKIP() << "no samples at " << kSamples;
  for (const auto& path : files) check(path, load_in_time(path));
}

}  // namespace
}  // namespace hald::config
