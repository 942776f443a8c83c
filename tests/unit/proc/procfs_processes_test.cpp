// SPDX-License-Identifier: Apache-2.0
// Real processes: copies of sleep under a name of their own.
#include "proc/procfs_processes.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "fakes/real_loop.h"

namespace hald::proc {
namespace {

namespace fs = std::filesystem;

class ProcfsProcessesTest : public testing::Test {
 protected:
  ProcfsProcessesTest() {
    std::string pattern = (fs::temp_directory_path() / "hald-procs-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    name_ = "hp" + std::to_string(::getpid());
    fs::copy_file("/bin/sleep", folder_ / name_);
  }
  ~ProcfsProcessesTest() override {
    for (const pid_t pid : pids_) end(pid);
    fs::remove_all(folder_);
  }

  pid_t begin() {
    const std::string path = folder_ / name_;
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::execl(path.c_str(), path.c_str(), "1000", nullptr);
      ::_exit(127);
    }
    pids_.push_back(pid);
    return pid;
  }
  static void end(pid_t pid) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  bool counts(unsigned count) {
    return loop_.run_until([&] { return count_ == count; });
  }

  fs::path folder_;
  std::string name_;
  std::vector<pid_t> pids_;
  fakes::RealLoop loop_;
  ProcfsProcesses processes_{loop_.io(), loop_.scheduler()};
  std::optional<unsigned> count_;
};

TEST_F(ProcfsProcessesTest, CountsByTheShortName) {
  const auto watch =
      processes_.watch([this](std::string_view name, std::string_view) { return name == name_; }, false,
                       [this](unsigned count) { count_ = count; });
  EXPECT_TRUE(counts(0));
  const pid_t first = begin();
  EXPECT_TRUE(counts(1));
  begin();
  EXPECT_TRUE(counts(2));
  end(first);
  EXPECT_TRUE(counts(1));
}

TEST_F(ProcfsProcessesTest, CountsByTheCommandLine) {
  begin();
  const std::string wanted = (folder_ / name_).string() + '\0' + "1000" + '\0';
  const auto watch =
      processes_.watch([&wanted](std::string_view, std::string_view command) { return command == wanted; },
                       true, [this](unsigned count) { count_ = count; });
  EXPECT_TRUE(counts(1));
}

TEST_F(ProcfsProcessesTest, AZombieRunsNoMore) {
  const pid_t pid = begin();
  const auto watch =
      processes_.watch([this](std::string_view name, std::string_view) { return name == name_; }, false,
                       [this](unsigned count) { count_ = count; });
  EXPECT_TRUE(counts(1));
  ::kill(pid, SIGKILL);  // nobody waits for it yet
  EXPECT_TRUE(counts(0));
}

TEST_F(ProcfsProcessesTest, WhoLetsGoIsToldNothing) {
  auto watch = processes_.watch([](std::string_view, std::string_view) { return true; }, false,
                                [this](unsigned count) { count_ = count; });
  watch.reset();
  bool other = false;
  const auto kept = processes_.watch([](std::string_view, std::string_view) { return true; }, false,
                                     [&other](unsigned) { other = true; });
  EXPECT_TRUE(loop_.run_until([&] { return other; }));
  EXPECT_EQ(count_, std::nullopt);
}

}  // namespace
}  // namespace hald::proc
