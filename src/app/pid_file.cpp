// SPDX-License-Identifier: Apache-2.0
#include "app/pid_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

namespace hald::app {
namespace {

std::string holder_of(int fd) {
  std::array<char, 24> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size() - 1, 0);
  const std::string_view digits(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const auto end = digits.find_first_not_of("0123456789");
  return end == 0 || digits.empty() ? "unknown" : std::string(digits.substr(0, end));
}

}  // namespace

Result<PidFile> PidFile::take(const std::string& path) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!fd.valid()) return errno_error("open pid file " + path);
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(fd.get(), F_OFD_SETLK, &whole) != 0) {
    const int number = errno;
    if (number != EAGAIN && number != EACCES) return errno_error(number, "lock pid file " + path);
    return errno_error(EALREADY, fmt::format("daemon is already running with pid {}, it holds {}",
                                             holder_of(fd.get()), path));
  }
  const std::string text = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd.get(), 0) != 0 || ::pwrite(fd.get(), text.data(), text.size(), 0) < 0) {
    return errno_error("write pid file " + path);
  }
  return PidFile(path, std::move(fd));
}

/// Not by F_OFD_GETLK: it tells that such a lock is held, but not by whom.
std::optional<int> PidFile::holder(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd.valid()) return std::nullopt;
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(fd.get(), F_OFD_GETLK, &whole) != 0 || whole.l_type == F_UNLCK) return std::nullopt;
  const std::string text = holder_of(fd.get());
  int pid = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), pid);
  if (problem != std::errc{} || pid <= 1) return std::nullopt;
  return pid;
}

PidFile::~PidFile() {
  if (fd_.valid()) ::unlink(path_.c_str());
}

}  // namespace hald::app
