// SPDX-License-Identifier: Apache-2.0
// Real programs under the real spawner. What needs root is skipped without it.
#include "proc/process_spawner.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>

#include <gtest/gtest.h>

#include "fakes/cpu_time.h"
#include "fakes/real_loop.h"

namespace hald::proc {
namespace {

using std::chrono::milliseconds;

class ProcessSpawnerTest : public testing::Test {
 protected:
  ProcessSpawnerTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hald-proc-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    ::chmod(folder_.c_str(), 0755);
  }
  ~ProcessSpawnerTest() override { std::filesystem::remove_all(folder_); }

  static Command shell(const std::string& script) { return Command{{"/bin/sh", "-c", script}, {}}; }
  std::string script(const std::string& name, const std::string& text, mode_t mode = 0755) {
    const auto path = folder_ / name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  std::unique_ptr<Execution> start(Command command, const RunOptions& options = {}) {
    return spawner_.start(
        std::move(command), options,
        {[this](Report report) { reports_.push_back(std::move(report)); }, [this] { ++late_; }});
  }
  Report run(Command command, const RunOptions& options = {}) {
    const auto before = reports_.size();
    const auto handle = start(std::move(command), options);
    EXPECT_EQ(reports_.size(), before) << "reported from within start()";
    EXPECT_TRUE(loop_.run_until([&] { return reports_.size() > before; }));
    return reports_.size() > before ? reports_.back() : Report{};
  }
  std::string output_of(const std::string& text) {
    RunOptions options;
    options.capture = 4096;
    return run(shell(text), options).output;
  }
  /// Every program of the tests has been reaped; a zombie stays until then.
  bool no_children() {
    return loop_.run_until([] {
      siginfo_t info{};
      return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD;
    });
  }
  std::string text_of(const std::string& name) const {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Whether a process, and not only its zombie, is there.
  static bool is_alive(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(file, text);
    const auto name_end = text.rfind(") ");
    return name_end != std::string::npos && text[name_end + 2] != 'Z';
  }
  pid_t pid_in(const std::string& name) {
    EXPECT_TRUE(loop_.run_until([&] { return text_of(name).ends_with('\n'); }));
    return static_cast<pid_t>(std::atoi(text_of(name).c_str()));
  }

  std::filesystem::path folder_;
  fakes::RealLoop loop_;
  ProcessSpawner spawner_{loop_.io(), loop_.scheduler(), capture_baseline()};
  std::vector<Report> reports_;
  int late_ = 0;
};

TEST_F(ProcessSpawnerTest, ReportsTheExitStatus) {
  EXPECT_EQ(std::get<Exited>(run(shell("exit 0")).ending).status, 0);
  EXPECT_TRUE(succeeded(reports_.back().ending));
  EXPECT_EQ(std::get<Exited>(run(shell("exit 7")).ending).status, 7);
  EXPECT_FALSE(succeeded(reports_.back().ending));
  EXPECT_EQ(describe(reports_.back().ending), "exited with status 7");
  EXPECT_EQ(reports_.back().output, "");
  EXPECT_GT(reports_.back().took, Duration(0));
  EXPECT_TRUE(no_children());
}

TEST_F(ProcessSpawnerTest, ReportsTheSignal) {
  const auto report = run(shell("kill -KILL $$"));
  EXPECT_EQ(std::get<Signaled>(report.ending).signal, SIGKILL);
  EXPECT_EQ(describe(report.ending), "was ended by SIGKILL");
}

TEST_F(ProcessSpawnerTest, SaysWhyAProgramCannotBeStarted) {
  const auto missing = std::get<NotStarted>(run(Command{{folder_ / "none"}, {}}).ending);
  EXPECT_EQ(missing.step, StartStep::Exec);
  EXPECT_EQ(missing.error.code, std::errc::no_such_file_or_directory);
  EXPECT_EQ(missing.error.doing,
            "run " + (folder_ / "none").string() + " (" + (folder_ / "none").string() + " does not exist)");

  const auto plain = script("plain", "#!/bin/sh\n", 0644);
  const auto denied = std::get<NotStarted>(run(Command{{plain}, {}}).ending);
  EXPECT_EQ(denied.error.code, std::errc::permission_denied);
  EXPECT_NE(denied.error.doing.find("may not run"), std::string::npos) << denied.error.doing;

  Command lost = shell("true");
  lost.folder = folder_ / "none";
  EXPECT_EQ(std::get<NotStarted>(run(lost).ending).step, StartStep::Folder);
  EXPECT_TRUE(std::holds_alternative<NotStarted>(run(Command{}).ending));
  EXPECT_TRUE(no_children());
}

TEST_F(ProcessSpawnerTest, TheEnvironmentIsHaldsWithoutWhatChangesLoadingAndReading) {
  ::setenv("HALD_TEST_INHERITED", "yes", 1);
  ::setenv("IFS", "x", 1);
  ::setenv("LD_LIBRARY_PATH", "/nowhere", 1);
  ::setenv("HALD_TEST_REPLACED", "old", 1);
  ProcessSpawner spawner(loop_.io(), loop_.scheduler(), capture_baseline());
  for (const char* name : {"HALD_TEST_INHERITED", "IFS", "LD_LIBRARY_PATH", "HALD_TEST_REPLACED"})
    ::unsetenv(name);
  Command command{{"/usr/bin/env"}, {}};
  command.environment = {"HALD_TEST_REPLACED=new", "STATE=MASTER"};
  RunOptions options;
  options.capture = 65536;
  std::string text;
  const auto handle =
      spawner.start(command, options, {[&](const Report& report) { text = '\n' + report.output; }});
  ASSERT_TRUE(loop_.run_until([&] { return !text.empty(); }));
  EXPECT_NE(text.find("\nHALD_TEST_INHERITED=yes\n"), std::string::npos);
  EXPECT_NE(text.find("\nHALD_TEST_REPLACED=new\n"), std::string::npos);
  EXPECT_NE(text.find("\nSTATE=MASTER\n"), std::string::npos);
  EXPECT_EQ(text.find("\nIFS="), std::string::npos);
  EXPECT_EQ(text.find("\nLD_LIBRARY_PATH="), std::string::npos);
  EXPECT_EQ(text.find("=old"), std::string::npos);
}

TEST_F(ProcessSpawnerTest, ItHasOnlyTheStandardDescriptors) {
  const UniqueFd leaked(::open("/etc/passwd", O_RDONLY));  // without CLOEXEC
  ASSERT_GT(leaked.get(), 2);
  // `ls` itself opens the folder: one more than there are.
  EXPECT_EQ(output_of("ls /proc/self/fd | tr '\\n' ' '"), "0 1 2 3 ");
  EXPECT_EQ(output_of("readlink /proc/self/fd/0"), "/dev/null\n");
  EXPECT_TRUE(succeeded(run(shell("test $(readlink /proc/$$/fd/1) = /dev/null"
                                  " -a $(readlink /proc/$$/fd/2) = /dev/null"))
                            .ending));
}

TEST_F(ProcessSpawnerTest, SignalsAreAsInAFreshProcess) {
  sigset_t blocked;
  sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto old = ::signal(SIGPIPE, SIG_IGN);
  const auto masks = output_of("grep -E '^Sig(Blk|Ign)' /proc/self/status");
  ::signal(SIGPIPE, old);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(masks, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(ProcessSpawnerTest, ItLeadsAGroupOfItsOwn) {
  std::istringstream words(output_of("cut -d' ' -f1,5 /proc/$$/stat; echo $$"));
  pid_t pid = 0;
  pid_t group = 0;
  words >> pid >> group;
  EXPECT_GT(pid, 0);
  EXPECT_EQ(pid, group);
  EXPECT_NE(group, ::getpgrp());
}

TEST_F(ProcessSpawnerTest, LimitsAndPriorityAreThoseOfTheBaseline) {
  Baseline baseline = capture_baseline();
  for (auto& limit : baseline.limits) {
    if (limit.resource == RLIMIT_NOFILE) limit.value.rlim_cur = 123;
  }
  baseline.nice = ::getpriority(PRIO_PROCESS, 0) + 3;
  ProcessSpawner spawner(loop_.io(), loop_.scheduler(), baseline);
  RunOptions options;
  options.capture = 100;
  std::string text;
  const auto handle = spawner.start(shell("ulimit -n; cut -d' ' -f19 /proc/$$/stat"), options,
                                    {[&](const Report& report) { text = report.output; }});
  ASSERT_TRUE(loop_.run_until([&] { return !text.empty(); }));
  EXPECT_EQ(text, "123\n" + std::to_string(baseline.nice) + '\n');
}

TEST_F(ProcessSpawnerTest, AFileThatTheKernelCannotExecuteGoesThroughTheShell) {
  Command command{{script("bare", "printf '%s|' \"$@\" \"$0\"\n"), "a b", "c'd"}, {}};
  RunOptions options;
  options.capture = 1000;
  EXPECT_EQ(run(command, options).output, "a b|c'd|" + (folder_ / "bare").string() + '|');
}

TEST_F(ProcessSpawnerTest, AnOpenTestGoesThroughTheShell) {
  EXPECT_TRUE(succeeded(run(Command{{"</dev/null"}, {}}).ending));
  EXPECT_FALSE(succeeded(run(Command{{"</nowhere/at/all"}, {}}).ending));
  EXPECT_EQ(shell_line({"</a b", "it's"}), "</a b 'it'\\''s'");
}

TEST_F(ProcessSpawnerTest, LinksAreResolvedUnlessTheyAreToBeKept) {
  const auto target = script("target", "#!/bin/sh\necho $0\n");
  std::filesystem::create_symlink("target", folder_ / "link");
  RunOptions options;
  options.capture = 1000;
  Command command{{folder_ / "link"}, {}};
  EXPECT_EQ(run(command, options).output, target + '\n');
  command.keep_links = true;
  EXPECT_EQ(run(command, options).output, (folder_ / "link").string() + '\n');
}

TEST_F(ProcessSpawnerTest, BareNamesAreFoundInThePath) {
  EXPECT_TRUE(succeeded(run(Command{{"true"}, {}}).ending));
  EXPECT_NE(describe(run(Command{{"no-such-program"}, {}}).ending).find("is in no folder of PATH"),
            std::string::npos);
}

TEST_F(ProcessSpawnerTest, TheFolderIsWhereItRuns) {
  Command command = shell("pwd");
  command.folder = folder_;
  RunOptions options;
  options.capture = 1000;
  EXPECT_EQ(run(command, options).output, folder_.string() + '\n');
}

TEST_F(ProcessSpawnerTest, AtTheLimitTheWholeGroupIsEnded) {
  const auto path =
      script("slow", "#!/bin/sh\nsleep 1000 & echo $! > " + (folder_ / "pid").string() + "\nwait\n");
  RunOptions options;
  options.limit = milliseconds(300);
  options.grace = std::chrono::seconds(10);
  const auto report = run(Command{{path}, {}}, options);
  EXPECT_TRUE(std::holds_alternative<TimedOut>(report.ending));
  EXPECT_EQ(late_, 1);
  EXPECT_GE(report.took, milliseconds(300));
  EXPECT_LT(report.took, milliseconds(300) + options.grace)
      << "those who listen to SIGTERM are not waited for";
  EXPECT_FALSE(is_alive(pid_in("pid")));
  EXPECT_TRUE(no_children());
}

TEST_F(ProcessSpawnerTest, WhoIgnoresSigtermIsKilled) {
  RunOptions options;
  options.limit = milliseconds(200);
  options.grace = milliseconds(100);
  const auto report = run(shell("trap '' TERM; while :; do sleep 0.05; done"), options);
  EXPECT_TRUE(std::holds_alternative<TimedOut>(report.ending));
  EXPECT_TRUE(no_children());
}

TEST_F(ProcessSpawnerTest, AChildThatIgnoresSigtermIsKilledThoughItsParentIsGone) {
  const auto child = (folder_ / "pid").string();
  const auto path = script("parent", "#!/bin/sh\nsh -c 'trap \"\" TERM; echo $$ > " + child +
                                         "; while :; do sleep 0.05; done' &\nwait\n");
  RunOptions options;
  options.limit = milliseconds(400);
  options.grace = milliseconds(150);
  const auto report = run(Command{{path}, {}}, options);
  EXPECT_TRUE(std::holds_alternative<TimedOut>(report.ending));
  EXPECT_GE(report.took, milliseconds(550));
  const pid_t pid = pid_in("pid");
  EXPECT_TRUE(loop_.run_until([&] { return !is_alive(pid); }));
}

TEST_F(ProcessSpawnerTest, WhatAProgramLeavesBehindInPeaceStays) {
  const auto pid_file = (folder_ / "pid").string();
  RunOptions options;
  options.limit = std::chrono::seconds(10);
  options.capture = 100;
  const auto report = run(shell("sleep 1000 & echo $! > " + pid_file + "; echo done"), options);
  EXPECT_TRUE(succeeded(report.ending));
  EXPECT_EQ(report.output, "done\n") << "although the background program holds the pipe open";
  const pid_t left = pid_in("pid");
  EXPECT_TRUE(is_alive(left));
  ::kill(left, SIGKILL);
}

TEST_F(ProcessSpawnerTest, StopEndsIt) {
  const auto handle = start(shell("echo $$ > " + (folder_ / "pid").string() + "; exec sleep 1000"));
  pid_in("pid");
  handle->stop();
  ASSERT_TRUE(loop_.run_until([&] { return !reports_.empty(); }));
  EXPECT_EQ(std::get<Signaled>(reports_.back().ending).signal, SIGTERM);
  handle->stop();
}

TEST_F(ProcessSpawnerTest, StopBeforeItRunsEndsItToo) {
  const auto handle = start(shell("exec sleep 1000"));
  handle->stop();
  ASSERT_TRUE(loop_.run_until([&] { return !reports_.empty(); }));
  EXPECT_EQ(std::get<Signaled>(reports_.back().ending).signal, SIGTERM);
}

TEST_F(ProcessSpawnerTest, DestroyingTheRunKillsTheGroupAndReportsNothing) {
  const auto path = script(
      "slow", "#!/bin/sh\ntrap '' TERM\nsleep 1000 & echo $! > " + (folder_ / "pid").string() + "\nwait\n");
  auto handle = start(Command{{path}, {}});
  const pid_t child = pid_in("pid");
  handle.reset();
  EXPECT_TRUE(loop_.run_until([&] { return !is_alive(child); }));
  EXPECT_TRUE(no_children());
  EXPECT_TRUE(reports_.empty());
}

TEST_F(ProcessSpawnerTest, DestroyingTheRunAtOnceKillsItToo) {
  for (int i = 0; i < 50; ++i) start(shell("exec sleep 1000")).reset();
  EXPECT_TRUE(succeeded(run(shell("true")).ending));
  EXPECT_TRUE(no_children());
  EXPECT_EQ(reports_.size(), 1U);
}

TEST_F(ProcessSpawnerTest, ARunMayBeDestroyedInItsOwnCallback) {
  std::unique_ptr<Execution> handle;
  bool ended = false;
  handle = spawner_.start(shell("true"), {}, {[&](const Report&) {
                            handle.reset();
                            ended = true;
                          }});
  ASSERT_TRUE(loop_.run_until([&] { return ended; }));
  RunOptions options;
  options.limit = milliseconds(50);
  bool late = false;
  handle = spawner_.start(shell("exec sleep 1000"), options,
                          {[](const Report&) { FAIL(); },
                           [&] {
                             handle.reset();
                             late = true;
                           }});
  ASSERT_TRUE(loop_.run_until([&] { return late; }));
  EXPECT_TRUE(no_children());
}

TEST_F(ProcessSpawnerTest, ASpawnerThatGoesKillsWhatItWasStarting) {
  {
    ProcessSpawner spawner(loop_.io(), loop_.scheduler(), capture_baseline());
    std::vector<std::unique_ptr<Execution>> runs;
    for (int i = 0; i < 20; ++i)
      runs.push_back(spawner.start(shell("exec sleep 1000"), {}, {[](const Report&) {}}));
  }
  // What it had started already is told by the kernel that its parent, the thread, is gone.
  const auto reap = [] {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD;
  };
  EXPECT_TRUE(loop_.run_until(reap));
}

TEST_F(ProcessSpawnerTest, OutputIsKeptUpToItsLimit) {
  RunOptions options;
  options.capture = 10;
  const auto report = run(shell("echo one; echo two >&2; echo three"), options);
  EXPECT_EQ(report.output, "one\ntwo\nth");
}

TEST_F(ProcessSpawnerTest, AFloodOfOutputIsReadSlowlyAndNeverKept) {
  RunOptions options;
  options.capture = 1000;
  options.limit = milliseconds(500);
  const double before = fakes::cpu_seconds();
  const auto report = run(shell("exec yes"), options);
  EXPECT_TRUE(std::holds_alternative<TimedOut>(report.ending));
  EXPECT_EQ(report.output.size(), 1000U);
  EXPECT_LT(fakes::cpu_seconds() - before, 0.3);
}

TEST_F(ProcessSpawnerTest, ALongOutputIsNoFailure) {
  RunOptions options;
  options.capture = 100;
  const auto report = run(shell("head -c 200000 /dev/zero"), options);
  EXPECT_TRUE(succeeded(report.ending)) << describe(report.ending);
  EXPECT_EQ(report.output.size(), 100U);
}

TEST_F(ProcessSpawnerTest, ManyAtOnce) {
  std::vector<std::unique_ptr<Execution>> runs;
  for (int i = 0; i < 255; ++i) runs.push_back(start(shell("exit " + std::to_string(i % 5))));
  ASSERT_TRUE(loop_.run_until([&] { return reports_.size() == 255; }));
  EXPECT_EQ(
      std::count_if(reports_.begin(), reports_.end(), [](const Report& r) { return succeeded(r.ending); }),
      51);
  EXPECT_TRUE(no_children());
}

TEST_F(ProcessSpawnerTest, ADescriptorLimitIsAFailureAndNotTheEnd) {
  rlimit old{};
  ::getrlimit(RLIMIT_NOFILE, &old);
  EXPECT_TRUE(succeeded(run(shell("true")).ending));  // the threads are there
  const UniqueFd next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const rlimit none{static_cast<rlim_t>(next.get()), old.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  const auto report = run(shell("true"));
  ::setrlimit(RLIMIT_NOFILE, &old);
  EXPECT_EQ(std::get<NotStarted>(report.ending).error.code, std::errc::too_many_files_open)
      << describe(report.ending);
  EXPECT_TRUE(succeeded(run(shell("true")).ending));
}

TEST_F(ProcessSpawnerTest, RefusesAnInsecureScriptWhereThatIsAskedFor) {
  if (::geteuid() != 0) GTEST_SKIP() << "root is needed";
  Command command{{script("open", "#!/bin/sh\n", 0777)}, ScriptUser{}};
  const auto warned = run(command);
  EXPECT_TRUE(succeeded(warned.ending));
  EXPECT_EQ(warned.insecure, (folder_ / "open").string() + " is writable by everyone (owner 0, mode 0777)");
  command.refuse_insecure = true;
  const auto report = run(command);
  EXPECT_EQ(std::get<Refused>(report.ending).reason, warned.insecure);
  ::chmod((folder_ / "open").c_str(), 0755);
  EXPECT_TRUE(succeeded(run(command).ending)) << "it is checked at every run";
}

TEST_F(ProcessSpawnerTest, RunsAsTheUserItIsTold) {
  if (::geteuid() != 0) GTEST_SKIP() << "root is needed";
  Command command = shell("id -u; id -g; id -G");
  command.user = ScriptUser{65534, 65533, {65531, 65532}};
  RunOptions options;
  options.capture = 1000;
  EXPECT_EQ(run(command, options).output, "65534\n65533\n65533 65531 65532\n");
  command.user = ScriptUser{65534, 65533, {}};
  EXPECT_EQ(run(command, options).output, "65534\n65533\n65533\n") << "hald's own groups are gone";
}

/// Runs `body` in a process of its own, which is what it takes to be somebody else or to be killed.
int in_child(const std::function<int()>& body) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

TEST(ProcessSpawnerAloneTest, WorksWithoutRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "the other tests show it";
  EXPECT_EQ(in_child([] {
              if (::setgid(65534) != 0 || ::setuid(65534) != 0) return 90;
              fakes::RealLoop loop;
              ProcessSpawner spawner(loop.io(), loop.scheduler(), capture_baseline());
              std::vector<Report> reports;
              const auto watcher = [&] {
                return Watcher{[&](Report r) { reports.push_back(std::move(r)); }};
              };
              Command command{{"/bin/sh", "-c", "exit 5"}, {}};
              const auto as_is = spawner.start(command, {}, watcher());
              if (!loop.run_until([&] { return reports.size() == 1; })) return 91;
              command.user = ScriptUser{65534, 65534, {}};
              const auto as_own_user = spawner.start(command, {}, watcher());
              if (!loop.run_until([&] { return reports.size() == 2; })) return 92;
              command.user = ScriptUser{1, 65534, {}};
              const auto as_other = spawner.start(command, {}, watcher());
              if (!loop.run_until([&] { return reports.size() == 3; })) return 93;
              for (int i = 0; i < 2; ++i) {
                const auto* exited = std::get_if<Exited>(&reports[static_cast<std::size_t>(i)].ending);
                if (exited == nullptr || exited->status != 5) return 94 + i;
              }
              const auto* failure = std::get_if<NotStarted>(&reports[2].ending);
              return failure != nullptr && failure->error.code == std::errc::operation_not_permitted ? 0 : 96;
            }),
            0);
}

TEST_F(ProcessSpawnerTest, AProgramIsToldWhenHaldDies) {
  const auto file = (folder_ / "told").string();
  EXPECT_EQ(in_child([&] {
              fakes::RealLoop loop;
              ProcessSpawner spawner(loop.io(), loop.scheduler(), capture_baseline());
              Command command =
                  shell("trap 'echo told > " + file + "; kill $!; exit' TERM; sleep 1000 & echo > " +
                        (folder_ / "pid").string() + "; wait");
              const auto run = spawner.start(command, {}, {[](const Report&) {}});
              if (!loop.run_until([&] { return !text_of("pid").empty(); })) return 1;
              ::raise(SIGKILL);
              return 2;
            }),
            1000 + SIGKILL);
  EXPECT_TRUE(loop_.run_until([&] { return text_of("told") == "told\n"; }));
}

/// The point of borrowing memory: hald may be as big as it likes.
TEST_F(ProcessSpawnerTest, AStartCostsTheLoopFarLessThanAMillisecondHoweverBigHaldIs) {
  constexpr std::size_t kSize = 512UL << 20U;
  void* memory = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  ::madvise(memory, kSize, MADV_NOHUGEPAGE);
  std::memset(memory, 1, kSize);
  EXPECT_TRUE(succeeded(run(shell("true")).ending));

  std::vector<double> costs;
  for (int i = 0; i < 21; ++i) {
    const double before = fakes::cpu_seconds();
    const auto handle = start(shell("true"));
    costs.push_back(fakes::cpu_seconds() - before);
    const auto so_far = reports_.size();
    ASSERT_TRUE(loop_.run_until([&] { return reports_.size() > so_far; }));
  }
  std::sort(costs.begin(), costs.end());
  std::cout << "a start took " << costs[10] * 1e6 << " us of the loop's processor time\n";
  EXPECT_LT(costs[10], 0.001);
  ::munmap(memory, kSize);
}

}  // namespace
}  // namespace hald::proc
