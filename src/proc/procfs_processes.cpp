// SPDX-License-Identifier: Apache-2.0
#include "proc/procfs_processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>

#include "base/unique_fd.h"

namespace hald::proc {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;
using ErrorCode = boost::system::error_code;

constexpr auto kPause = std::chrono::seconds(1);
/// Processes in one turn of the loop: some hundred microseconds.
constexpr unsigned kPerSlice = 40;
constexpr std::size_t kStatBytes = 256;
constexpr std::size_t kCommandBytes = 4096;

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

std::optional<std::string> read_file(const std::string& path, std::size_t most) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return std::nullopt;
  std::string out(most, '\0');
  const ssize_t size = ::read(fd.get(), out.data(), out.size());
  if (size < 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// The short name; nothing if the process is over, or a zombie. "7 (name) S ...": the name may hold anything.
std::optional<std::string> running_name(pid_t pid) {
  const auto stat = read_file(fmt::format("/proc/{}/stat", pid), kStatBytes);
  if (!stat) return std::nullopt;
  const auto begin = stat->find('(');
  const auto end = stat->rfind(')');
  if (begin == std::string::npos || end == std::string::npos || end + 2 >= stat->size()) return std::nullopt;
  const char state = (*stat)[end + 2];
  if (state == 'Z' || state == 'X') return std::nullopt;
  return stat->substr(begin + 1, end - begin - 1);
}

std::optional<pid_t> number_of(const char* name) {
  const std::string_view text(name);
  pid_t out = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size() || out <= 0) return std::nullopt;
  return out;
}

}  // namespace

class ProcfsProcesses::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(boost::asio::io_context& io, Scheduler& scheduler) : io_(io), scheduler_(scheduler) {}

  std::uint64_t add(Matches matches, bool command_line, Counted counted) {
    watches_[++last_id_] = Entry{std::move(matches), command_line, std::move(counted), {}, {}};
    begin_pass();
    return last_id_;
  }
  void remove(std::uint64_t id) {
    watches_.erase(id);
    if (watches_.empty()) close();
  }
  void close() {
    watches_.clear();
    while (!ends_.empty()) forget_end(ends_.begin()->first);
    folder_.reset();
    timer_.cancel();
  }

 private:
  struct Entry {
    Matches matches;
    bool command_line = false;
    Counted counted;
    std::set<pid_t> pids;
    std::optional<unsigned> told;
  };

  void begin_pass();
  void slice();
  void finish_pass();
  void look_at(pid_t pid);
  void wait_for_end(pid_t pid);
  void forget_end(pid_t pid);
  void ended(pid_t pid);
  void tell();

  boost::asio::io_context& io_;
  Scheduler& scheduler_;
  std::map<std::uint64_t, Entry> watches_;
  std::uint64_t last_id_ = 0;
  Folder folder_;  // while a pass is under way
  std::set<pid_t> seen_;
  std::map<pid_t, std::shared_ptr<Descriptor>> ends_;  // of those that are counted
  TimerHandle timer_;
};

void ProcfsProcesses::Impl::begin_pass() {
  folder_.reset(::opendir("/proc"));
  seen_.clear();
  timer_ = scheduler_.after(folder_ ? Duration::zero() : Duration(kPause),
                            [this] { folder_ ? slice() : begin_pass(); });
}

void ProcfsProcesses::Impl::slice() {
  for (unsigned i = 0; i < kPerSlice;) {
    const dirent* entry = ::readdir(folder_.get());
    if (entry == nullptr) return finish_pass();
    const auto pid = number_of(entry->d_name);
    if (!pid) continue;
    ++i;
    look_at(*pid);
  }
  timer_ = scheduler_.after(Duration::zero(), [this] { slice(); });
}

void ProcfsProcesses::Impl::look_at(pid_t pid) {
  const auto name = running_name(pid);
  if (!name) return;
  std::optional<std::string> command_line;
  for (auto& [id, entry] : watches_) {
    if (entry.command_line && !command_line) {
      command_line = read_file(fmt::format("/proc/{}/cmdline", pid), kCommandBytes).value_or("");
    }
    if (!entry.matches(*name, command_line.value_or(""))) {
      entry.pids.erase(pid);
      continue;
    }
    seen_.insert(pid);
    if (entry.pids.insert(pid).second) wait_for_end(pid);
  }
}

void ProcfsProcesses::Impl::wait_for_end(pid_t pid) {
  if (ends_.contains(pid)) return;
  UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!fd.valid()) return;  // the next pass will miss it
  const auto descriptor = std::make_shared<Descriptor>(io_, fd.release());
  ends_.emplace(pid, descriptor);
  descriptor->async_wait(Descriptor::wait_read,
                         [weak = weak_from_this(), descriptor, pid](const ErrorCode& error) {
                           const auto self = weak.lock();
                           if (!error && self) self->ended(pid);
                         });
}

void ProcfsProcesses::Impl::forget_end(pid_t pid) {
  const auto found = ends_.find(pid);
  if (found == ends_.end()) return;
  ErrorCode ignored;
  found->second->close(ignored);  // what waits for it holds it
  ends_.erase(found);
}

void ProcfsProcesses::Impl::ended(pid_t pid) {
  forget_end(pid);
  for (auto& [id, entry] : watches_) entry.pids.erase(pid);
  // In a pass the others may not all have been seen yet; what has been told before is changed all the same.
  tell();
}

void ProcfsProcesses::Impl::finish_pass() {
  folder_.reset();
  for (auto& [id, entry] : watches_) {
    std::erase_if(entry.pids, [this](pid_t pid) { return !seen_.contains(pid); });
    if (!entry.told) entry.told = static_cast<unsigned>(entry.pids.size()) + 1;  // as if it had changed
  }
  std::vector<pid_t> gone;
  for (const auto& [pid, descriptor] : ends_) {
    if (!seen_.contains(pid)) gone.push_back(pid);
  }
  for (const pid_t pid : gone) forget_end(pid);
  timer_ = scheduler_.after(kPause, [this] { begin_pass(); });
  tell();
}

void ProcfsProcesses::Impl::tell() {
  std::vector<std::uint64_t> changed;
  for (auto& [id, entry] : watches_) {
    const auto count = static_cast<unsigned>(entry.pids.size());
    if (!entry.told || *entry.told == count) continue;
    entry.told = count;
    changed.push_back(id);
  }
  for (const std::uint64_t id : changed) {
    const auto found = watches_.find(id);
    if (found == watches_.end()) continue;  // one that was told before let go of it
    const auto counted = found->second.counted;
    counted(*found->second.told);
  }
}

namespace {

class ProcfsWatch final : public ProcessList::Watch {
 public:
  explicit ProcfsWatch(std::function<void()> end) : end_(std::move(end)) {}
  ~ProcfsWatch() override { end_(); }

 private:
  std::function<void()> end_;
};

}  // namespace

ProcfsProcesses::ProcfsProcesses(boost::asio::io_context& io, Scheduler& scheduler)
    : impl_(std::make_shared<Impl>(io, scheduler)) {}

ProcfsProcesses::~ProcfsProcesses() {
  impl_->close();
}

std::unique_ptr<ProcessList::Watch> ProcfsProcesses::watch(Matches matches, bool command_line,
                                                           Counted counted) {
  const std::uint64_t id = impl_->add(std::move(matches), command_line, std::move(counted));
  return std::make_unique<ProcfsWatch>([impl = impl_, id] { impl->remove(id); });
}

}  // namespace hald::proc
