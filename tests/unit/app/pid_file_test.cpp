// SPDX-License-Identifier: Apache-2.0
#include "app/pid_file.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hald::app {
namespace {

class PidFileTest : public testing::Test {
 protected:
  PidFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hald-pid-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~PidFileTest() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path() const { return folder_ / "sub" / "hald.pid"; }

  std::filesystem::path folder_;
};

TEST_F(PidFileTest, HoldsThePidAndGoesWithItsOwner) {
  {
    const auto file = PidFile::take(path());
    ASSERT_TRUE(file.has_value()) << file.error().message();
    std::string text;
    std::getline(std::ifstream(path()), text);
    EXPECT_EQ(text, std::to_string(::getpid()));
  }
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(PidFileTest, ARunningOwnerIsNamed) {
  const auto first = PidFile::take(path());
  const auto second = PidFile::take(path());
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().code.value(), EALREADY);
  EXPECT_THAT(second.error().message(),
              testing::HasSubstr("already running with pid " + std::to_string(::getpid())));
}

TEST_F(PidFileTest, AFileLeftBehindIsTakenOver) {
  std::filesystem::create_directories(folder_ / "sub");
  std::ofstream(path()) << "99999999 and some more text than a pid has\n";
  const auto file = PidFile::take(path());
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(std::filesystem::file_size(path()), std::to_string(::getpid()).size() + 1);
}

TEST_F(PidFileTest, ASymbolicLinkIsNotFollowed) {
  std::filesystem::create_directories(folder_ / "sub");
  std::filesystem::create_symlink(folder_ / "victim", path());
  EXPECT_TRUE(PidFile::take(path()).has_error());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "victim"));
}

}  // namespace
}  // namespace hald::app
