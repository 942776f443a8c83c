// SPDX-License-Identifier: Apache-2.0
#include "net/netlink_listener.h"

#include <system_error>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "net/netlink_socket.h"

namespace hald::net {
namespace {

/// Room for the events of some thousand addresses that change in one turn.
constexpr int kEventBuffer = 4 * 1024 * 1024;
/// Datagrams per turn of the loop.
constexpr int kBatch = 64;

/// The kernel dropped some, or this one was too long and its end is lost.
bool is_lost(const Error& error) {
  return error.code == std::errc::no_buffer_space || error.code == std::errc::message_size;
}

}  // namespace

/// Shared with the handler that Asio runs even after the end.
class NetlinkListener::Events : public std::enable_shared_from_this<NetlinkListener::Events> {
 public:
  Events(boost::asio::io_context& io, std::initializer_list<unsigned> groups, int protocol)
      : socket_(protocol), watch_(io) {
    socket_.subscribe(groups, kEventBuffer);
    watch_.assign(socket_.fd());
  }
  ~Events() { close(); }
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  void receive(Receiver receiver) { receiver_ = std::move(receiver); }
  void wait();
  void close();
  /// At most `limit` datagrams; a negative limit means all.
  void read(int limit);

 private:
  enum class Outcome : unsigned char { More, Empty, Overrun };
  [[nodiscard]] Outcome read_one();
  void discard();

  NetlinkSocket socket_;
  boost::asio::posix::stream_descriptor watch_;  // of the same descriptor, which it does not own
  Receiver receiver_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(65536);
};

void NetlinkListener::Events::wait() {
  watch_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [self = shared_from_this()](const boost::system::error_code& cancelled) {
                      if (cancelled || !self->watch_.is_open()) return;
                      self->read(kBatch);
                      if (self->watch_.is_open()) self->wait();
                    });
}

void NetlinkListener::Events::close() {
  receiver_ = {};
  if (watch_.is_open()) watch_.release();
}

void NetlinkListener::Events::read(int limit) {
  for (int count = 0; count != limit; ++count) {
    const auto outcome = read_one();
    if (outcome == Outcome::Empty) return;
    if (outcome == Outcome::Overrun) {
      // What is still queued is older than the dump that follows: it can only mislead.
      discard();
      if (receiver_.overrun) receiver_.overrun();
      return;
    }
  }
}

NetlinkListener::Events::Outcome NetlinkListener::Events::read_one() {
  const auto datagram = socket_.receive(buffer_);
  if (!datagram) return is_lost(datagram.error()) ? Outcome::Overrun : Outcome::Empty;
  NetlinkReader reader(*datagram);
  while (const auto message = reader.next()) {
    if (receiver_.message) receiver_.message(*message);
  }
  return Outcome::More;
}

void NetlinkListener::Events::discard() {
  for (;;) {
    const auto datagram = socket_.receive(buffer_);
    if (!datagram && !is_lost(datagram.error())) return;
  }
}

NetlinkListener::NetlinkListener(boost::asio::io_context& io, std::initializer_list<unsigned> groups,
                                 int protocol)
    : events_(std::make_shared<Events>(io, groups, protocol)) {
  events_->wait();
}

NetlinkListener::~NetlinkListener() {
  events_->close();
}

void NetlinkListener::receive(Receiver receiver) {
  events_->receive(std::move(receiver));
}

void NetlinkListener::drain() {
  events_->read(-1);
}

}  // namespace hald::net
