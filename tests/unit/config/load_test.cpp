// SPDX-License-Identifier: Apache-2.0
// Files that are no configuration, or a broken one: a clear message, quickly, and never a crash.
#include "config/load.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/machine.h"
#include "config/render.h"
#include "fakes/cpu_time.h"

namespace hald::config {
namespace {

/// From a file, but without looking at this machine's interfaces and accounts.
Loaded load_here(const std::string& path) {
  const PerfectMachine machine;
  LoadOptions options;
  options.machine = &machine;
  return load_file(path, options);
}

namespace fs = std::filesystem;

class LoadFile : public ::testing::Test {
 protected:
  LoadFile() {
    std::string name = (fs::temp_directory_path() / "hald-load-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~LoadFile() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  /// All that is said, with the folder's name left out.
  std::string said(const Loaded& loaded) const {
    std::string out;
    for (const auto& each : loaded.diagnostics.all()) out += render(loaded.diagnostics, each) + "\n";
    const std::string prefix = folder_.string() + "/";
    for (auto at = out.find(prefix); at != std::string::npos; at = out.find(prefix))
      out.erase(at, prefix.size());
    return out;
  }

  fs::path folder_;
};

constexpr const char* kGood =
    "vrrp_instance A {\n interface eth0\n virtual_router_id 1\n virtual_ipaddress { 10.0.0.1 }\n}\n";

TEST_F(LoadFile, AGoodOne) {
  const auto loaded = load_here(write("good", kGood));
  EXPECT_TRUE(loaded.readable);
  EXPECT_EQ(said(loaded), "");
  EXPECT_EQ(loaded.config->instances.size(), 1U);
}

TEST_F(LoadFile, Missing) {
  const auto loaded = load_here((folder_ / "none").string());
  EXPECT_FALSE(loaded.readable);
  ASSERT_NE(loaded.config, nullptr);
  EXPECT_EQ(said(loaded), "error[unreadable]: the configuration file does not exist\n --> none\n");
}

TEST_F(LoadFile, Directory) {
  fs::create_directory(folder_ / "dir");
  const auto loaded = load_here((folder_ / "dir").string());
  EXPECT_FALSE(loaded.readable);
  EXPECT_EQ(said(loaded), "error[unreadable]: the configuration file is a directory\n --> dir\n");
}

TEST_F(LoadFile, FifoDoesNotBlock) {
  const std::string path = (folder_ / "fifo").string();
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const auto loaded = load_here(path);
  EXPECT_FALSE(loaded.readable);
  EXPECT_EQ(said(loaded), "error[unreadable]: the configuration file is not a regular file\n --> fifo\n");
}

TEST_F(LoadFile, Unreadable) {
  const std::string path = write("secret", kGood);
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  if (::access(path.c_str(), R_OK) == 0) GTEST_SKIP() << "root reads everything";
  const auto loaded = load_here(path);
  EXPECT_FALSE(loaded.readable);
  EXPECT_EQ(said(loaded),
            "error[unreadable]: the configuration file cannot be read: Permission denied\n --> secret\n");
}

TEST_F(LoadFile, Empty) {
  const auto loaded = load_here(write("empty", ""));
  EXPECT_TRUE(loaded.readable);
  EXPECT_FALSE(loaded.diagnostics.has_errors());
  EXPECT_EQ(said(loaded),
            "warning[empty-configuration]: nothing is configured: no vrrp_instance and no virtual_server\n"
            " --> empty\n");
}

TEST_F(LoadFile, Binary) {
  const auto loaded = load_here("/proc/self/exe");
  EXPECT_TRUE(loaded.diagnostics.has_errors());
  EXPECT_TRUE(loaded.config->instances.empty());
  const std::string text = said(loaded);
  EXPECT_NE(text.find("error[binary-file]: this is binary data, not a configuration"), std::string::npos)
      << text;
}

TEST_F(LoadFile, Utf16) {
  const auto loaded = load_here(write("wide", std::string("\xff\xfev\0r\0", 6)));
  EXPECT_EQ(said(loaded), "error[binary-file]: this is UTF-16 text, not a configuration\n --> wide\n");
}

TEST_F(LoadFile, NulBytesCostTheirLine) {
  std::string text = std::string(600, '\n') + kGood;
  text += std::string("vrrp\0_instance B {\n}\n", 21);
  const auto loaded = load_here(write("nul", text));
  EXPECT_EQ(said(loaded),
            "error[nul-byte]: the line holds a NUL byte and is ignored\n"
            "   --> nul:606:5\n"
            "    |\n"
            "606 | vrrp\\x00_instance B {\n"
            "    |     ^~~~\n"
            "error[unexpected-close-brace]: this } closes nothing\n"
            "   --> nul:607:1\n"
            "    |\n"
            "607 | }\n"
            "    | ^\n");
  EXPECT_EQ(loaded.config->instances.size(), 1U);
}

TEST_F(LoadFile, ALineOfTenMegabytes) {
  const double start = fakes::cpu_seconds();
  const auto loaded = load_here(write("long", std::string(10'000'000, 'x') + "\n" + kGood));
  EXPECT_LT(fakes::cpu_seconds() - start, 2.0);
  EXPECT_EQ(said(loaded),
            "error[line-too-long]: the line has 10000000 bytes and is ignored\n"
            " --> long:1:1\n"
            "  |\n"
            "1 | " +
                std::string(61, 'x') +
                "...\n"
                "  | ^\n"
                "  = help: a line may have 1022 bytes\n");
  EXPECT_EQ(loaded.config->instances.size(), 1U);
}

TEST_F(LoadFile, Truncated) {
  const std::string text = kGood;
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto loaded = load_text(text.substr(0, length), "t");
    ASSERT_NE(loaded.config, nullptr);
    EXPECT_EQ(length > 0 && length < text.size() - 1, loaded.diagnostics.has_errors()) << length;
  }
}

TEST_F(LoadFile, IncludesAreFoundBesideTheFile) {
  fs::create_directory(folder_ / "conf.d");
  write("conf.d/b.conf", "virtual_ipaddress {\n 10.0.0.1\n");
  write("conf.d/a.conf", "virtual_router_id 7\nnonsense\n");
  const auto loaded =
      load_here(write("main", "vrrp_instance A {\n interface eth0\n include conf.d/*.conf\n }\n}\n"));
  EXPECT_EQ(said(loaded),
            "error[unknown-word]: unknown word `nonsense` in vrrp_instance\n"
            " --> conf.d/a.conf:2:1\n"
            "  |\n"
            "2 | nonsense\n"
            "  | ^~~~~~~~\n"
            "note: `conf.d/a.conf` is included here\n"
            " --> main:3:10\n"
            "  |\n"
            "3 |  include conf.d/*.conf\n"
            "  |          ^~~~~~~~~~~~~\n");
  ASSERT_EQ(loaded.config->instances.size(), 1U);
  EXPECT_EQ(loaded.config->instances[0].vrid, 7);
}

TEST_F(LoadFile, AnExecutableFileIsReadWithAWarning) {
  const std::string path = write("x", kGood);
  ASSERT_EQ(::chmod(path.c_str(), 0755), 0);
  const auto loaded = load_here(path);
  EXPECT_EQ(loaded.config->instances.size(), 1U);
  EXPECT_EQ(
      said(loaded),
      "warning[executable-file]: the configuration file is executable, and keepalived would not read it\n"
      " --> x\n");
}

TEST(LoadText, ConfigIdComesFromTheOptions) {
  LoadOptions options;
  options.config_id = "lb02";
  const auto loaded =
      load_text("@lb01 global_defs { router_id one }\n@lb02 global_defs { router_id two }\n", "t", options);
  EXPECT_EQ(loaded.config->global.router_id, "two");
}

TEST(LoadText, RouterIdDefaultsToTheHostName) {
  std::string name(256, '\0');
  ::gethostname(name.data(), name.size() - 1);
  EXPECT_EQ(load_text("", "t").config->global.router_id, name.c_str());
}

TEST(LoadText, AHopelessTextYieldsFewMessages) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += fmt::format("word{} }} {{\n", i);
  const auto loaded = load_text(text, "t");
  EXPECT_TRUE(loaded.diagnostics.has_errors());
  EXPECT_LE(loaded.diagnostics.all().size(), 500U);
}

}  // namespace
}  // namespace hald::config
