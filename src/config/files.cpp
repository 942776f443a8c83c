// SPDX-License-Identifier: Apache-2.0
#include "config/files.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/unique_fd.h"

namespace hald::config {
namespace {

std::string cannot_be_read(int error) {
  return fmt::format("cannot be read: {}", std::generic_category().message(error));
}

/// Why what `status` describes is no configuration file, or empty.
std::string unsuitable(const struct stat& status, std::size_t limit) {
  if (S_ISDIR(status.st_mode)) return "is a directory";
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if (static_cast<std::uint64_t>(status.st_size) > limit) return "is too big for a configuration";
  return {};
}

/// Reads to the end, or to `limit` bytes if the file grows meanwhile. Returns 0 or the errno.
int read_all(int fd, std::size_t expected, std::size_t limit, std::string& text) {
  text.resize(expected + 1);  // one more, so that the usual file needs no second turn to see its end
  std::size_t length = 0;
  while (length < limit) {
    if (length == text.size()) text.resize(std::min(limit, text.size() * 2));
    const ssize_t count = ::read(fd, text.data() + length, text.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) break;
    length += static_cast<std::size_t>(count);
  }
  text.resize(length);
  return 0;
}

}  // namespace

FileText SystemFiles::read(const std::string& path, std::size_t limit) const {
  FileText out;
  // Nonblocking, or opening a FIFO would wait for its writer before it can be refused.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd.valid()) {
    const int error = errno;
    out.outcome = error == ENOENT || error == ENOTDIR ? ReadOutcome::Missing : ReadOutcome::Unreadable;
    out.reason = out.outcome == ReadOutcome::Missing ? "does not exist" : cannot_be_read(error);
    return out;
  }
  out.outcome = ReadOutcome::Unreadable;
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) {
    out.reason = cannot_be_read(errno);
    return out;
  }
  out.reason = unsuitable(status, limit);
  if (!out.reason.empty()) return out;
  if (const int error = read_all(fd.get(), static_cast<std::size_t>(status.st_size), limit, out.text)) {
    out.reason = cannot_be_read(error);
    return out;
  }
  out.outcome = ReadOutcome::Read;
  out.identity = {status.st_dev, status.st_ino};
  out.executable = (status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
  return out;
}

Matches SystemFiles::match(const std::string& pattern) const {
  glob_t found{};
  Matches out;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    out.paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  } else {
    const std::string plain = pattern.substr(0, pattern.find_first_of("*?["));
    const std::string folder = plain.substr(0, plain.rfind('/') + 1);
    out.folder_exists = ::access(folder.empty() ? "." : folder.c_str(), F_OK) == 0;
  }
  ::globfree(&found);
  return out;
}

std::string SystemFiles::directory(const std::string& path) const {
  std::error_code failure;
  const auto folder = std::filesystem::path(path).parent_path();
  const auto real = std::filesystem::canonical(folder.empty() ? "." : folder, failure);
  return failure ? folder.string() : real.string();
}

std::optional<std::string> SystemFiles::environment(const std::string& name) const {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): hald never sets one
  if (value == nullptr) return {};
  return value;
}

FileText NoFiles::read(const std::string&, std::size_t) const {
  FileText out;
  out.reason = "does not exist";
  return out;
}

Matches NoFiles::match(const std::string&) const {
  return {};
}

std::string NoFiles::directory(const std::string&) const {
  return "/";
}

std::optional<std::string> NoFiles::environment(const std::string&) const {
  return {};
}

}  // namespace hald::config
