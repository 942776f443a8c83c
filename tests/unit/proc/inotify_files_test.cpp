// SPDX-License-Identifier: Apache-2.0
// Real files in a folder of their own: written, replaced, removed, made before and after their folder.
#include "proc/inotify_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/real_loop.h"

namespace hald::proc {
namespace {

namespace fs = std::filesystem;

class InotifyFilesTest : public testing::Test {
 protected:
  InotifyFilesTest() {
    std::string pattern = (fs::temp_directory_path() / "hald-files-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ / "number";
  }
  ~InotifyFilesTest() override { fs::remove_all(folder_); }

  static void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
  void watch() {
    watch_ = files_.watch(path_, [this] {
      ++told_;
      seen_ = files_.read(path_, 100);
    });
  }
  /// True once the last thing that was told is this.
  bool sees(const std::optional<std::string>& text) {
    return loop_.run_until([&] { return told_ > 0 && seen_ == text; });
  }

  fs::path folder_;
  fs::path path_;
  fakes::RealLoop loop_;
  fakes::CaptureSink sink_;
  log::Logger log_{sink_, loop_.scheduler(), log::Level::Info};
  InotifyFiles files_{loop_.io(), loop_.scheduler(), log_};
  std::unique_ptr<WatchedFiles::Watch> watch_;
  int told_ = 0;
  std::optional<std::string> seen_;
};

TEST_F(InotifyFilesTest, TellsWhatBecomesOfAFile) {
  watch();
  write(path_, "1");
  EXPECT_TRUE(sees("1"));
  write(path_, "2");
  EXPECT_TRUE(sees("2"));
  write(folder_ / "other", "3");
  fs::rename(folder_ / "other", path_);
  EXPECT_TRUE(sees("3"));
  fs::remove(path_);
  EXPECT_TRUE(sees(std::nullopt));
}

TEST_F(InotifyFilesTest, ANewLinkCounts) {
  watch();
  write(folder_ / "target", "5");
  fs::create_symlink(folder_ / "target", path_);
  EXPECT_TRUE(sees("5"));
}

TEST_F(InotifyFilesTest, TheFolderMayComeLater) {
  path_ = folder_ / "later" / "number";
  watch();
  fs::create_directory(folder_ / "later");
  write(path_, "7");
  EXPECT_TRUE(sees("7"));
}

TEST_F(InotifyFilesTest, TheFolderMayGoAndComeBack) {
  fs::create_directory(folder_ / "sub");
  path_ = folder_ / "sub" / "number";
  write(path_, "1");
  watch();
  fs::remove_all(folder_ / "sub");
  EXPECT_TRUE(sees(std::nullopt));
  fs::create_directory(folder_ / "sub");
  write(path_, "2");
  EXPECT_TRUE(sees("2"));
}

TEST_F(InotifyFilesTest, WhoLetsGoIsToldNothing) {
  watch();
  int other = 0;
  const auto kept = files_.watch(path_, [&other] { ++other; });
  watch_.reset();
  write(path_, "1");
  EXPECT_TRUE(loop_.run_until([&] { return other > 0; }));
  EXPECT_EQ(told_, 0);
}

TEST_F(InotifyFilesTest, ReadsThePlainBeginning) {
  write(path_, "123456789");
  EXPECT_EQ(files_.read(path_, 3), "123");
  EXPECT_EQ(files_.read(path_, 100), "123456789");
  EXPECT_EQ(files_.read(folder_, 100), std::nullopt);
  EXPECT_EQ(files_.read(folder_ / "missing", 100), std::nullopt);
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(files_.read(folder_ / "pipe", 100), std::nullopt);
}

TEST_F(InotifyFilesTest, CreatesWhatIsNotThere) {
  ASSERT_TRUE(files_.create(path_, "1\n", false).has_value());
  EXPECT_EQ(files_.read(path_, 100), "1\n");
  ASSERT_TRUE(files_.create(path_, "22\n", false).has_value());
  EXPECT_EQ(files_.read(path_, 100), "1\n");
  ASSERT_TRUE(files_.create(path_, "3\n", true).has_value());
  EXPECT_EQ(files_.read(path_, 100), "3\n");
  EXPECT_TRUE(files_.create(folder_ / "no" / "such", "1", false).has_error());
  // Nobody may make hald write elsewhere.
  fs::create_symlink(path_, folder_ / "link");
  EXPECT_TRUE(files_.create(folder_ / "link", "4\n", true).has_error());
  EXPECT_EQ(files_.read(path_, 100), "3\n");
}

}  // namespace
}  // namespace hald::proc
