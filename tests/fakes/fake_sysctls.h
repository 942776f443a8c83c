// SPDX-License-Identifier: Apache-2.0
// FakeSysctls: kernel parameters in memory. One that is not in `values` does not exist.
#pragma once

#include <cerrno>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "net/sysctls.h"

namespace hald::fakes {

class FakeSysctls : public net::Sysctls {
 public:
  Result<std::string> read(const std::string& path) const override {
    const auto found = values.find(path);
    if (found == values.end()) return errno_error(ENOENT, "read " + path);
    return found->second;
  }
  Result<void> write(const std::string& path, const std::string& value) override {
    log.push_back(path + "=" + value);
    if (values.count(path) == 0) return errno_error(ENOENT, "set " + path);
    if (denied.count(path) > 0) return errno_error(EACCES, "set " + path);
    if (stubborn.count(path) == 0) values[path] = value;
    return {};
  }

  /// As the kernel does when an interface comes.
  void add_link(const std::string& name) {
    for (const char* key : {"arp_ignore", "arp_filter", "accept_local", "promote_secondaries"})
      values["net/ipv4/conf/" + name + "/" + key] = "0";
    values["net/ipv4/conf/" + name + "/rp_filter"] = values["net/ipv4/conf/default/rp_filter"];
    values["net/ipv6/conf/" + name + "/disable_ipv6"] = "0";
  }
  void remove_link(const std::string& name) {
    for (auto entry = values.begin(); entry != values.end();)
      entry =
          entry->first.find("/" + name + "/") != std::string::npos ? values.erase(entry) : std::next(entry);
  }

  std::map<std::string, std::string> values;
  std::set<std::string> denied;
  std::set<std::string> stubborn;  ///< takes a value and keeps its own
  std::vector<std::string> log;
};

}  // namespace hald::fakes
