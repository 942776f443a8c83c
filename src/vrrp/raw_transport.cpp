// SPDX-License-Identifier: Apache-2.0
// See raw_transport.h. Each socket is read in bounded portions: whatever arrives on one interface, the loop
// comes round to the others and to the timers.
#include "vrrp/raw_transport.h"

#include <poll.h>

#include <array>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>

#include "vrrp/raw_socket.h"

namespace hald::vrrp {
namespace {

/// Per socket and turn. A packet takes a few microseconds, so that these stay below a millisecond.
constexpr unsigned packets_per_turn = 64;
/// Before urgent timers: everything that a normal queue may hold, but not an endless flood.
constexpr unsigned packets_per_poll = 256;

}  // namespace

class RawTransport::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(boost::asio::io_context& io, log::Logger& log) : io_(io), log_(log) {}

  void on_receive(Receive receive) { receive_ = std::move(receive); }
  Result<void> join(const Wire& wire, const std::string& interface, const std::set<Address>& groups);
  void leave(const Wire& wire);
  Result<void> send(const Outgoing& advert);
  void poll();
  void close();
  [[nodiscard]] std::size_t sockets() const { return sockets_.size(); }

 private:
  struct Socket {
    Socket(boost::asio::io_context& io, UniqueFd fd, const Wire& its_wire)
        : wire(its_wire), descriptor(io, fd.release()) {}
    Wire wire;
    std::set<Address> groups;
    boost::asio::posix::stream_descriptor descriptor;
    bool open = true;
  };

  void wait(const std::shared_ptr<Socket>& socket);
  void drain(Socket& socket, unsigned limit);
  static Result<void> change_groups(Socket& socket, const std::set<Address>& groups);

  boost::asio::io_context& io_;
  log::Logger& log_;
  Receive receive_;
  std::map<Wire, std::shared_ptr<Socket>> sockets_;
  std::vector<pollfd> to_poll_;  // as sockets_, in its order
  std::array<std::uint8_t, receive_buffer_size> buffer_{};
};

Result<void> RawTransport::Impl::join(const Wire& wire, const std::string& interface,
                                      const std::set<Address>& groups) {
  if (const auto found = sockets_.find(wire); found != sockets_.end())
    return change_groups(*found->second, groups);
  auto fd = open_vrrp_socket(wire, interface);
  if (!fd) return fd.error();
  const auto socket = std::make_shared<Socket>(io_, std::move(*fd), wire);
  if (auto joined = change_groups(*socket, groups); !joined) return joined;
  sockets_.emplace(wire, socket);
  to_poll_.clear();
  wait(socket);
  return {};
}

/// New ones first: after an error nothing is lost.
Result<void> RawTransport::Impl::change_groups(Socket& socket, const std::set<Address>& groups) {
  const int fd = socket.descriptor.native_handle();
  for (const Address& group : groups) {
    if (socket.groups.contains(group)) continue;
    if (auto joined = join_group(fd, socket.wire, group); !joined) return joined;
    socket.groups.insert(group);
  }
  for (auto at = socket.groups.begin(); at != socket.groups.end();) {
    if (!groups.contains(*at)) leave_group(fd, socket.wire, *at);
    at = groups.contains(*at) ? std::next(at) : socket.groups.erase(at);
  }
  return {};
}

void RawTransport::Impl::leave(const Wire& wire) {
  const auto found = sockets_.find(wire);
  if (found == sockets_.end()) return;
  found->second->open = false;
  boost::system::error_code ignored;
  found->second->descriptor.close(ignored);
  sockets_.erase(found);
  to_poll_.clear();
}

Result<void> RawTransport::Impl::send(const Outgoing& advert) {
  const auto found = sockets_.find(advert.wire);
  if (found == sockets_.end()) return protocol_error("send an advert on an interface that was not joined");
  return send_datagram(found->second->descriptor.native_handle(), advert);
}

void RawTransport::Impl::wait(const std::shared_ptr<Socket>& socket) {
  auto on_readable = [self = shared_from_this(), socket](const boost::system::error_code& error) {
    if (error || !socket->open) return;
    self->drain(*socket, packets_per_turn);
    if (socket->open) self->wait(socket);
  };
  socket->descriptor.async_wait(boost::asio::posix::stream_descriptor::wait_read, std::move(on_readable));
}

void RawTransport::Impl::drain(Socket& socket, unsigned limit) {
  for (unsigned count = 0; count < limit && socket.open; ++count) {
    const auto received = receive_packet(socket.descriptor.native_handle(), socket.wire, buffer_);
    if (!received) {
      log_.limited(log::Level::Warning, "vrrp.receive", received.error().message());
      return;
    }
    if (!received->has_value()) return;
    if (receive_) receive_(socket.wire, **received);
  }
}

void RawTransport::Impl::poll() {
  if (sockets_.empty()) return;
  if (to_poll_.empty()) {
    for (const auto& [wire, socket] : sockets_) {
      to_poll_.push_back(pollfd{socket->descriptor.native_handle(), POLLIN, 0});
    }
  }
  if (::poll(to_poll_.data(), to_poll_.size(), 0) <= 0) return;
  // A receiver may join or leave meanwhile: work on copies.
  std::vector<std::shared_ptr<Socket>> readable;
  std::size_t index = 0;
  for (const auto& [wire, socket] : sockets_) {
    if ((to_poll_[index++].revents & POLLIN) != 0) readable.push_back(socket);
  }
  for (const auto& socket : readable) drain(*socket, packets_per_poll);
}

void RawTransport::Impl::close() {
  receive_ = nullptr;
  while (!sockets_.empty()) {
    const Wire wire = sockets_.begin()->first;
    leave(wire);
  }
}

RawTransport::RawTransport(boost::asio::io_context& io, log::Logger& log)
    : impl_(std::make_shared<Impl>(io, log)) {}
RawTransport::~RawTransport() {
  impl_->close();
}

void RawTransport::on_receive(Receive receive) {
  impl_->on_receive(std::move(receive));
}
Result<void> RawTransport::join(const Wire& wire, const std::string& interface,
                                const std::set<Address>& groups) {
  return impl_->join(wire, interface, groups);
}
void RawTransport::leave(const Wire& wire) {
  impl_->leave(wire);
}
Result<void> RawTransport::send(const Outgoing& advert) {
  return impl_->send(advert);
}
void RawTransport::poll() {
  impl_->poll();
}
std::size_t RawTransport::sockets() const {
  return impl_->sockets();
}

}  // namespace hald::vrrp
