// SPDX-License-Identifier: Apache-2.0
#include "checker/stream_probe.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>

#include "checker/client_socket.h"

namespace hald::checker {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

/// Taken from the socket in one turn of the loop, which others want too.
constexpr std::size_t kChunk = 32UL * 1024;

/// The state of a try, shared with the handlers that Asio runs even after a cancellation.
class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  Attempt(boost::asio::io_context& io, Scheduler& scheduler, StreamTalk talk, Probes::Report report)
      : socket_(io),
        scheduler_(scheduler),
        started_(scheduler.now()),
        talk_(std::move(talk)),
        report_(std::move(report)) {}

  void begin(const config::NetworkCheck& check);
  void abandon();

 private:
  using Step = void (Attempt::*)();

  void wait_for_connection(UniqueFd fd, Duration timeout);
  void wait(Descriptor::wait_type what, Step next);
  void connection_settled();
  void connected();
  void readable();
  void took(std::string_view bytes);
  void connection_ended(bool broken);
  void begin_dialogue();
  void follow(Dialogue::Turn turn);
  void flush();
  void too_late(Duration timeout);
  void decide_later(Outcome outcome);
  void decide(Outcome outcome);

  Descriptor socket_;
  Scheduler& scheduler_;
  TimePoint started_;
  StreamTalk talk_;
  Probes::Report report_;
  TimerHandle timer_;
  bool connected_ = false;
  bool talking_ = false;
  bool writing_ = false;
  std::string output_;
};

void Attempt::begin(const config::NetworkCheck& check) {
  auto made = client_socket(check.target.address.family(), SOCK_STREAM, 0, *check.settings);
  if (auto* failed = std::get_if<Outcome>(&made)) return decide_later(std::move(*failed));
  auto fd = std::get<UniqueFd>(std::move(made));
  const auto target = target_address(check);
  const bool at_once = ::connect(fd.get(), target.get(), target.size) == 0;
  if (at_once && !talk_.dialogue) return decide_later({Layer::Network, Kind::Passed, {}, "connected"});
  if (!at_once && errno != EINPROGRESS) return decide_later(connect_failure(errno, true));
  wait_for_connection(std::move(fd), check.settings->timing.connect_timeout);
}

void Attempt::wait_for_connection(UniqueFd fd, Duration timeout) {
  boost::system::error_code failed;
  socket_.assign(fd.get(), failed);
  if (failed) return decide_later(local_failure(failed.value(), "watch the socket"));
  (void)fd.release();
  timer_ = scheduler_.at(started_ + timeout, [this, timeout] {
    const auto self = shared_from_this();
    too_late(timeout);
  });
  wait(Descriptor::wait_write, &Attempt::connection_settled);
}

void Attempt::wait(Descriptor::wait_type what, Step next) {
  socket_.async_wait(what, [self = shared_from_this(), next](const boost::system::error_code& cancelled) {
    if (!cancelled && self->report_) (*self.*next)();
  });
}

void Attempt::connection_settled() {
  int number = 0;
  socklen_t size = sizeof number;
  if (::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &number, &size) != 0)
    return decide(local_failure(errno, "read the socket's error"));
  if (number != 0) return decide(connect_failure(number, false));
  if (!talk_.dialogue) return decide({Layer::Network, Kind::Passed, {}, "connected"});
  connected();
}

void Attempt::connected() {
  connected_ = true;
  wait(Descriptor::wait_read, &Attempt::readable);
  if (!talk_.tls) return begin_dialogue();
  (void)talk_.tls->receive({});
  flush();
}

void Attempt::begin_dialogue() {
  talking_ = true;
  follow(talk_.dialogue->begin());
}

void Attempt::readable() {
  std::array<char, kChunk>
      buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled before it is read
  const auto size = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return wait(Descriptor::wait_read, &Attempt::readable);
  if (size <= 0) return connection_ended(size < 0);
  took({buffer.data(), static_cast<std::size_t>(size)});
  if (report_) wait(Descriptor::wait_read, &Attempt::readable);
}

void Attempt::took(std::string_view bytes) {
  if (!talk_.tls) return follow(talk_.dialogue->received(bytes));
  TlsSession& tls = *talk_.tls;
  const std::string plain = tls.receive(bytes);
  if (!talking_ && tls.ready()) begin_dialogue();
  if (report_ && !plain.empty()) follow(talk_.dialogue->received(plain));
  if (!report_) return;
  flush();  // of the handshake
  if (!report_) return;
  if (tls.failure().empty() && !tls.closed()) return;
  if (!talking_)
    return decide({Layer::Tls, Kind::Failed, {}, fmt::format("no TLS session: {}", tls.failure())});
  decide(talk_.dialogue->ended(tls.closed() ? End::Closed : End::Broken));
}

void Attempt::connection_ended(bool broken) {
  if (talk_.tls && !talking_)
    return decide({Layer::Tls, Kind::Failed, {}, "the connection ended within the handshake"});
  decide(talk_.dialogue->ended(broken ? End::Broken : talk_.tls ? End::Truncated : End::Closed));
}

void Attempt::follow(Dialogue::Turn turn) {
  if (talk_.tls) {
    talk_.tls->send(turn.send);
  } else {
    output_ += turn.send;
  }
  if (turn.verdict) return decide(*std::move(turn.verdict));
  flush();
}

void Attempt::flush() {
  if (talk_.tls) output_ += talk_.tls->take_output();
  while (!output_.empty() && !writing_) {
    const auto size = ::send(socket_.native_handle(), output_.data(), output_.size(), MSG_NOSIGNAL);
    if (size > 0) {
      output_.erase(0, static_cast<std::size_t>(size));
    } else if (errno == EAGAIN) {
      writing_ = true;
      socket_.async_wait(Descriptor::wait_write,
                         [self = shared_from_this()](const boost::system::error_code& cancelled) {
                           self->writing_ = false;
                           if (!cancelled && self->report_) self->flush();
                         });
    } else if (errno != EINTR) {
      output_.clear();  // what the server said before it went, and how it went, is still to be read
    }
  }
}

void Attempt::too_late(Duration timeout) {
  if (!connected_) return decide({Layer::Network, Kind::TimedOut, {}, within("no answer", timeout)});
  if (!talking_) return decide({Layer::Tls, Kind::TimedOut, {}, within("no TLS session", timeout)});
  decide(
      answered(Kind::TimedOut, within(fmt::format("{} did not come", talk_.dialogue->awaited()), timeout)));
}

void Attempt::decide_later(Outcome outcome) {
  timer_ = scheduler_.at(started_, [this, outcome = std::move(outcome)]() mutable {
    const auto self = shared_from_this();
    decide(std::move(outcome));
  });
}

void Attempt::decide(Outcome outcome) {
  const auto report = std::move(report_);
  if (talk_.tls && talk_.says_goodbye && talking_) {
    talk_.tls->close();
    flush();
  }
  outcome.took = scheduler_.now() - started_;
  abandon();
  if (report) report(std::move(outcome));
}

void Attempt::abandon() {
  report_ = nullptr;
  timer_.cancel();
  boost::system::error_code ignored;  // nothing is left to do with a socket that fails to close
  socket_.close(ignored);
}

class StreamProbe : public Probe {
 public:
  explicit StreamProbe(std::shared_ptr<Attempt> attempt) : attempt_(std::move(attempt)) {}
  ~StreamProbe() override { attempt_->abandon(); }

 private:
  std::shared_ptr<Attempt> attempt_;
};

}  // namespace

std::unique_ptr<Probe> start_stream_probe(boost::asio::io_context& io, Scheduler& scheduler,
                                          const config::NetworkCheck& check, StreamTalk talk,
                                          Probes::Report report) {
  auto attempt = std::make_shared<Attempt>(io, scheduler, std::move(talk), std::move(report));
  attempt->begin(check);
  return std::make_unique<StreamProbe>(std::move(attempt));
}

}  // namespace hald::checker
