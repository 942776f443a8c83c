// SPDX-License-Identifier: Apache-2.0
// Real FIFOs, a reader that only seems to run.
#include "proc/fifo.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_spawner.h"
#include "fakes/manual_scheduler.h"

namespace hald::proc {
namespace {

class FifoTest : public testing::Test {
 protected:
  FifoTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hald-fifo-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    settings_.path = folder_ / "fifo";
  }
  ~FifoTest() override { std::filesystem::remove_all(folder_); }

  Result<std::unique_ptr<Fifo>> open() { return Fifo::open(settings_, spawner_, logger_); }
  [[nodiscard]] UniqueFd reader() const {
    return UniqueFd(::open(settings_.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  }
  static std::string read(const UniqueFd& fd) {
    std::array<char, 8192> buffer{};
    const ssize_t size = ::read(fd.get(), buffer.data(), buffer.size());
    return size < 0 ? "<nothing>" : std::string(buffer.data(), static_cast<std::size_t>(size));
  }
  [[nodiscard]] struct stat status() const {
    struct stat out {};
    ::lstat(settings_.path.c_str(), &out);
    return out;
  }

  std::filesystem::path folder_;
  fakes::ManualScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Info};
  fakes::FakeSpawner spawner_;
  FifoSettings settings_;
};

TEST_F(FifoTest, IsMadeWrittenAndRemoved) {
  const mode_t mask = ::umask(0022);
  auto fifo = open();
  ::umask(mask);
  ASSERT_TRUE(fifo.has_value()) << fifo.error().message();
  EXPECT_TRUE(S_ISFIFO(status().st_mode));
  EXPECT_EQ(status().st_mode & 07777U, 0644U);
  const auto fd = reader();
  (*fifo)->write("one\n");
  (*fifo)->write("two\n");
  EXPECT_EQ(read(fd), "one\ntwo\n");
  EXPECT_EQ((*fifo)->counters().written, 2U);
  fifo->reset();
  EXPECT_FALSE(std::filesystem::exists(settings_.path));
  EXPECT_EQ(read(fd), "") << "the end";
}

TEST_F(FifoTest, AnExistingOneIsUsedAndLeft) {
  ASSERT_EQ(::mkfifo(settings_.path.c_str(), 0600), 0);
  auto fifo = open();
  ASSERT_TRUE(fifo.has_value()) << fifo.error().message();
  fifo->reset();
  EXPECT_TRUE(std::filesystem::exists(settings_.path));
  EXPECT_EQ(status().st_mode & 07777U, 0600U);
}

TEST_F(FifoTest, LinesAreKeptForALateReader) {
  auto fifo = open();
  ASSERT_TRUE(fifo.has_value());
  (*fifo)->write("early\n");
  EXPECT_EQ(read(reader()), "early\n");
}

TEST_F(FifoTest, AFullOneDropsWholeLinesAndCountsThem) {
  auto fifo = open();
  ASSERT_TRUE(fifo.has_value());
  const auto fd = reader();
  const std::string line = std::string(999, 'x') + '\n';
  for (int i = 0; i < 200; ++i) (*fifo)->write(line);
  const auto [written, dropped] = (*fifo)->counters();
  EXPECT_EQ(written + dropped, 200U);
  EXPECT_GT(written, 0U);
  EXPECT_GT(dropped, 0U);
  EXPECT_EQ(sink_.count("A line for FIFO"), 1U);
  std::string all;
  for (std::string part = read(fd); part != "<nothing>"; part = read(fd)) all += part;
  EXPECT_EQ(all.size(), written * line.size()) << "no line in part";
  (*fifo)->write("again\n");
  EXPECT_EQ(read(fd), "again\n");
}

TEST_F(FifoTest, ALineThatCouldBeTornIsDropped) {
  auto fifo = open();
  ASSERT_TRUE(fifo.has_value());
  (*fifo)->write(std::string(5'000, 'x') + '\n');
  EXPECT_EQ((*fifo)->counters().dropped, 1U);
  EXPECT_EQ(read(reader()), "<nothing>");
}

TEST_F(FifoTest, RefusesWhatIsNoFifo) {
  std::ofstream(settings_.path) << "precious\n";
  const auto file = open();
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().doing, "use " + settings_.path + " as FIFO");
  EXPECT_EQ(std::filesystem::file_size(settings_.path), 9U);
  std::filesystem::remove(settings_.path);

  ASSERT_EQ(::mkfifo((folder_ / "other").c_str(), 0600), 0);
  std::filesystem::create_symlink("other", settings_.path);
  const auto link = open();
  ASSERT_FALSE(link.has_value());
  EXPECT_EQ(link.error().code, std::errc::too_many_symbolic_link_levels);
}

TEST_F(FifoTest, RefusesAStrangersFifo) {
  if (::geteuid() != 0) GTEST_SKIP() << "root is needed";
  ASSERT_EQ(::mkfifo(settings_.path.c_str(), 0666), 0);
  ASSERT_EQ(::chown(settings_.path.c_str(), 1234, 0), 0);
  const auto strange = open();
  ASSERT_FALSE(strange.has_value());
  EXPECT_EQ(strange.error().code, std::errc::operation_not_permitted);
  settings_.owner = 1234;
  EXPECT_TRUE(open().has_value()) << "it is the one who is named in the file";
}

TEST_F(FifoTest, ANewOneBelongsToItsOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "root is needed";
  settings_.owner = 1234;
  settings_.group = 4321;
  const auto fifo = open();
  ASSERT_TRUE(fifo.has_value()) << fifo.error().message();
  EXPECT_EQ(status().st_uid, 1234U);
  EXPECT_EQ(status().st_gid, 4321U);
}

TEST_F(FifoTest, SaysWhatCannotBeMade) {
  settings_.path = folder_ / "none" / "fifo";
  const auto fifo = open();
  ASSERT_FALSE(fifo.has_value());
  EXPECT_EQ(fifo.error().message(), "make FIFO " + settings_.path + ": No such file or directory");
}

TEST_F(FifoTest, TheReaderGetsThePathAndLivesAsLongAsTheFifo) {
  settings_.reader = Command{{"/opt/reader", "-v"}, {}};
  auto fifo = open();
  ASSERT_TRUE(fifo.has_value());
  ASSERT_EQ(spawner_.programs.size(), 1U);
  EXPECT_EQ(spawner_.programs[0].line(), "/opt/reader -v " + settings_.path);
  EXPECT_FALSE(spawner_.programs[0].options.limit.has_value());
  (*fifo)->stop_reader();
  EXPECT_TRUE(spawner_.programs[0].stopped);
  fifo->reset();
  EXPECT_EQ(spawner_.running(), 0U);
}

TEST_F(FifoTest, AClosedOneIsGoneButItsReaderMayTakeWhatIsLeft) {
  settings_.reader = Command{{"/opt/reader"}, {}};
  auto fifo = open();
  ASSERT_TRUE(fifo.has_value());
  const auto fd = reader();
  int gone = 0;
  (*fifo)->write("last\n");
  (*fifo)->close([&] { ++gone; });
  (*fifo)->write("too late\n");
  EXPECT_FALSE(std::filesystem::exists(settings_.path));
  EXPECT_EQ(read(fd), "last\n");
  EXPECT_EQ(read(fd), "") << "the end";
  EXPECT_TRUE((*fifo)->is_read());
  spawner_.end(0);
  EXPECT_FALSE((*fifo)->is_read());
  EXPECT_EQ(gone, 1);
  EXPECT_TRUE(sink_.entries.empty());
}

TEST_F(FifoTest, AReaderThatEndsIsReported) {
  settings_.reader = Command{{"/opt/reader"}, {}};
  const auto fifo = open();
  ASSERT_TRUE(fifo.has_value());
  spawner_.end(0, Exited{2});
  EXPECT_TRUE(sink_.contains("Script /opt/reader that reads " + settings_.path + " exited with status 2"));
  (*fifo)->stop_reader();
  (*fifo)->write("still\n");
  EXPECT_EQ((*fifo)->counters().written, 1U);
}

TEST_F(FifoTest, TheReaderOfARefusedFifoIsKilled) {
  std::ofstream(settings_.path) << "x";
  settings_.reader = Command{{"/opt/reader"}, {}};
  EXPECT_FALSE(open().has_value());
  EXPECT_EQ(spawner_.running(), 0U);
}

}  // namespace
}  // namespace hald::proc
