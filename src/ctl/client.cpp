// SPDX-License-Identifier: Apache-2.0
#include "ctl/client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <array>

#include "base/unique_fd.h"

namespace hald::ctl {
namespace {

Result<UniqueFd> connect_to(const std::string& path, Duration patience) {
  const std::string doing = "reach hald at " + path;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return errno_error(ENAMETOOLONG, doing);
  std::copy(path.begin(), path.end(), static_cast<char*>(address.sun_path));
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return errno_error(doing);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(patience).count();
  const timeval limit{micros / 1'000'000, micros % 1'000'000};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  // The sockets API takes every address as sockaddr.
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return errno_error(doing);
  }
  return socket;
}

}  // namespace

Result<std::string> ask(const std::string& path, const std::string& request, Duration patience) {
  auto socket = connect_to(path, patience);
  if (!socket) return socket.error();
  const std::string line = request + "\n";
  if (::send(socket->get(), line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) {
    return errno_error("ask hald at " + path);
  }
  std::string answer;
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t size = ::recv(socket->get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno_error("hear from hald at " + path);
    if (size == 0) break;
    answer.append(buffer.data(), static_cast<std::size_t>(size));
  }
  if (answer.empty()) return protocol_error("hear from hald at " + path + ": it closed without an answer");
  return answer;
}

}  // namespace hald::ctl
