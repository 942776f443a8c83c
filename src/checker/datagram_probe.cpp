// SPDX-License-Identifier: Apache-2.0
#include "checker/datagram_probe.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "checker/client_socket.h"

namespace hald::checker {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

/// Longer than what any check looks at; the rest of a datagram is lost, which is as well.
constexpr std::size_t kLongest = 64UL * 1024;
/// Looked at in one turn of the loop.
constexpr int kAtOnce = 16;

/// The kernel is to keep other kinds of ICMP messages for itself.
void filter_replies(int fd, Family family) {
  if (family == Family::IPv4) {
    constexpr int kIcmpFilter = 1;  // in linux/icmp.h, which cannot stand beside Asio
    const std::uint32_t blocked = ~(1U << static_cast<unsigned>(ICMP_ECHOREPLY));
    ::setsockopt(fd, SOL_RAW, kIcmpFilter, &blocked, sizeof blocked);
    return;
  }
  icmp6_filter filter{};
  ICMP6_FILTER_SETBLOCKALL(&filter);
  ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
  ::setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter);
}

std::variant<UniqueFd, Outcome> make_socket(const config::NetworkCheck& check, DatagramKind kind) {
  const Family family = check.target.address.family();
  if (kind == DatagramKind::Udp) return client_socket(family, SOCK_DGRAM, IPPROTO_UDP, *check.settings);
  const int protocol = family == Family::IPv4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6};
  auto made = client_socket(family, SOCK_RAW, protocol, *check.settings);
  if (const auto* fd = std::get_if<UniqueFd>(&made)) filter_replies(fd->get(), family);
  return made;
}

class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  Attempt(boost::asio::io_context& io, Scheduler& scheduler, std::unique_ptr<Exchange> exchange,
          Probes::Report report)
      : socket_(io),
        scheduler_(scheduler),
        started_(scheduler.now()),
        exchange_(std::move(exchange)),
        report_(std::move(report)) {}

  void begin(const config::NetworkCheck& check, DatagramKind kind);
  void abandon();

 private:
  void wait_for_answer(UniqueFd fd, Duration timeout);
  void wait();
  void readable();
  void decide_later(Outcome outcome);
  void decide(Outcome outcome);

  Descriptor socket_;
  Scheduler& scheduler_;
  TimePoint started_;
  std::unique_ptr<Exchange> exchange_;
  Probes::Report report_;
  TimerHandle timer_;
};

void Attempt::begin(const config::NetworkCheck& check, DatagramKind kind) {
  auto made = make_socket(check, kind);
  if (auto* failed = std::get_if<Outcome>(&made)) return decide_later(std::move(*failed));
  auto fd = std::get<UniqueFd>(std::move(made));
  auto target = target_address(check);
  // The port of a raw socket is the protocol, or nothing.
  if (kind == DatagramKind::Ping && check.target.address.is_v4())
    reinterpret_cast<sockaddr_in*>(&target.storage)->sin_port = 0;
  if (kind == DatagramKind::Ping && !check.target.address.is_v4())
    reinterpret_cast<sockaddr_in6*>(&target.storage)->sin6_port = 0;
  if (::connect(fd.get(), target.get(), target.size) != 0) return decide_later(connect_failure(errno, true));
  const auto request = exchange_->request();
  if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
    return decide_later(connect_failure(errno, true));
  wait_for_answer(std::move(fd), check.settings->timing.connect_timeout);
}

void Attempt::wait_for_answer(UniqueFd fd, Duration timeout) {
  boost::system::error_code failed;
  socket_.assign(fd.get(), failed);
  if (failed) return decide_later(local_failure(failed.value(), "watch the socket"));
  (void)fd.release();
  timer_ = scheduler_.at(started_ + timeout, [this, timeout] {
    const auto self = shared_from_this();
    if (exchange_->silence_passes())
      return decide({Layer::Network, Kind::Passed, {}, within("no refusal", timeout)});
    decide({Layer::Application, Kind::TimedOut, {}, within("no answer", timeout)});
  });
  wait();
}

void Attempt::wait() {
  socket_.async_wait(Descriptor::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& cancelled) {
                       if (!cancelled && self->report_) self->readable();
                     });
}

void Attempt::readable() {
  std::array<std::uint8_t, kLongest>
      buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): recv() fills it
  for (int i = 0; i < kAtOnce; ++i) {
    const auto size = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (size < 0) return decide(connect_failure(errno, false));
    if (auto outcome = exchange_->received({buffer.data(), static_cast<std::size_t>(size)}))
      return decide(*std::move(outcome));
  }
  wait();
}

void Attempt::decide_later(Outcome outcome) {
  timer_ = scheduler_.at(started_, [this, outcome = std::move(outcome)]() mutable {
    const auto self = shared_from_this();
    decide(std::move(outcome));
  });
}

void Attempt::decide(Outcome outcome) {
  const auto report = std::move(report_);
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

class DatagramProbe : public Probe {
 public:
  explicit DatagramProbe(std::shared_ptr<Attempt> attempt) : attempt_(std::move(attempt)) {}
  ~DatagramProbe() override { attempt_->abandon(); }

 private:
  std::shared_ptr<Attempt> attempt_;
};

}  // namespace

std::unique_ptr<Probe> start_datagram_probe(boost::asio::io_context& io, Scheduler& scheduler,
                                            const config::NetworkCheck& check, DatagramKind kind,
                                            std::unique_ptr<Exchange> exchange, Probes::Report report) {
  auto attempt = std::make_shared<Attempt>(io, scheduler, std::move(exchange), std::move(report));
  attempt->begin(check, kind);
  return std::make_unique<DatagramProbe>(std::move(attempt));
}

}  // namespace hald::checker
