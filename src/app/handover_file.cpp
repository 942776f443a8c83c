// SPDX-License-Identifier: Apache-2.0
#include "app/handover_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/descriptor_io.h"
#include "base/unique_fd.h"

namespace hald::app {
namespace {

/// A hundred thousand real servers with their checks make some ten million octets.
constexpr off_t kLargest = 256L << 20U;

Error unusable(std::string why) {
  return Error{{}, std::move(why)};
}

/// Whoever else could have written it could have made anything of it.
Result<std::string> read_own(int fd) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) return errno_error("look at it");
  if (!S_ISREG(about.st_mode)) return unusable("it is no file");
  if (about.st_uid != ::geteuid() || (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return unusable("others could have written it");
  if (about.st_size > kLargest) return unusable("it is too big");
  return read_all(fd, static_cast<std::size_t>(about.st_size));
}

}  // namespace

RunPlace this_place(const std::string& config_file) {
  RunPlace out;
  out.config_file = config_file;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> out.boot_id;
  struct stat about {};
  if (::stat("/proc/self/ns/net", &about) == 0) out.network_namespace = about.st_ino;
  return out;
}

Result<void> write_handover(const std::string& path, const HandoverRecord& record) {
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const UniqueFd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) return errno_error("open " + fresh);
  auto written = write_all(fd.get(), encode(record), fresh);
  if (written && ::rename(fresh.c_str(), path.c_str()) != 0) written = errno_error("rename " + fresh);
  if (!written) ::unlink(fresh.c_str());
  return written;
}

Result<std::optional<HandoverRecord>> take_handover(const std::string& path, const RunPlace& here,
                                                    TimePoint now) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd.valid() && errno == ENOENT) return std::optional<HandoverRecord>();
  if (!fd.valid()) return errno_error("open it");
  ::unlink(path.c_str());
  auto bytes = read_own(fd.get());
  if (!bytes) return bytes.error();
  auto record = decode(*bytes);
  if (!record) return record.error();
  if (const std::string why = refusal(*record, here, now); !why.empty()) return unusable(why);
  return std::optional<HandoverRecord>(std::move(*record));
}

}  // namespace hald::app
