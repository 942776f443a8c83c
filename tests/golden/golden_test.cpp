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

#include "config/load.h"
#include "config/machine.h"
#include "config/render.h"
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

void compare_text(const std::string& now, const fs::path& expected) {
  if (std::getenv("HALD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(expected, std::ios::binary) << now;
    return;
  }
  ASSERT_TRUE(fs::exists(expected)) << expected;
  EXPECT_EQ(now, read(expected));
}

void compare(const fs::path& conf, const fs::path& expected) {
  SCOPED_TRACE(conf.string());
  compare_text(actual(conf), expected);
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

/// keepalived's own sample files, as Debian brings them: not only read, but read as what they mean.
TEST(Golden, KeepalivedsSamples) {
  const fs::path samples = "/usr/share/doc/keepalived/samples";
  if (!fs::is_directory(samples)) GTEST_SKIP() << "no samples at " << samples;
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(samples)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("keepalived.conf.")) continue;
    ++seen;
    compare(entry.path(), kSource / "tests/golden/samples" / (name.substr(16) + ".expected"));
  }
  EXPECT_GE(seen, 20U);
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

/// The same diagnostics in every format.
TEST(Golden, Rendering) {
  const fs::path folder = kSource / "tests/golden/rendering";
  const auto loaded = config::load_text(read(folder / "formats.conf"), "formats.conf");
  const std::vector<config::Checked> checked{{"formats.conf", &loaded.diagnostics, 5}};
  compare_text(config::report(checked, config::Format::Human), folder / "formats.human");
  compare_text(config::report(checked, config::Format::Human, true), folder / "formats.color");
  compare_text(config::report(checked, config::Format::Json), folder / "formats.json");
  compare_text(config::report(checked, config::Format::Gcc), folder / "formats.gcc");
}

/// What is wrong never depends on whether the text came from a file, if the machine is the same.
TEST(Golden, FileAndTextAgree) {
  const config::PerfectMachine machine;
  config::LoadOptions options;
  options.machine = &machine;
  for (const auto& conf : configurations(kSource / "tests/golden/cases")) {
    SCOPED_TRACE(conf.string());
    const auto from_file = config::load_file(conf.string(), options);
    const auto from_text = config::load_text(read(conf), conf.string());
    EXPECT_EQ(golden::print(*from_file.config), golden::print(*from_text.config));
    EXPECT_EQ(golden::print(from_file.diagnostics), golden::print(from_text.diagnostics));
  }
}

}  // namespace
}  // namespace hald
