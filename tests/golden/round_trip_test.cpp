// SPDX-License-Identifier: Apache-2.0
// Golden cases, examples and the files of strangers (../shared/corpus, where it is there) through the model,
// out as a canonical file, and back: the model must be the same.
#include "fakes/round_trip.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/machine.h"

namespace hald {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = HALD_SOURCE_DIR;

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

void go_round(const fs::path& folder) {
  const config::PerfectMachine machine;
  config::LoadOptions options;
  options.machine = &machine;
  const auto files = files_below(folder);
  EXPECT_FALSE(files.empty()) << "nothing to go round with in " << folder;
  for (const fs::path& path : files) {
    const auto loaded = config::load_file(path.string(), options);
    const std::string broken = fakes::broken_round_trip(*loaded.config);
    EXPECT_TRUE(broken.empty()) << path << "\n" << broken;
  }
}

TEST(RoundTrip, GoldenCases) {
  go_round(kSource / "tests/golden/cases");
}

TEST(RoundTrip, Examples) {
  go_round(kSource / "etc/examples");
}

TEST(RoundTrip, Corpus) {
  const fs::path corpus = kSource / "../shared/corpus";
  if (!fs::is_directory(corpus)) GTEST_SKIP() << "no corpus at " << corpus;
  go_round(corpus);
}

TEST(RoundTrip, DebianSamples) {
  const fs::path samples = "/usr/share/doc/keepalived/samples";
  if (!fs::is_directory(samples)) GTEST_SKIP() << "no samples at " << samples;
  go_round(samples);
}

}  // namespace
}  // namespace hald
