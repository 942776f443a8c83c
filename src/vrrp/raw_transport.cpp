// SPDX-License-Identifier: Apache-2.0
// See raw_transport.h. Each socket is read in bounded portions: whatever arrives on one interface, the loop
// comes round to the others and to the timers.
#include "vrrp/raw_transport.h"

#include <poll.h>

#include <array>
#include <map>
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
  Result<void> join(Family family, int ifindex, const std::string& interface);
  void leave(Family family, int ifindex);
  Result<void> send(const Outgoing& advert);
  void poll();
  void close();
  [[nodiscard]] std::size_t sockets() const { return sockets_.size(); }

 private:
  using Key = std::pair<Family, int>;
  struct Socket {
    Socket(boost::asio::io_context& io, UniqueFd fd, Key its_key)
        : key(its_key), descriptor(io, fd.release()) {}
    Key key;
    boost::asio::posix::stream_descriptor descriptor;
    bool open = true;
  };

  void wait(const std::shared_ptr<Socket>& socket);
  void drain(Socket& socket, unsigned limit);

  boost::asio::io_context& io_;
  log::Logger& log_;
  Receive receive_;
  std::map<Key, std::shared_ptr<Socket>> sockets_;
  std::vector<pollfd> to_poll_;  // as sockets_, in its order
  std::array<std::uint8_t, receive_buffer_size> buffer_{};
};

Result<void> RawTransport::Impl::join(Family family, int ifindex, const std::string& interface) {
  const Key key{family, ifindex};
  if (sockets_.contains(key)) return {};
  auto fd = open_vrrp_socket(family, ifindex, interface);
  if (!fd) return fd.error();
  const auto socket = std::make_shared<Socket>(io_, std::move(*fd), key);
  sockets_.emplace(key, socket);
  to_poll_.clear();
  wait(socket);
  return {};
}

void RawTransport::Impl::leave(Family family, int ifindex) {
  const auto found = sockets_.find(Key{family, ifindex});
  if (found == sockets_.end()) return;
  found->second->open = false;
  boost::system::error_code ignored;
  found->second->descriptor.close(ignored);
  sockets_.erase(found);
  to_poll_.clear();
}

Result<void> RawTransport::Impl::send(const Outgoing& advert) {
  const auto found = sockets_.find(Key{advert.family, advert.ifindex});
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
    const auto received = receive_packet(socket.descriptor.native_handle(), socket.key.first, buffer_);
    if (!received) {
      log_.limited(log::Level::Warning, "vrrp.receive", received.error().message());
      return;
    }
    if (!received->has_value()) return;
    if (receive_) receive_(socket.key.second, **received);
  }
}

void RawTransport::Impl::poll() {
  if (sockets_.empty()) return;
  if (to_poll_.empty()) {
    for (const auto& [key, socket] : sockets_) {
      to_poll_.push_back(pollfd{socket->descriptor.native_handle(), POLLIN, 0});
    }
  }
  if (::poll(to_poll_.data(), to_poll_.size(), 0) <= 0) return;
  // A receiver may join or leave meanwhile: work on copies.
  std::vector<std::shared_ptr<Socket>> readable;
  std::size_t index = 0;
  for (const auto& [key, socket] : sockets_) {
    if ((to_poll_[index++].revents & POLLIN) != 0) readable.push_back(socket);
  }
  for (const auto& socket : readable) drain(*socket, packets_per_poll);
}

void RawTransport::Impl::close() {
  receive_ = nullptr;
  while (!sockets_.empty()) {
    const Key key = sockets_.begin()->first;
    leave(key.first, key.second);
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
Result<void> RawTransport::join(Family family, int ifindex, const std::string& interface) {
  return impl_->join(family, ifindex, interface);
}
void RawTransport::leave(Family family, int ifindex) {
  impl_->leave(family, ifindex);
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
