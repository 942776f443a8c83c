// SPDX-License-Identifier: Apache-2.0
// Configurations to exact models and exact diagnostics: cases/NAME.conf against cases/NAME.expected, and the
// examples of etc/ against examples/. HALD_UPDATE_GOLDEN=1 writes the expected files instead: read the
// difference before you commit it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "golden/print_config.h"

namespace hald {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = HALD_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string actual(const fs::path& conf) {
  const auto loaded = config::load_text(read(conf), conf.filename().string());
  return golden::print(loaded.diagnostics) + "--\n" + golden::print(*loaded.config);
}

void compare(const fs::path& conf, const fs::path& expected) {
  SCOPED_TRACE(conf.string());
  const std::string now = actual(conf);
  if (std::getenv("HALD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(expected, std::ios::binary) << now;
    return;
  }
  ASSERT_TRUE(fs::exists(expected)) << expected;
  EXPECT_EQ(now, read(expected));
}

std::vector<fs::path> configurations(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".conf") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Golden, Cases) {
  const auto cases = configurations(kSource / "tests/golden/cases");
  ASSERT_GE(cases.size(), 10U);
  for (const auto& conf : cases) compare(conf, fs::path(conf).replace_extension(".expected"));
}

TEST(Golden, Examples) {
  const auto examples = configurations(kSource / "etc/examples");
  ASSERT_EQ(examples.size(), 6U);
  for (const auto& conf : examples) {
    const std::string name =
        conf.parent_path().filename().string() + "-" + conf.stem().string() + ".expected";
    compare(conf, kSource / "tests/golden/examples" / name);
  }
}

/// What is wrong never depends on whether the text came from a file.
TEST(Golden, FileAndTextAgree) {
  for (const auto& conf : configurations(kSource / "tests/golden/cases")) {
    SCOPED_TRACE(conf.string());
    const auto from_file = config::load_file(conf.string());
    const auto from_text = config::load_text(read(conf), conf.string());
    EXPECT_EQ(golden::print(*from_file.config), golden::print(*from_text.config));
    EXPECT_EQ(golden::print(from_file.diagnostics), golden::print(from_text.diagnostics));
  }
}

}  // namespace
}  // namespace hald
