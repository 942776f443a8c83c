// SPDX-License-Identifier: Apache-2.0
#include "net/libnl_rtnl.h"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>
#include <netlink/msg.h>

#include "net/rtnl_codec.h"
#include "net/rtnl_requests.h"

namespace hald::net {
namespace {

/// Room for the events of some thousand addresses that change in one turn.
constexpr int kEventBuffer = 4 * 1024 * 1024;
/// Datagrams per turn of the loop.
constexpr int kBatch = 64;
/// Dumps that the kernel's tables changed under, before giving up until later.
constexpr int kDumpTries = 5;

std::string describe(std::string_view verb, const InterfaceAddress& address, std::string_view preposition) {
  std::array<char, IF_NAMESIZE> name{};
  if (::if_indextoname(static_cast<unsigned>(address.ifindex), name.data()) == nullptr)
    fmt::format_to_n(name.data(), name.size() - 1, "#{}", address.ifindex);
  return fmt::format("{} {} {} {}", verb, address.prefix.to_string(), preposition, name.data());
}

template <typename Event>
auto value_of(const Event& event) {
  if constexpr (std::is_same_v<Event, LinkEvent>) {
    return event.link;
  } else {
    return event.address;
  }
}

template <typename Value, typename Parse>
Result<std::vector<Value>> dump_all(RtnlRequests& requests, int type, const char* doing, Parse parse) {
  for (int attempt = 0; attempt < kDumpTries; ++attempt) {
    std::vector<Value> out;
    bool incomplete = false;
    const auto done = requests.dump(
        build_dump(type).get(), doing,
        [&](const nlmsghdr& message) {
          if (const auto event = parse(message)) out.push_back(value_of(*event));
        },
        incomplete);
    if (!done) return done.error();
    if (!incomplete) return out;
  }
  return errno_error(EAGAIN, std::string(doing) + ": they keep changing");
}

}  // namespace

/// The event half; shared with the handler that Asio runs even after the end.
class LibnlRtnl::Events : public std::enable_shared_from_this<LibnlRtnl::Events> {
 public:
  explicit Events(boost::asio::io_context& io);

  void receive(Receiver receiver) { receiver_ = std::move(receiver); }
  void wait();
  void close();
  /// At most `limit` datagrams; a negative limit means all.
  void read(int limit);

 private:
  enum class Outcome : unsigned char { More, Empty, Overrun };
  [[nodiscard]] Outcome read_one();
  void discard();
  void deliver(const nlmsghdr& message);
  void tell(const RtnlEvent& event);

  boost::asio::posix::stream_descriptor socket_;
  Receiver receiver_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(65536);
};

LibnlRtnl::Events::Events(boost::asio::io_context& io) : socket_(io) {
  UniqueFd fd = open_route_socket();
  // More than the limit for the unprivileged takes CAP_NET_ADMIN; without it an overrun is the more likely.
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kEventBuffer, sizeof kEventBuffer) != 0)
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &kEventBuffer, sizeof kEventBuffer);
  sockaddr_nl groups{};
  groups.nl_family = AF_NETLINK;
  groups.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&groups), sizeof groups) != 0)
    throw std::system_error(errno, std::generic_category(), "subscribe to rtnetlink events");
  socket_.assign(fd.release());
}

void LibnlRtnl::Events::wait() {
  socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& cancelled) {
                       if (cancelled || !self->socket_.is_open()) return;
                       self->read(kBatch);
                       if (self->socket_.is_open()) self->wait();
                     });
}

void LibnlRtnl::Events::close() {
  receiver_ = nullptr;
  boost::system::error_code ignored;  // nothing is left to do with a socket that fails to close
  socket_.close(ignored);
}

void LibnlRtnl::Events::read(int limit) {
  for (int count = 0; count != limit; ++count) {
    const auto outcome = read_one();
    if (outcome == Outcome::Empty) return;
    if (outcome == Outcome::Overrun) {
      // What is still queued is older than the dump that follows: it can only mislead.
      discard();
      tell(Overrun{});
      return;
    }
  }
}

LibnlRtnl::Events::Outcome LibnlRtnl::Events::read_one() {
  sockaddr_nl from{};
  socklen_t from_size = sizeof from;
  const auto size = ::recvfrom(socket_.native_handle(), buffer_.data(), buffer_.size(), MSG_TRUNC,
                               reinterpret_cast<sockaddr*>(&from), &from_size);
  if (size < 0) {
    if (errno == EINTR) return Outcome::More;
    return errno == ENOBUFS ? Outcome::Overrun : Outcome::Empty;
  }
  if (static_cast<std::size_t>(size) > buffer_.size()) return Outcome::Overrun;  // its end is lost
  if (from.nl_pid != 0) return Outcome::More;                                    // not from the kernel
  auto rest = static_cast<int>(size);
  auto* message = reinterpret_cast<nlmsghdr*>(buffer_.data());
  for (; nlmsg_ok(message, rest) != 0; message = nlmsg_next(message, &rest)) deliver(*message);
  return Outcome::More;
}

void LibnlRtnl::Events::discard() {
  for (;;) {
    const auto size = ::recv(socket_.native_handle(), buffer_.data(), buffer_.size(), MSG_TRUNC);
    if (size < 0 && errno != EINTR && errno != ENOBUFS) return;
  }
}

void LibnlRtnl::Events::deliver(const nlmsghdr& message) {
  if (message.nlmsg_type == RTM_NEWLINK || message.nlmsg_type == RTM_DELLINK) {
    if (const auto link = parse_link(message)) tell(*link);
  } else if (message.nlmsg_type == RTM_NEWADDR || message.nlmsg_type == RTM_DELADDR) {
    if (const auto address = parse_address(message)) tell(*address);
  }
}

void LibnlRtnl::Events::tell(const RtnlEvent& event) {
  if (receiver_) receiver_(event);
}

LibnlRtnl::LibnlRtnl(boost::asio::io_context& io)
    : requests_(std::make_unique<RtnlRequests>()), events_(std::make_shared<Events>(io)) {
  events_->wait();
}

LibnlRtnl::~LibnlRtnl() {
  events_->close();
}

Result<std::vector<Link>> LibnlRtnl::links() {
  return dump_all<Link>(*requests_, RTM_GETLINK, "list the interfaces", parse_link);
}

Result<std::vector<InterfaceAddress>> LibnlRtnl::addresses() {
  return dump_all<InterfaceAddress>(*requests_, RTM_GETADDR, "list the addresses", parse_address);
}

Result<void> LibnlRtnl::add_address(const InterfaceAddress& address) {
  return requests_->change(build_add(address).get(), describe("add", address, "to"));
}

Result<void> LibnlRtnl::remove_address(const InterfaceAddress& address) {
  return requests_->change(build_remove(address).get(), describe("remove", address, "from"));
}

void LibnlRtnl::receive(Receiver receiver) {
  events_->receive(std::move(receiver));
}

void LibnlRtnl::drain() {
  events_->read(-1);
}

}  // namespace hald::net
