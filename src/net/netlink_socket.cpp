// SPDX-License-Identifier: Apache-2.0
#include "net/netlink_socket.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include <netlink/netlink.h>
#include <netlink/socket.h>

namespace hald::net {
namespace {

/// As much as the kernel gives a socket by itself; libnl would ask for less.
constexpr int kRequestBuffer = 212992;

[[noreturn]] void fail(const char* doing) {
  throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), doing);
}

}  // namespace

void NetlinkSocket::Free::operator()(nl_sock* socket) const {
  nl_socket_free(socket);
}

NetlinkSocket::NetlinkSocket(int protocol) : socket_(nl_socket_alloc()) {
  errno = 0;
  // libnl numbers its errors itself; errno still has the system call's.
  if (!socket_ || nl_connect(socket_.get(), protocol) != 0) fail("open a netlink socket");
  if (nl_socket_set_nonblocking(socket_.get()) != 0) fail("prepare a netlink socket");
  (void)nl_socket_set_buffer_size(socket_.get(), kRequestBuffer, kRequestBuffer);
}

int NetlinkSocket::fd() const {
  return nl_socket_get_fd(socket_.get());
}

void NetlinkSocket::subscribe(std::initializer_list<unsigned> groups, int buffer) {
  // More than the limit for the unprivileged takes CAP_NET_ADMIN; without it an overrun is the more likely.
  if (::setsockopt(fd(), SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) != 0)
    ::setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  for (const unsigned group : groups) {
    if (nl_socket_add_membership(socket_.get(), static_cast<int>(group)) != 0)
      fail("subscribe to netlink events");
  }
}

void NetlinkSocket::prefer(int option) {
  const int on = 1;
  ::setsockopt(fd(), SOL_NETLINK, option, &on, sizeof on);
}

Result<void> NetlinkSocket::send(Bytes message) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  const auto sent = ::sendto(fd(), message.data(), message.size(), 0,
                             reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
  if (sent < 0) return errno_error("send to the kernel");
  return {};
}

Result<Bytes> NetlinkSocket::receive(std::span<std::uint8_t> buffer) {
  for (;;) {
    sockaddr_nl from{};
    socklen_t from_size = sizeof from;
    const auto size = ::recvfrom(fd(), buffer.data(), buffer.size(), MSG_TRUNC,
                                 reinterpret_cast<sockaddr*>(&from), &from_size);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno_error("read from the kernel");
    if (from.nl_pid != 0) continue;  // another process, posing as the kernel
    if (static_cast<std::size_t>(size) > buffer.size()) return errno_error(EMSGSIZE, "read from the kernel");
    return Bytes(buffer.data(), static_cast<std::size_t>(size));
  }
}

}  // namespace hald::net
