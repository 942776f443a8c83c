// SPDX-License-Identifier: Apache-2.0
#include "vrrp/raw_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace hald::vrrp {
namespace {

constexpr int traffic_class = 0xc0;
/// Room for a burst of some thousand adverts of other virtual routers while the loop is busy.
constexpr int receive_queue = 1 << 20;
constexpr int priority_control = 7;  // TC_PRIO_CONTROL: adverts leave before the load that delays them

template <typename T>
bool set(int fd, int level, int name, const T& value) {
  return ::setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

in_addr to_in_addr(const Address& address) {
  in_addr out{};
  std::memcpy(&out, address.bytes().data(), sizeof(out));
  return out;
}
in6_addr to_in6_addr(const Address& address) {
  in6_addr out{};
  std::memcpy(&out, address.bytes().data(), sizeof(out));
  return out;
}
Address from_in6_addr(const in6_addr& address) {
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &address, bytes.size());
  return Address::v6(bytes);
}

/// Everything that must succeed for the family, or the protocol would not be VRRP's.
bool set_up_v4(int fd, int ifindex) {
  ip_mreqn group{};
  group.imr_multiaddr = to_in_addr(multicast_group(Family::IPv4));
  group.imr_ifindex = ifindex;
  return set(fd, IPPROTO_IP, IP_HDRINCL, 1) && set(fd, IPPROTO_IP, IP_MULTICAST_LOOP, 0) &&
         set(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0) && set(fd, IPPROTO_IP, IP_MULTICAST_IF, group) &&
         set(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, group);
}

bool set_up_v6(int fd, int ifindex) {
  ipv6_mreq group{};
  group.ipv6mr_multiaddr = to_in6_addr(multicast_group(Family::IPv6));
  group.ipv6mr_interface = static_cast<unsigned>(ifindex);
  return set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) && set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1) &&
         set(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, int{multicast_ttl}) &&
         set(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0) && set(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, ifindex) &&
         set(fd, IPPROTO_IPV6, IPV6_TCLASS, traffic_class) && set(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, group);
}

/// Source, destination and hop limit of an IPv6 packet travel beside it.
void read_ancillary(msghdr& message, Packet& packet) {
  for (cmsghdr* item = CMSG_FIRSTHDR(&message); item != nullptr; item = CMSG_NXTHDR(&message, item)) {
    if (item->cmsg_level != IPPROTO_IPV6) continue;
    if (item->cmsg_type == IPV6_HOPLIMIT)
      std::memcpy(&packet.hop_limit, CMSG_DATA(item), sizeof(packet.hop_limit));
    if (item->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(item), sizeof(info));
      packet.destination = from_in6_addr(info.ipi6_addr);
    }
  }
}

Result<void> sent(ssize_t result) {
  if (result < 0) return errno_error("send an advert");
  return {};
}

Result<void> send_v4(int fd, const Outgoing& advert) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr = to_in_addr(advert.destination);
  return sent(::sendto(fd, advert.bytes.data(), advert.bytes.size(), MSG_DONTWAIT,
                       reinterpret_cast<const sockaddr*>(&to), sizeof(to)));
}

Result<void> send_v6(int fd, const Outgoing& advert) {
  sockaddr_in6 to{};
  to.sin6_family = AF_INET6;
  to.sin6_addr = to_in6_addr(advert.destination);
  to.sin6_scope_id = static_cast<std::uint32_t>(advert.ifindex);
  in6_pktinfo info{};
  info.ipi6_addr = to_in6_addr(advert.source);
  info.ipi6_ifindex = static_cast<unsigned>(advert.ifindex);
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(info))> control{};
  // sendmsg() takes the payload as non-const but only reads it.
  iovec payload{const_cast<std::uint8_t*>(advert.bytes.data()), advert.bytes.size()};
  msghdr message{};
  message.msg_name = &to;
  message.msg_namelen = sizeof(to);
  message.msg_iov = &payload;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* item = CMSG_FIRSTHDR(&message);
  item->cmsg_level = IPPROTO_IPV6;
  item->cmsg_type = IPV6_PKTINFO;
  item->cmsg_len = CMSG_LEN(sizeof(info));
  std::memcpy(CMSG_DATA(item), &info, sizeof(info));
  return sent(::sendmsg(fd, &message, MSG_DONTWAIT));
}

}  // namespace

Result<UniqueFd> open_vrrp_socket(Family family, int ifindex, const std::string& interface) {
  UniqueFd fd(::socket(to_af(family), SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol_number));
  if (!fd.valid()) return errno_error("open a raw socket");
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                   static_cast<socklen_t>(interface.size() + 1)) != 0) {
    return errno_error(fmt::format("bind a raw socket to {}", interface));
  }
  const bool ready = family == Family::IPv4 ? set_up_v4(fd.get(), ifindex) : set_up_v6(fd.get(), ifindex);
  if (!ready) return errno_error(fmt::format("join the VRRP group on {}", interface));
  // Good to have; a container may forbid either.
  if (!set(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, receive_queue)) {
    set(fd.get(), SOL_SOCKET, SO_RCVBUF, receive_queue);
  }
  set(fd.get(), SOL_SOCKET, SO_PRIORITY, priority_control);
  return fd;
}

Result<std::optional<Packet>> receive_packet(int fd, Family family, std::span<std::uint8_t> buffer) {
  sockaddr_in6 from{};
  alignas(cmsghdr) std::array<char, 256> control{};
  iovec payload{buffer.data(), buffer.size()};
  msghdr message{};
  message.msg_name = &from;
  message.msg_namelen = sizeof(from);
  message.msg_iov = &payload;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t count = ::recvmsg(fd, &message, MSG_DONTWAIT);
  if (count < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return std::optional<Packet>{};
    return errno_error("receive VRRP packets");
  }
  Packet packet;
  packet.family = family;
  packet.bytes = buffer.first(static_cast<std::size_t>(count));
  if (family == Family::IPv6) {
    packet.source = from_in6_addr(from.sin6_addr);
    packet.hop_limit = 0;  // until the kernel says otherwise
    read_ancillary(message, packet);
  }
  return std::optional<Packet>{packet};
}

Result<void> send_datagram(int fd, const Outgoing& advert) {
  return advert.family == Family::IPv4 ? send_v4(fd, advert) : send_v6(fd, advert);
}

}  // namespace hald::vrrp
