// SPDX-License-Identifier: Apache-2.0
#include "net/sysctls.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/unique_fd.h"

namespace hald::net {
namespace {

/// Nothing leads out of /proc/sys, whatever an interface is called.
Result<std::string> full_path(const std::string& path, const std::string& doing) {
  if (path.find("..") != std::string::npos || path.find('\0') != std::string::npos)
    return errno_error(EINVAL, doing);
  return "/proc/sys/" + path;
}

}  // namespace

Result<std::string> ProcSysctls::read(const std::string& path) const {
  const auto doing = "read " + path;
  const auto full = full_path(path, doing);
  if (!full) return full.error();
  const UniqueFd file(::open(full->c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return errno_error(doing);
  std::array<char, 256> buffer{};
  const auto size = ::read(file.get(), buffer.data(), buffer.size());
  if (size < 0) return errno_error(doing);
  std::string out(buffer.data(), static_cast<std::size_t>(size));
  return out.substr(0, out.find('\n'));
}

Result<void> ProcSysctls::write(const std::string& path, const std::string& value) {
  const auto doing = "set " + path + " to " + value;
  const auto full = full_path(path, doing);
  if (!full) return full.error();
  const UniqueFd file(::open(full->c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid()) return errno_error(doing);
  const auto size = ::write(file.get(), value.data(), value.size());
  if (size < 0) return errno_error(doing);
  if (static_cast<std::size_t>(size) != value.size()) return protocol_error(doing + ": cut short");
  return {};
}

}  // namespace hald::net
