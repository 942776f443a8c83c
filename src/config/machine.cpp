// SPDX-License-Identifier: Apache-2.0
#include "config/machine.h"

#include <arpa/inet.h>
#include <grp.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/magic.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netdb.h>
#include <pwd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"
#include "config/files.h"

namespace hald::config {
namespace {

constexpr std::uint32_t kNobody = 65534;

/// Calls a re-entrant look-up of the C library with a buffer that is big enough.
template <typename Entry, typename LookUp>
bool look_up(LookUp look_up, Entry& entry, std::vector<char>& buffer) {
  constexpr std::size_t kLargest = 1UL << 22U;
  for (std::size_t size = 4096; size <= kLargest; size *= 4) {
    buffer.resize(size);
    Entry* found = nullptr;
    const int error = look_up(&entry, buffer.data(), buffer.size(), &found);
    if (error != ERANGE) return error == 0 && found != nullptr;
  }
  return false;
}

FileFacts::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileFacts::Kind::Regular;
  if (S_ISDIR(mode)) return FileFacts::Kind::Directory;
  return S_ISLNK(mode) ? FileFacts::Kind::Link : FileFacts::Kind::Other;
}

std::span<const std::uint8_t> octets_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    return {reinterpret_cast<const std::uint8_t*>(&v4), sizeof(v4)};
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  return {reinterpret_cast<const std::uint8_t*>(&v6), sizeof(v6)};
}

std::optional<Prefix> prefix_of(const ifaddrs& entry) {
  if (entry.ifa_addr == nullptr || entry.ifa_netmask == nullptr) return {};
  const auto family = entry.ifa_addr->sa_family;
  if (family != AF_INET && family != AF_INET6) return {};
  const auto address =
      Address::from_bytes(family == AF_INET ? Family::IPv4 : Family::IPv6, octets_of(*entry.ifa_addr));
  if (!address) return {};
  unsigned length = 0;
  // The family of a netmask is not always set; it is that of the address.
  sockaddr_storage mask{};
  std::memcpy(&mask, entry.ifa_netmask, family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
  mask.ss_family = family;
  for (const std::uint8_t octet : octets_of(reinterpret_cast<const sockaddr&>(mask))) {
    length += static_cast<unsigned>(std::popcount(octet));
  }
  return Prefix{*address, static_cast<std::uint8_t>(length)};
}

std::string driver_of(int fd, const std::string& name) {
  ethtool_drvinfo info{};
  info.cmd = ETHTOOL_GDRVINFO;
  ifreq request{};
  std::copy(name.begin(), name.end(), std::begin(request.ifr_name));
  request.ifr_data = reinterpret_cast<char*>(&info);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
  if (::ioctl(fd, SIOCETHTOOL, &request) != 0) return {};
  return {std::begin(info.driver), std::find(std::begin(info.driver), std::end(info.driver), '\0')};
}

/// File systems that tell nobody when a file changes.
constexpr std::array<std::int64_t, 17> kUnwatched{
    0xcafe4a11,  // bpf
    CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, DEBUGFS_MAGIC,    DEVPTS_SUPER_MAGIC, EFIVARFS_MAGIC,
    0x65735546,  // fuse
    0x19800202,  // mqueue
    NFS_SUPER_MAGIC,    PIPEFS_MAGIC,        PROC_SUPER_MAGIC, SELINUX_MAGIC,      SMB_SUPER_MAGIC,
    SOCKFS_MAGIC,       SYSFS_MAGIC,         TRACEFS_MAGIC,    0xfe534d42};  // smb 2

}  // namespace

Account SystemMachine::self() const {
  return {::geteuid(), ::getegid()};
}

std::optional<Account> SystemMachine::user(const std::string& name) const {
  passwd entry{};
  std::vector<char> buffer;
  const auto by_name = [&name](auto... rest) { return ::getpwnam_r(name.c_str(), rest...); };
  if (!look_up(by_name, entry, buffer)) return {};
  return Account{entry.pw_uid, entry.pw_gid};
}

std::optional<std::uint32_t> SystemMachine::group(const std::string& name) const {
  ::group entry{};
  std::vector<char> buffer;
  const auto by_name = [&name](auto... rest) { return ::getgrnam_r(name.c_str(), rest...); };
  if (!look_up(by_name, entry, buffer)) return {};
  return entry.gr_gid;
}

std::optional<InterfaceFacts> SystemMachine::interface(const std::string& name) const {
  ifreq request{};
  if (name.empty() || name.size() >= sizeof request.ifr_name) return {};
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::copy(name.begin(), name.end(), std::begin(request.ifr_name));
  if (!fd.valid() || ::ioctl(fd.get(), SIOCGIFFLAGS, &request) != 0) return {};
  InterfaceFacts out;
  const auto flags = static_cast<unsigned>(static_cast<unsigned short>(request.ifr_flags));
  out.loopback = (flags & IFF_LOOPBACK) != 0;
  out.multicast = (flags & IFF_MULTICAST) != 0;
  if (::ioctl(fd.get(), SIOCGIFHWADDR, &request) == 0)
    out.ethernet = request.ifr_hwaddr.sa_family == ARPHRD_ETHER;
  out.driver = driver_of(fd.get(), name);
  if (::ioctl(fd.get(), SIOCGIFMTU, &request) == 0) out.mtu = static_cast<unsigned>(request.ifr_mtu);
  return out;
}

std::optional<FileFacts> SystemMachine::facts(const std::string& path) const {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  return FileFacts{kind_of(status.st_mode), status.st_uid, status.st_gid, status.st_mode & 07777U};
}

std::optional<std::string> SystemMachine::real_path(const std::string& path) const {
  const std::unique_ptr<char, decltype(&std::free)> found(::realpath(path.c_str(), nullptr), &std::free);
  if (found == nullptr) return {};
  return std::string(found.get());
}

std::optional<std::string> SystemMachine::text(const std::string& path) const {
  constexpr std::size_t kSmall = 4096;
  FileText file = SystemFiles().read(path, kSmall);
  if (file.outcome != ReadOutcome::Read) return {};
  return std::move(file.text);
}

std::string SystemMachine::search_path() const {
  if (const char* path = std::getenv("PATH"); path != nullptr) return path;
  return "/bin:/usr/bin";
}

bool SystemMachine::can_watch(const std::string& directory) const {
  struct statfs status {};
  if (::statfs(directory.c_str(), &status) != 0) return errno != ENOTDIR;
  if ((static_cast<unsigned long>(status.f_flags) & ST_RDONLY) != 0) return false;
  const auto type = static_cast<std::int64_t>(static_cast<std::uint32_t>(status.f_type));
  return std::find(kUnwatched.begin(), kUnwatched.end(), type) == kUnwatched.end();
}

std::vector<LocalAddress> SystemMachine::addresses() const {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
  std::vector<LocalAddress> out;
  for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
    if ((each->ifa_flags & IFF_LOOPBACK) != 0) continue;
    if (auto prefix = prefix_of(*each)) out.push_back({each->ifa_name, *prefix});
  }
  return out;
}

bool SystemMachine::knows_host(const std::string& name) const {
  if (host_names_ == HostNames::Trusted) return true;
  addrinfo* found = nullptr;
  if (::getaddrinfo(name.c_str(), nullptr, nullptr, &found) != 0) return false;
  ::freeaddrinfo(found);
  return true;
}

unsigned SystemMachine::processors() const {
  return static_cast<unsigned>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

Account PerfectMachine::self() const {
  return {kNobody, kNobody};
}

std::optional<Account> PerfectMachine::user(const std::string&) const {
  return Account{kNobody, kNobody};
}

std::optional<std::uint32_t> PerfectMachine::group(const std::string&) const {
  return kNobody;
}

std::optional<InterfaceFacts> PerfectMachine::interface(const std::string& name) const {
  InterfaceFacts out;
  out.loopback = name == "lo";
  return out;
}

std::optional<FileFacts> PerfectMachine::facts(const std::string&) const {
  return FileFacts{FileFacts::Kind::Regular, 0, 0, 0755};
}

std::optional<std::string> PerfectMachine::real_path(const std::string& path) const {
  return path;
}

std::optional<std::string> PerfectMachine::text(const std::string&) const {
  return std::string(32, '0');
}

std::string PerfectMachine::search_path() const {
  return "/usr/bin";
}

bool PerfectMachine::can_watch(const std::string&) const {
  return true;
}

std::vector<LocalAddress> PerfectMachine::addresses() const {
  return {};
}

bool PerfectMachine::knows_host(const std::string&) const {
  return true;
}

unsigned PerfectMachine::processors() const {
  constexpr unsigned kEnough = 1024;
  return kEnough;
}

}  // namespace hald::config
