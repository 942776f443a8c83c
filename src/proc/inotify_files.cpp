// SPDX-License-Identifier: Apache-2.0
#include "proc/inotify_files.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>

#include "base/unique_fd.h"

namespace hald::proc {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;
using ErrorCode = boost::system::error_code;

constexpr auto kLookAgain = std::chrono::seconds(5);
/// Reads of the queue in one turn; each holds a few hundred events.
constexpr unsigned kReadsPerTurn = 4;
constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                  IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

std::pair<std::string, std::string> split(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

bool is_link(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

}  // namespace

class InotifyFiles::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(boost::asio::io_context& io, Scheduler& scheduler, log::Logger& log)
      : scheduler_(scheduler), log_(log), inotify_(io) {}

  void open();
  void close();
  std::uint64_t add(const std::string& path, std::function<void()> changed);
  void remove(std::uint64_t id);

 private:
  struct Entry {
    std::string folder;
    std::string name;
    std::function<void()> changed;
    int descriptor = -1;  ///< of the watch on its folder; -1: the folder is not there
    bool link = false;    ///< it may change without an event of its own name
  };

  void attach(Entry& entry);
  void wait();
  void drain();
  void take(const inotify_event& event, const char* name);
  void forget_folder(int descriptor);
  void tell(const std::set<std::uint64_t>& whom);
  void look_again();

  Scheduler& scheduler_;
  log::Logger& log_;
  Descriptor inotify_;
  std::map<std::uint64_t, Entry> entries_;
  std::uint64_t last_id_ = 0;
  std::set<std::uint64_t> touched_;
  TimerHandle again_;
};

void InotifyFiles::Impl::open() {
  UniqueFd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  ErrorCode error;
  if (fd.valid()) inotify_.assign(fd.get(), error);
  if (!fd.valid() || error) {
    return log_.error("Files cannot be watched, only looked at now and then: " +
                      errno_error(errno, "inotify").message());
  }
  [[maybe_unused]] const int owned_by_asio = fd.release();
  wait();
}

void InotifyFiles::Impl::close() {
  ErrorCode ignored;
  inotify_.close(ignored);
  entries_.clear();
  again_.cancel();
}

std::uint64_t InotifyFiles::Impl::add(const std::string& path, std::function<void()> changed) {
  Entry entry;
  std::tie(entry.folder, entry.name) = split(path);
  entry.changed = std::move(changed);
  attach(entry);
  entries_.emplace(++last_id_, std::move(entry));
  if (entries_.size() == 1) again_ = scheduler_.after(kLookAgain, [this] { look_again(); });
  return last_id_;
}

void InotifyFiles::Impl::remove(std::uint64_t id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  const int descriptor = found->second.descriptor;
  entries_.erase(found);
  if (entries_.empty()) again_.cancel();
  if (descriptor < 0 || !inotify_.is_open()) return;
  for (const auto& [other, entry] : entries_) {
    if (entry.descriptor == descriptor) return;
  }
  ::inotify_rm_watch(inotify_.native_handle(), descriptor);
}

void InotifyFiles::Impl::attach(Entry& entry) {
  entry.link = is_link(entry.folder + "/" + entry.name);
  if (!inotify_.is_open()) return;
  entry.descriptor = ::inotify_add_watch(inotify_.native_handle(), entry.folder.c_str(), kEvents);
}

void InotifyFiles::Impl::wait() {
  inotify_.async_wait(Descriptor::wait_read, [self = shared_from_this()](const ErrorCode& error) {
    if (error) return;
    self->drain();
    if (self->inotify_.is_open()) self->wait();
  });
}

void InotifyFiles::Impl::drain() {
  alignas(inotify_event) std::array<char, 16384> buffer{};
  for (unsigned i = 0; i < kReadsPerTurn; ++i) {
    const ssize_t size = ::read(inotify_.native_handle(), buffer.data(), buffer.size());
    if (size <= 0) break;
    std::size_t at = 0;
    while (at + sizeof(inotify_event) <= static_cast<std::size_t>(size)) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      take(event, event.len > 0 ? buffer.data() + at + sizeof event : "");
      at += sizeof event + event.len;
    }
  }
  tell(std::exchange(touched_, {}));
}

void InotifyFiles::Impl::take(const inotify_event& event, const char* name) {
  const bool lost = (event.mask & IN_Q_OVERFLOW) != 0;
  const bool folder_gone = (event.mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)) != 0;
  for (const auto& [id, entry] : entries_) {
    const bool here = entry.descriptor == event.wd;
    if (!lost && !(here && (folder_gone || entry.link || entry.name == name))) continue;
    // A new plain file is empty until it is written, and that is told by itself.
    const bool empty = (event.mask & IN_CREATE) != 0 && !is_link(entry.folder + "/" + entry.name);
    if (!empty) touched_.insert(id);
  }
  if (folder_gone) forget_folder(event.wd);
}

void InotifyFiles::Impl::forget_folder(int descriptor) {
  for (auto& [id, entry] : entries_) {
    if (entry.descriptor == descriptor) entry.descriptor = -1;
  }
}

void InotifyFiles::Impl::tell(const std::set<std::uint64_t>& whom) {
  for (const std::uint64_t id : whom) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) continue;  // one that was told before let go of it
    attach(found->second);
    const auto changed = found->second.changed;
    changed();
  }
}

void InotifyFiles::Impl::look_again() {
  again_ = scheduler_.after(kLookAgain, [this] { look_again(); });
  std::set<std::uint64_t> blind;
  for (const auto& [id, entry] : entries_) {
    if (entry.descriptor < 0 || entry.link) blind.insert(id);
  }
  tell(blind);
}

namespace {

class InotifyWatch final : public WatchedFiles::Watch {
 public:
  explicit InotifyWatch(std::function<void()> end) : end_(std::move(end)) {}
  ~InotifyWatch() override { end_(); }

 private:
  std::function<void()> end_;
};

}  // namespace

InotifyFiles::InotifyFiles(boost::asio::io_context& io, Scheduler& scheduler, log::Logger& log)
    : impl_(std::make_shared<Impl>(io, scheduler, log)) {
  impl_->open();
}

InotifyFiles::~InotifyFiles() {
  impl_->close();
}

std::unique_ptr<WatchedFiles::Watch> InotifyFiles::watch(const std::string& path,
                                                         std::function<void()> changed) {
  const std::uint64_t id = impl_->add(path, std::move(changed));
  return std::make_unique<InotifyWatch>([impl = impl_, id] { impl->remove(id); });
}

std::optional<std::string> InotifyFiles::read(const std::string& path, std::size_t most) {
  // Nonblocking: it may be a pipe, which is found out after opening it.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  struct stat status {};
  if (!fd.valid() || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  std::string out(most, '\0');
  const ssize_t size = ::read(fd.get(), out.data(), out.size());
  if (size < 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(size));
  return out;
}

Result<void> InotifyFiles::create(const std::string& path, const std::string& text, bool overwrite) {
  const int how = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  const UniqueFd fd(::open(path.c_str(), how | (overwrite ? 0 : O_EXCL), 0644));
  if (!fd.valid() && errno == EEXIST) return {};
  if (!fd.valid()) return errno_error(errno, "create " + path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return errno_error(EINVAL, "write " + path + ", which is no plain file");
  }
  if (::ftruncate(fd.get(), 0) != 0 ||
      ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return errno_error(errno, "write " + path);
  }
  return {};
}

}  // namespace hald::proc
