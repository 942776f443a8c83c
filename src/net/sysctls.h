// SPDX-License-Identifier: Apache-2.0
// Sysctls: the kernel's parameters below /proc/sys, as a seam, and what somebody wants of one.
// sysctl_keeper.h sets them and puts them back, vmac_sysctls.h says which. Production is ProcSysctls; tests
// use fakes::FakeSysctls.
#pragma once

#include <string>

#include "base/result.h"

namespace hald::net {

class Sysctls {
 public:
  virtual ~Sysctls() = default;
  /// `path` is relative to /proc/sys, with slashes, because the names of interfaces may have dots:
  /// "net/ipv4/conf/eth0.7/arp_ignore". The value comes without the end of the line.
  [[nodiscard]] virtual Result<std::string> read(const std::string& path) const = 0;
  [[nodiscard]] virtual Result<void> write(const std::string& path, const std::string& value) = 0;
};

/// /proc/sys of the calling thread's network namespace.
class ProcSysctls : public Sysctls {
 public:
  [[nodiscard]] Result<std::string> read(const std::string& path) const override;
  [[nodiscard]] Result<void> write(const std::string& path, const std::string& value) override;
};

struct SysctlWish {
  std::string path;
  std::string value;
  std::string link{};      ///< the interface that it belongs to, with which it comes and goes; empty: none
  bool temporary = false;  ///< of an interface that hald made and will delete: never put back
  bool optional = false;   ///< fine if the kernel has no such parameter
  friend bool operator==(const SysctlWish&, const SysctlWish&) = default;
};
[[nodiscard]] inline const std::string& key_of(const SysctlWish& wish) {
  return wish.path;
}

/// What hald changed, for whoever is to put it back.
struct RememberedSysctl {
  std::string path;
  std::string before;
  std::string ours;
  std::string link{};
  friend bool operator==(const RememberedSysctl&, const RememberedSysctl&) = default;
};

}  // namespace hald::net
