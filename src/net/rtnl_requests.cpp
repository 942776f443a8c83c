// SPDX-License-Identifier: Apache-2.0
#include "net/rtnl_requests.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

namespace hald::net {
namespace {

constexpr std::size_t kBuffer = 65536;  // the kernel fills at most half of that per read

/// What the kernel has to say about an error, next to its number: "ipv4: Invalid scope value".
std::string explanation(nlmsghdr* message, const nlmsgerr& error) {
  if ((message->nlmsg_flags & NLM_F_ACK_TLVS) == 0) return {};
  std::size_t skip = sizeof(nlmsgerr);
  if ((message->nlmsg_flags & NLM_F_CAPPED) == 0) {
    if (error.msg.nlmsg_len < sizeof(nlmsghdr)) return {};
    skip += NLMSG_ALIGN(error.msg.nlmsg_len - sizeof(nlmsghdr));
  }
  const auto size = static_cast<std::size_t>(nlmsg_datalen(message));
  if (skip >= size) return {};
  auto* first = reinterpret_cast<nlattr*>(static_cast<std::uint8_t*>(nlmsg_data(message)) + skip);
  const auto* text = nla_find(first, static_cast<int>(size - skip), NLMSGERR_ATTR_MSG);
  if (text == nullptr || nla_len(text) <= 0) return {};
  const std::string out(static_cast<const char*>(nla_data(text)), static_cast<std::size_t>(nla_len(text)));
  return out.substr(0, out.find('\0'));
}

/// The verdict of an NLMSG_ERROR, whose number 0 is the acknowledgement.
Result<void> verdict(nlmsghdr* message, const std::string& doing) {
  if (nlmsg_datalen(message) < static_cast<int>(sizeof(nlmsgerr)))
    return protocol_error(doing + ": short netlink acknowledgement");
  const auto& error = *static_cast<const nlmsgerr*>(nlmsg_data(message));
  if (error.error == 0) return {};
  const auto why = explanation(message, error);
  return errno_error(-error.error, why.empty() ? doing : fmt::format("{} ({})", doing, why));
}

}  // namespace

UniqueFd open_route_socket() {
  UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  if (!fd.valid()) throw std::system_error(errno, std::generic_category(), "open an rtnetlink socket");
  return fd;
}

RtnlRequests::RtnlRequests() : fd_(open_route_socket()), buffer_(kBuffer) {
  // Both only make errors more telling; an old kernel does without.
  const int on = 1;
  ::setsockopt(fd_.get(), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
  ::setsockopt(fd_.get(), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
}

Result<void> RtnlRequests::change(nl_msg* request, const std::string& doing) {
  if (auto sent = send(request, doing); !sent) return sent;
  bool incomplete = false;
  return read_answer(
      doing, [](const nlmsghdr&) {}, incomplete);
}

Result<void> RtnlRequests::dump(nl_msg* request, const std::string& doing, const Handler& handler,
                                bool& incomplete) {
  if (auto sent = send(request, doing); !sent) return sent;
  return read_answer(doing, handler, incomplete);
}

Result<void> RtnlRequests::send(nl_msg* request, const std::string& doing) {
  auto* header = nlmsg_hdr(request);
  header->nlmsg_seq = ++sequence_;
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  const auto sent =
      ::sendto(fd_.get(), header, header->nlmsg_len, 0, reinterpret_cast<sockaddr*>(&kernel), sizeof kernel);
  if (sent < 0) return errno_error(doing);
  return {};
}

Result<std::span<const std::uint8_t>> RtnlRequests::read(const std::string& doing) {
  for (;;) {
    sockaddr_nl from{};
    socklen_t from_size = sizeof from;
    const auto size = ::recvfrom(fd_.get(), buffer_.data(), buffer_.size(), MSG_TRUNC,
                                 reinterpret_cast<sockaddr*>(&from), &from_size);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno_error(doing + ": read the kernel's answer");
    if (from.nl_pid != 0) continue;  // another process, posing as the kernel
    if (static_cast<std::size_t>(size) > buffer_.size())
      return protocol_error(doing + ": the kernel's answer is too long");
    return std::span<const std::uint8_t>(buffer_.data(), static_cast<std::size_t>(size));
  }
}

Result<void> RtnlRequests::read_answer(const std::string& doing, const Handler& handler, bool& incomplete) {
  for (;;) {
    const auto datagram = read(doing);
    if (!datagram) return datagram.error();
    auto rest = static_cast<int>(datagram->size());
    auto* message = reinterpret_cast<nlmsghdr*>(buffer_.data());
    for (; nlmsg_ok(message, rest) != 0; message = nlmsg_next(message, &rest)) {
      if (message->nlmsg_seq != sequence_) continue;  // the rest of an answer that was given up
      if ((message->nlmsg_flags & NLM_F_DUMP_INTR) != 0) incomplete = true;
      if (message->nlmsg_type == NLMSG_ERROR) return verdict(message, doing);
      if (message->nlmsg_type == NLMSG_DONE) return {};
      handler(*message);
    }
  }
}

}  // namespace hald::net
