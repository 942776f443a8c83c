// SPDX-License-Identifier: Apache-2.0
#include "checker/client_socket.h"

#include <net/if.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cctype>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace hald::checker {
namespace {

template <typename Value>
bool set_option(int fd, int level, int name, const Value& value) {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

/// 0, or the errno.
int bind_source(int fd, const Endpoint& source) {
  if (source.port == 0) {
    // The port is chosen at connect(), per target: otherwise 28,000 checks from one address would be all.
    set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  } else {
    // The same pair of ports at every try: neither side may remember the last connection.
    set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    set_option(fd, SOL_SOCKET, SO_LINGER, linger{1, 0});
  }
  const auto address = net::socket_address(source);
  return ::bind(fd, address.get(), address.size) == 0 ? 0 : errno;
}

}  // namespace

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

std::variant<UniqueFd, Outcome> client_socket(Family family, int type, int protocol,
                                              const config::CheckSettings& settings) {
  UniqueFd fd(::socket(to_af(family), type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
  if (!fd.valid()) return local_failure(errno, "no socket");
  const std::string& interface = settings.bind_interface;
  if (!interface.empty() && ::setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                                         static_cast<socklen_t>(interface.size() + 1)) != 0)
    return local_failure(errno, "bind to " + interface);
  if (settings.mark != 0 && !set_option(fd.get(), SOL_SOCKET, SO_MARK, settings.mark))
    return local_failure(errno, "mark the packets");
  if (settings.bind) {
    if (const int failed = bind_source(fd.get(), *settings.bind); failed != 0)
      return local_failure(failed, "bind to " + settings.bind->to_string());
  }
  return fd;
}

net::SocketAddress target_address(const config::NetworkCheck& check) {
  net::SocketAddress out = net::socket_address(check.target);
  const std::string& interface = check.settings->bind_interface;
  if (!check.target.address.is_v4() && check.target.address.is_link_local() && !interface.empty())
    reinterpret_cast<sockaddr_in6*>(&out.storage)->sin6_scope_id = ::if_nametoindex(interface.c_str());
  return out;
}

std::string within(std::string_view what, Duration time) {
  return fmt::format("{} within {} s", what, std::chrono::duration<double>(time).count());
}

}  // namespace hald::checker
