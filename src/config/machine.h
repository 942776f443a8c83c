// SPDX-License-Identifier: Apache-2.0
// Machine: what loading a configuration asks about the machine it is meant for: accounts, interfaces, the
// files that are to be run or watched, host names. Production is SystemMachine; PerfectMachine, for text that
// is judged by itself, has everything a configuration can name. Nothing here changes anything, and nothing
// but the look-up of host names can wait for another machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"

namespace hald::config {

struct Account {
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  friend constexpr auto operator<=>(const Account&, const Account&) = default;
};

struct FileFacts {
  enum class Kind : std::uint8_t { Regular, Directory, Link, Other };
  Kind kind = Kind::Regular;
  std::uint32_t owner = 0;
  std::uint32_t group = 0;
  std::uint32_t mode = 0755;  ///< permissions, set-user-id, set-group-id and sticky bit
};

struct InterfaceFacts {
  bool loopback = false;
  bool multicast = true;
  bool ethernet = true;
  unsigned mtu = 1500;
  std::string driver;  ///< "macvlan", "ipvlan", ...; empty: unknown
};

/// One address that this machine has.
struct LocalAddress {
  std::string interface;
  Prefix prefix;
};

class Machine {
 public:
  virtual ~Machine() = default;
  /// What this process runs as.
  [[nodiscard]] virtual Account self() const = 0;
  /// With the primary group.
  [[nodiscard]] virtual std::optional<Account> user(const std::string& name) const = 0;
  [[nodiscard]] virtual std::optional<std::uint32_t> group(const std::string& name) const = 0;
  [[nodiscard]] virtual std::optional<InterfaceFacts> interface(const std::string& name) const = 0;
  /// Of `path` itself, also if it is a link.
  [[nodiscard]] virtual std::optional<FileFacts> facts(const std::string& path) const = 0;
  /// Where `path` leads, without links.
  [[nodiscard]] virtual std::optional<std::string> real_path(const std::string& path) const = 0;
  /// The text of a small file; nothing if it is not there or not small.
  [[nodiscard]] virtual std::optional<std::string> text(const std::string& path) const = 0;
  /// Where programs without a path are looked for: "/usr/bin:/bin".
  [[nodiscard]] virtual std::string search_path() const = 0;
  /// True if changes of files in this directory are noticed: a local file system that can be written.
  [[nodiscard]] virtual bool can_watch(const std::string& directory) const = 0;
  [[nodiscard]] virtual bool knows_host(const std::string& name) const = 0;
  /// Of all interfaces but the loopback. Empty: unknown.
  [[nodiscard]] virtual std::vector<LocalAddress> addresses() const = 0;
  /// How many can be used.
  [[nodiscard]] virtual unsigned processors() const = 0;
};

class SystemMachine final : public Machine {
 public:
  enum class HostNames : std::uint8_t {
    Trusted,  ///< taken as known: nothing waits for a name server
    LookedUp
  };
  explicit SystemMachine(HostNames host_names) : host_names_(host_names) {}

  [[nodiscard]] Account self() const override;
  [[nodiscard]] std::optional<Account> user(const std::string& name) const override;
  [[nodiscard]] std::optional<std::uint32_t> group(const std::string& name) const override;
  [[nodiscard]] std::optional<InterfaceFacts> interface(const std::string& name) const override;
  [[nodiscard]] std::optional<FileFacts> facts(const std::string& path) const override;
  [[nodiscard]] std::optional<std::string> real_path(const std::string& path) const override;
  [[nodiscard]] std::optional<std::string> text(const std::string& path) const override;
  [[nodiscard]] std::string search_path() const override;
  [[nodiscard]] bool can_watch(const std::string& directory) const override;
  [[nodiscard]] bool knows_host(const std::string& name) const override;
  [[nodiscard]] std::vector<LocalAddress> addresses() const override;
  [[nodiscard]] unsigned processors() const override;

 private:
  HostNames host_names_;
};

/// Whatever is asked for is there, and nobody is root.
class PerfectMachine final : public Machine {
 public:
  [[nodiscard]] Account self() const override;
  [[nodiscard]] std::optional<Account> user(const std::string& name) const override;
  [[nodiscard]] std::optional<std::uint32_t> group(const std::string& name) const override;
  [[nodiscard]] std::optional<InterfaceFacts> interface(const std::string& name) const override;
  [[nodiscard]] std::optional<FileFacts> facts(const std::string& path) const override;
  [[nodiscard]] std::optional<std::string> real_path(const std::string& path) const override;
  [[nodiscard]] std::optional<std::string> text(const std::string& path) const override;
  [[nodiscard]] std::string search_path() const override;
  [[nodiscard]] bool can_watch(const std::string& directory) const override;
  [[nodiscard]] bool knows_host(const std::string& name) const override;
  [[nodiscard]] std::vector<LocalAddress> addresses() const override;
  [[nodiscard]] unsigned processors() const override;
};

}  // namespace hald::config
