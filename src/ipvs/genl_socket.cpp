// SPDX-License-Identifier: Apache-2.0
#include "ipvs/genl_socket.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstdlib>
#include <limits>

#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

namespace hald::ipvs {
namespace {

constexpr const char* kFamilyName = "IPVS";
constexpr std::size_t kReceiveBuffer = std::size_t{64} * 1024;  // a dump's datagrams have at most 32 KiB
/// A batch of which every Op fails must find room for all its answers.
constexpr int kSocketBuffer = 4 * 1024 * 1024;

/// libnl numbers its errors itself; only those that tell an operator something are told apart.
Error from_libnl(int number, std::string doing) {
  switch (std::abs(number)) {
    case NLE_OBJ_NOTFOUND: return errno_error(ENOENT, std::move(doing));
    case NLE_PERM:
    case NLE_NOACCESS: return errno_error(EPERM, std::move(doing));
    case NLE_NOMEM: return errno_error(ENOMEM, std::move(doing));
    case NLE_AF_NOSUPPORT: return errno_error(EAFNOSUPPORT, std::move(doing));
    default: return protocol_error(std::move(doing) + ": " + nl_geterror(number));
  }
}

/// Beyond the system-wide limit if hald may, else as near to it as it gets.
void enlarge(int fd, int forced, int plain) {
  if (::setsockopt(fd, SOL_SOCKET, forced, &kSocketBuffer, sizeof kSocketBuffer) == 0) return;
  (void)::setsockopt(fd, SOL_SOCKET, plain, &kSocketBuffer, sizeof kSocketBuffer);
}

void prepare(int fd) {
  enlarge(fd, SO_RCVBUFFORCE, SO_RCVBUF);
  enlarge(fd, SO_SNDBUFFORCE, SO_SNDBUF);
  const int on = 1;  // an error need not repeat the request that caused it
  (void)::setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  const timeval limit{1, 0};  // for libnl's own requests; hald's never wait
  (void)::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

}  // namespace

void GenlSocket::Free::operator()(nl_sock* socket) const {
  nl_socket_free(socket);
}

GenlSocket::GenlSocket(std::unique_ptr<nl_sock, Free> socket)
    : socket_(std::move(socket)), buffer_(kReceiveBuffer) {}

Result<GenlSocket> GenlSocket::open() {
  std::unique_ptr<nl_sock, Free> socket(nl_socket_alloc());
  if (!socket) return errno_error(ENOMEM, "open a netlink socket");
  if (const int failed = genl_connect(socket.get()); failed != 0) {
    return from_libnl(failed, "open a generic netlink socket");
  }
  prepare(nl_socket_get_fd(socket.get()));
  GenlSocket out(std::move(socket));
  if (auto found = out.resolve(); !found) return found.error();
  return out;
}

Result<void> GenlSocket::resolve() {
  drain();
  const int number = genl_ctrl_resolve(socket_.get(), kFamilyName);
  drain();
  if (number < 0) return from_libnl(number, "kernel has no IPVS: look up the generic netlink family");
  family_ = static_cast<std::uint16_t>(number);
  return {};
}

std::uint32_t GenlSocket::take_sequences(std::uint32_t count) {
  if (sequence_ > std::numeric_limits<std::uint32_t>::max() - count) sequence_ = 0;
  const std::uint32_t first = sequence_ + 1;
  sequence_ += count;
  return first;
}

Result<void> GenlSocket::send(std::span<const std::uint8_t> datagram) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  const auto sent = ::sendto(nl_socket_get_fd(socket_.get()), datagram.data(), datagram.size(), MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
  if (sent < 0) return errno_error("send to IPVS");
  return {};
}

Result<std::span<const std::uint8_t>> GenlSocket::receive() {
  for (;;) {
    sockaddr_nl sender{};
    socklen_t length = sizeof sender;
    const auto got = ::recvfrom(nl_socket_get_fd(socket_.get()), buffer_.data(), buffer_.size(),
                                MSG_DONTWAIT | MSG_TRUNC, reinterpret_cast<sockaddr*>(&sender), &length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error("receive from IPVS");
    if (sender.nl_pid != 0) continue;  // not from the kernel
    if (static_cast<std::size_t>(got) > buffer_.size()) return errno_error(EMSGSIZE, "receive from IPVS");
    return std::span<const std::uint8_t>(buffer_.data(), static_cast<std::size_t>(got));
  }
}

void GenlSocket::drain() {
  for (;;) {
    const auto got = receive();
    if (!got && got.error().code != std::errc::no_buffer_space &&
        got.error().code != std::errc::message_size) {
      return;
    }
  }
}

}  // namespace hald::ipvs
