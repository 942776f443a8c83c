// SPDX-License-Identifier: Apache-2.0
#include "proc/launch.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <memory>
#include <utility>

#include <fmt/format.h>

namespace hald::proc {
namespace {

constexpr std::size_t kStackSize = 64UL * 1024;

/// Everything that the new process needs, made before it exists: it shares this memory, and allocates
/// nothing. The last two are its answer.
struct Plan {
  const char* path = nullptr;
  const char* folder = nullptr;
  char* const* argv = nullptr;
  char* const* shell_argv = nullptr;
  char* const* environment = nullptr;
  const Baseline* baseline = nullptr;
  const ScriptUser* user = nullptr;
  bool set_groups = false;
  int null = -1;
  int output = -1;
  pid_t parent = 0;

  StartStep failed_at = StartStep::Exec;
  int error = 0;
};

// What runs in the new process. Only system calls: locks of hald's memory may be held by other threads, and
// the C library's own setuid() would change those threads. Sanitizers do not know this stack.
#define HALD_IN_CHILD __attribute__((no_sanitize("address", "undefined")))

HALD_IN_CHILD bool fail(Plan& plan, StartStep step) {
  plan.failed_at = step;
  plan.error = errno;
  return false;
}

HALD_IN_CHILD void reset_signals() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number <= SIGRTMAX; ++number) ::sigaction(number, &standard, nullptr);
}

/// Best effort: a program that runs at another priority is better than one that does not run.
HALD_IN_CHILD void reset_scheduling(const Baseline& baseline) {
  ::sched_setscheduler(0, baseline.policy, &baseline.priority);
  ::setpriority(PRIO_PROCESS, 0, baseline.nice);
  if (baseline.knows_processors) ::sched_setaffinity(0, sizeof baseline.processors, &baseline.processors);
  for (const auto& limit : baseline.limits) ::setrlimit(limit.resource, &limit.value);
}

HALD_IN_CHILD bool set_descriptors(Plan& plan) {
  const int out = plan.output < 0 ? plan.null : plan.output;
  if (::dup2(plan.null, STDIN_FILENO) < 0 || ::dup2(out, STDOUT_FILENO) < 0 || ::dup2(out, STDERR_FILENO) < 0)
    return fail(plan, StartStep::StandardFiles);
  // All others are to be closed by exec anyway; this is for one that a library forgot.
  ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  return true;
}

HALD_IN_CHILD bool set_user(Plan& plan) {
  if (plan.user == nullptr) return true;
  const ScriptUser& user = *plan.user;
  if (plan.set_groups && ::syscall(SYS_setgroups, user.groups.size(), user.groups.data()) != 0)
    return fail(plan, StartStep::Groups);
  if (::syscall(SYS_setresgid, user.gid, user.gid, user.gid) != 0) return fail(plan, StartStep::Group);
  if (::syscall(SYS_setresuid, user.uid, user.uid, user.uid) != 0) return fail(plan, StartStep::User);
  return true;
}

HALD_IN_CHILD void become_program(Plan& plan) {
  reset_signals();
  ::setpgid(0, 0);
  reset_scheduling(*plan.baseline);
  if (!set_descriptors(plan) || !set_user(plan)) return;
  if (plan.folder != nullptr && ::chdir(plan.folder) != 0) return void(fail(plan, StartStep::Folder));
  // After the change of user, which takes it away again.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != plan.parent) return;
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(plan.path, plan.argv, plan.environment);
  if (errno == ENOEXEC) ::execve("/bin/sh", plan.shell_argv, plan.environment);
  fail(plan, StartStep::Exec);
}

HALD_IN_CHILD int child_main(void* plan) {
  become_program(*static_cast<Plan*>(plan));
  ::_exit(127);
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  out.reserve(words.size() + 1);
  for (auto& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

/// Moves a descriptor away from the standard ones, over which the new process puts its own.
bool move_up(UniqueFd& fd) {
  if (fd.get() <= STDERR_FILENO) fd.reset(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  return fd.valid();
}

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

/// The end that hald reads does not block; the other one does, as a program expects.
bool open_pipe(Pipe& pipe) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  pipe.read.reset(ends[0]);
  pipe.write.reset(ends[1]);
  return ::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK) == 0 && move_up(pipe.read) && move_up(pipe.write);
}

std::string doing(StartStep step, const Command& command) {
  const std::string& program = command.argv.front();
  switch (step) {
    case StartStep::Clone: return fmt::format("make a process for {}", program);
    case StartStep::StandardFiles: return fmt::format("set the standard files of {}", program);
    case StartStep::Groups: return fmt::format("set the supplementary groups of {}", program);
    case StartStep::Group: return fmt::format("run {} as group {}", program, command.user->gid);
    case StartStep::User: return fmt::format("run {} as user {}", program, command.user->uid);
    case StartStep::Folder: return fmt::format("run {} in {}", program, command.folder);
    case StartStep::Exec: break;
  }
  return fmt::format("run {}", program);
}

NotStarted not_started(StartStep step, int error, const Command& command) {
  return {step, errno_error(error, doing(step, command))};
}

/// What to run: the words, the file, and what the rules say about it.
struct Resolved {
  std::vector<std::string> argv;
  std::string path;
  ScriptVerdict verdict;
};

Resolved resolve(const Command& command, const ScriptUser& user, const std::string& path) {
  Resolved out;
  if (is_open_test(command.argv.front())) {
    out.argv = {"/bin/sh", "-c", shell_line(command.argv)};
    out.path = "/bin/sh";
    return out;
  }
  out.argv = command.argv;
  out.verdict = check_script(command.argv.front(), user, SystemPaths(), path);
  const bool found = out.verdict.fault == ScriptFault::None || out.verdict.fault == ScriptFault::Insecure;
  const bool has_slash = command.argv.front().find('/') != std::string::npos;
  out.path = found && (!command.keep_links || !has_slash) ? out.verdict.path : command.argv.front();
  return out;
}

/// The exec has the last word; if it refuses, the rules often know better why.
NotStarted explained(NotStarted failure, const ScriptVerdict& verdict) {
  if (failure.step == StartStep::Exec && verdict.fault != ScriptFault::None)
    failure.error.doing += " (" + verdict.text + ')';
  return failure;
}

ScriptUser own_user() {
  return {::geteuid(), ::getegid(), {}};
}

/// Root replaces the groups always. Another one may not, and need not as long as it stays itself.
bool replaces_groups(const ScriptUser& wanted) {
  const ScriptUser own = own_user();
  return own.uid == 0 || wanted.uid != own.uid || wanted.gid != own.gid;
}

struct Child {
  pid_t pid = -1;
  UniqueFd pidfd;
};

/// Returns when the child has become the program, or has left its answer and is gone.
Child clone_child(Plan& plan) {
  constexpr int kFlags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
  const auto stack = std::make_unique_for_overwrite<std::byte[]>(kStackSize);
  int pidfd = -1;
  const int pid = ::clone(child_main, stack.get() + kStackSize, kFlags, &plan, &pidfd);
  if (pid < 0) {
    plan.failed_at = StartStep::Clone;
    plan.error = errno;
    return {};
  }
  Child child{pid, UniqueFd(pidfd)};
  if (plan.error != 0) {
    siginfo_t ignored{};
    ::waitid(P_PID, static_cast<id_t>(pid), &ignored, WEXITED | __WALL);
  }
  return child;
}

}  // namespace

LaunchResult launch(const Command& command, bool capture, const Baseline& baseline, int null) {
  if (command.argv.empty())
    return NotStarted{StartStep::Exec, errno_error(EINVAL, "run a command without a word")};
  auto environment = script_environment(baseline.environment, command.environment);
  Resolved resolved = resolve(command, command.user.value_or(own_user()), search_path(environment));
  const bool insecure = resolved.verdict.fault == ScriptFault::Insecure;
  if (insecure && command.refuse_insecure) return Refused{resolved.verdict.text};

  Pipe pipe;
  if (capture && !open_pipe(pipe)) return not_started(StartStep::StandardFiles, errno, command);
  std::vector<std::string> shell{"/bin/sh", resolved.path};
  shell.insert(shell.end(), resolved.argv.begin() + 1, resolved.argv.end());
  const auto words = pointers(resolved.argv);
  const auto shell_words = pointers(shell);
  const auto variables = pointers(environment);

  Plan plan;
  plan.path = resolved.path.c_str();
  plan.folder = command.folder.empty() ? nullptr : command.folder.c_str();
  plan.argv = words.data();
  plan.shell_argv = shell_words.data();
  plan.environment = variables.data();
  plan.baseline = &baseline;
  plan.user = command.user ? &*command.user : nullptr;
  plan.set_groups = command.user && replaces_groups(*command.user);
  plan.null = null;
  plan.output = capture ? pipe.write.get() : -1;
  plan.parent = ::getpid();
  Child child = clone_child(plan);
  if (plan.error != 0) return explained(not_started(plan.failed_at, plan.error, command), resolved.verdict);
  return Started{child.pid, std::move(child.pidfd), std::move(pipe.read),
                 insecure ? resolved.verdict.text : std::string()};
}

}  // namespace hald::proc
