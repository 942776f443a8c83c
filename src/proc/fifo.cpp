// SPDX-License-Identifier: Apache-2.0
#include "proc/fifo.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <climits>
#include <utility>

#include <fmt/format.h>

namespace hald::proc {

Result<std::unique_ptr<Fifo>> Fifo::open(const FifoSettings& settings, Spawner& spawner,
                                         log::Logger& logger) {
  std::unique_ptr<Fifo> fifo(new Fifo(settings, logger));
  if (auto made = fifo->make(); !made) return made.error();
  if (settings.reader) fifo->start_reader(spawner);
  if (auto opened = fifo->open_it(); !opened) return opened.error();
  return fifo;
}

Fifo::~Fifo() {
  remove();
}

void Fifo::remove() {
  if (std::exchange(made_here_, false)) ::unlink(settings_.path.c_str());
}

void Fifo::close(std::function<void()> reader_gone) {
  reader_gone_ = std::move(reader_gone);
  remove();
  fd_.reset();
}

Result<void> Fifo::make() {
  const char* path = settings_.path.c_str();
  if (::mkfifo(path, 0644) != 0) {
    if (errno == EEXIST) return {};
    return errno_error("make FIFO " + settings_.path);
  }
  made_here_ = true;
  const uid_t owner = settings_.owner.value_or(static_cast<uid_t>(-1));
  const gid_t group = settings_.group.value_or(static_cast<gid_t>(-1));
  // A link that has taken its place would be given away itself, and not what it leads to.
  if ((settings_.owner || settings_.group) && ::lchown(path, owner, group) != 0)
    logger_.warning(errno_error("give away FIFO " + settings_.path).message());
  return {};
}

Result<void> Fifo::open_it() {
  // Open for reading as well: a write without a reader is no error then, and the open does not wait for one.
  fd_.reset(::open(settings_.path.c_str(), O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!fd_.valid()) return errno_error("open FIFO " + settings_.path);
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) return errno_error("look at FIFO " + settings_.path);
  if (!S_ISFIFO(status.st_mode)) return errno_error(EINVAL, fmt::format("use {} as FIFO", settings_.path));
  const bool ours = status.st_uid == ::geteuid() || (settings_.owner && status.st_uid == *settings_.owner);
  if (!ours)
    return errno_error(EPERM,
                       fmt::format("use FIFO {}, which belongs to user {}", settings_.path, status.st_uid));
  return {};
}

void Fifo::start_reader(Spawner& spawner) {
  Command command = *settings_.reader;
  command.argv.push_back(settings_.path);
  reader_ = spawner.start(std::move(command), {}, {[this](const Report& report) { reader_ended(report); }});
}

void Fifo::reader_ended(const Report& report) {
  reader_.reset();
  if (reader_gone_) return reader_gone_();
  logger_.warning(fmt::format("Script {} that reads {} {}", settings_.reader->argv.front(), settings_.path,
                              describe(report.ending)),
                  {{"fifo", settings_.path}});
}

void Fifo::write(std::string_view line) {
  if (!fd_.valid()) return;
  if (line.size() <= PIPE_BUF &&
      ::write(fd_.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size())) {
    ++counters_.written;
    return;
  }
  ++counters_.dropped;
  logger_.limited(log::Level::Warning, "fifo " + settings_.path,
                  fmt::format("A line for FIFO {} was dropped: nobody reads it fast enough", settings_.path),
                  {{"fifo", settings_.path}}, std::chrono::minutes(1));
}

void Fifo::stop_reader() {
  if (reader_) reader_->stop();
}

}  // namespace hald::proc
