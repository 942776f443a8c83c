// SPDX-License-Identifier: Apache-2.0
#include "checker/tcp_probe.h"

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cctype>
#include <cerrno>
#include <system_error>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>

#include "base/unique_fd.h"
#include "net/sockaddr.h"

namespace hald::checker {
namespace {

/// The system's words, in the middle of a sentence.
std::string words_for(int number) {
  std::string text = std::generic_category().message(number);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

Outcome local_failure(int number, std::string_view doing) {
  std::string text = fmt::format("{}: {}", doing, words_for(number));
  rlimit limit{};
  if (number == EMFILE && ::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    text += fmt::format(" (this process may have {})", limit.rlim_cur);
  return {Layer::Local, Kind::NotAttempted, {}, std::move(text)};
}

Outcome passed() {
  return {Layer::Network, Kind::Passed, {}, "connected"};
}

int set_option(int fd, int level, int name) {
  const int on = 1;
  return ::setsockopt(fd, level, name, &on, sizeof on);
}

/// 0, or the errno.
int bind_source(int fd, const Endpoint& source) {
  if (source.port == 0) {
    // The port is chosen at connect(), per target: otherwise 28,000 checks from one address would be all.
    set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
  } else {
    // The same pair of ports at every try: neither side may remember the last connection.
    set_option(fd, SOL_SOCKET, SO_REUSEADDR);
    const linger reset{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  const auto address = net::socket_address(source);
  return ::bind(fd, address.get(), address.size) == 0 ? 0 : errno;
}

/// The state of a try, shared with the handlers that Asio runs even after a cancellation.
class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  Attempt(boost::asio::io_context& io, Scheduler& scheduler, Probes::Report report)
      : socket_(io), scheduler_(scheduler), started_(scheduler.now()), report_(std::move(report)) {}

  void begin(const config::TcpCheck& check);
  void abandon();

 private:
  void wait_for_connection(UniqueFd fd, Duration timeout);
  void connection_settled();
  void decide_later(Outcome outcome);
  void decide(Outcome outcome);

  boost::asio::posix::stream_descriptor socket_;
  Scheduler& scheduler_;
  TimePoint started_;
  Probes::Report report_;
  TimerHandle timer_;
};

void Attempt::begin(const config::TcpCheck& check) {
  UniqueFd fd(::socket(to_af(check.target.address.family()), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return decide_later(local_failure(errno, "no socket"));
  if (const auto& bind = check.settings->bind) {
    if (const int failed = bind_source(fd.get(), *bind); failed != 0)
      return decide_later(local_failure(failed, "bind to " + bind->to_string()));
  }
  const auto target = net::socket_address(check.target);
  if (::connect(fd.get(), target.get(), target.size) == 0) return decide_later(passed());
  if (errno != EINPROGRESS) return decide_later(connect_failure(errno, true));
  wait_for_connection(std::move(fd), check.settings->timing.connect_timeout);
}

void Attempt::wait_for_connection(UniqueFd fd, Duration timeout) {
  boost::system::error_code failed;
  socket_.assign(fd.get(), failed);
  if (failed) return decide_later(local_failure(failed.value(), "watch the socket"));
  (void)fd.release();
  timer_ = scheduler_.at(started_ + timeout, [this, timeout] {
    const auto self = shared_from_this();
    const auto seconds = std::chrono::duration<double>(timeout).count();
    decide({Layer::Network, Kind::TimedOut, {}, fmt::format("no answer within {} s", seconds)});
  });
  socket_.async_wait(boost::asio::posix::stream_descriptor::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& cancelled) {
                       if (!cancelled) self->connection_settled();
                     });
}

void Attempt::connection_settled() {
  if (!report_) return;
  int number = 0;
  socklen_t size = sizeof number;
  if (::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &number, &size) != 0)
    return decide(local_failure(errno, "read the socket's error"));
  decide(number == 0 ? passed() : connect_failure(number, false));
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

class TcpProbe : public Probe {
 public:
  explicit TcpProbe(std::shared_ptr<Attempt> attempt) : attempt_(std::move(attempt)) {}
  ~TcpProbe() override { attempt_->abandon(); }

 private:
  std::shared_ptr<Attempt> attempt_;
};

}  // namespace

Outcome connect_failure(int number, bool immediate) {
  switch (number) {
    case ECONNREFUSED: return {Layer::Network, Kind::Refused, {}, words_for(number)};
    case ETIMEDOUT: return {Layer::Network, Kind::TimedOut, {}, words_for(number)};
    case ECONNRESET:
    case ECONNABORTED: return {Layer::Network, Kind::Reset, {}, words_for(number)};
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN: return {Layer::Network, Kind::Unreachable, {}, words_for(number)};
    default: break;
  }
  if (immediate) return local_failure(number, "connect");
  return {Layer::Network, Kind::Failed, {}, words_for(number)};
}

std::unique_ptr<Probe> start_tcp_probe(boost::asio::io_context& io, Scheduler& scheduler,
                                       const config::TcpCheck& check, Probes::Report report) {
  auto attempt = std::make_shared<Attempt>(io, scheduler, std::move(report));
  attempt->begin(check);
  return std::make_unique<TcpProbe>(std::move(attempt));
}

}  // namespace hald::checker
