// SPDX-License-Identifier: Apache-2.0
#include "vrrp/raw_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "vrrp/core/auth_ah.h"

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
  ip_mreqn where{};
  where.imr_ifindex = ifindex;
  return set(fd, IPPROTO_IP, IP_HDRINCL, 1) && set(fd, IPPROTO_IP, IP_MULTICAST_LOOP, 0) &&
         set(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0) &&
         (ifindex == 0 || set(fd, IPPROTO_IP, IP_MULTICAST_IF, where));
}

bool set_up_v6(int fd, int ifindex) {
  return set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) && set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1) &&
         set(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, int{multicast_ttl}) &&
         set(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0) && set(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0) &&
         set(fd, IPPROTO_IPV6, IPV6_TCLASS, traffic_class) &&
         (ifindex == 0 || set(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, ifindex));
}

bool change_group(int fd, const Wire& wire, const Address& group, bool join) {
  if (wire.family == Family::IPv4) {
    ip_mreqn request{};
    request.imr_multiaddr = to_in_addr(group);
    request.imr_ifindex = wire.ifindex;
    return set(fd, IPPROTO_IP, join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, request);
  }
  ipv6_mreq request{};
  request.ipv6mr_multiaddr = to_in6_addr(group);
  request.ipv6mr_interface = static_cast<unsigned>(wire.ifindex);
  return set(fd, IPPROTO_IPV6, join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP, request);
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

template <typename T>
void put_ancillary(cmsghdr& item, int type, const T& value) {
  item.cmsg_level = IPPROTO_IPV6;
  item.cmsg_type = type;
  item.cmsg_len = CMSG_LEN(sizeof(value));
  std::memcpy(CMSG_DATA(&item), &value, sizeof(value));
}

Result<void> send_v6(int fd, const Outgoing& advert) {
  sockaddr_in6 to{};
  to.sin6_family = AF_INET6;
  to.sin6_addr = to_in6_addr(advert.destination);
  to.sin6_scope_id = static_cast<std::uint32_t>(advert.wire.ifindex);
  in6_pktinfo info{};
  info.ipi6_addr = to_in6_addr(advert.source);
  info.ipi6_ifindex = static_cast<unsigned>(advert.wire.ifindex);
  const int hop_limit = advert.hop_limit.value_or(0);
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(info)) + CMSG_SPACE(sizeof(hop_limit))> control{};
  // sendmsg() takes the payload as non-const but only reads it.
  iovec payload{const_cast<std::uint8_t*>(advert.bytes.data()), advert.bytes.size()};
  msghdr message{};
  message.msg_name = &to;
  message.msg_namelen = sizeof(to);
  message.msg_iov = &payload;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = advert.hop_limit ? control.size() : CMSG_SPACE(sizeof(info));
  cmsghdr* item = CMSG_FIRSTHDR(&message);
  put_ancillary(*item, IPV6_PKTINFO, info);
  if (advert.hop_limit) put_ancillary(*CMSG_NXTHDR(&message, item), IPV6_HOPLIMIT, hop_limit);
  return sent(::sendmsg(fd, &message, MSG_DONTWAIT));
}

}  // namespace

Result<UniqueFd> open_vrrp_socket(const Wire& wire, const std::string& interface) {
  const int protocol = wire.ah ? protocol_number_ah : protocol_number;
  UniqueFd fd(::socket(to_af(wire.family), SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
  if (!fd.valid()) return errno_error("open a raw socket");
  if (!interface.empty() && ::setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                                         static_cast<socklen_t>(interface.size() + 1)) != 0) {
    return errno_error(fmt::format("bind a raw socket to {}", interface));
  }
  const bool ready =
      wire.family == Family::IPv4 ? set_up_v4(fd.get(), wire.ifindex) : set_up_v6(fd.get(), wire.ifindex);
  if (!ready) return errno_error("set a raw socket up for VRRP");
  // Good to have; a container may forbid either.
  if (!set(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, receive_queue)) {
    set(fd.get(), SOL_SOCKET, SO_RCVBUF, receive_queue);
  }
  set(fd.get(), SOL_SOCKET, SO_PRIORITY, priority_control);
  return fd;
}

Result<void> join_group(int fd, const Wire& wire, const Address& group) {
  if (change_group(fd, wire, group, true)) return {};
  return errno_error(fmt::format("join the group {}", group.to_string()));
}

void leave_group(int fd, const Wire& wire, const Address& group) {
  change_group(fd, wire, group, false);
}

Result<std::optional<Packet>> receive_packet(int fd, const Wire& wire, std::span<std::uint8_t> buffer) {
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
  packet.family = wire.family;
  packet.ah = wire.ah;
  packet.bytes = buffer.first(static_cast<std::size_t>(count));
  if (wire.family == Family::IPv6) {
    packet.source = from_in6_addr(from.sin6_addr);
    packet.hop_limit = 0;  // until the kernel says otherwise
    read_ancillary(message, packet);
  }
  return std::optional<Packet>{packet};
}

Result<void> send_datagram(int fd, const Outgoing& advert) {
  return advert.wire.family == Family::IPv4 ? send_v4(fd, advert) : send_v6(fd, advert);
}

}  // namespace hald::vrrp
