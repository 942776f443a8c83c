// SPDX-License-Identifier: Apache-2.0
#include "app/log_sinks.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <ctime>

#include <fmt/format.h>

#include "status/json.h"

namespace hald::app {
namespace {

constexpr const char* kJournalSocket = "/run/systemd/journal/socket";
constexpr const char* kSyslogSocket = "/dev/log";

UniqueFd connect_datagram(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy_n(path, std::string_view(path).size(), static_cast<char*>(address.sun_path));
  UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // The sockets API takes every address as sockaddr.
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (socket.valid() && ::connect(socket.get(), generic, sizeof address) != 0) socket.reset();
  return socket;
}

/// Text from outside (a name in a file, a peer's reply) must not start a second entry.
std::string one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return std::iscntrl(static_cast<unsigned char>(c)) != 0; }, ' ');
  return out;
}

}  // namespace

void ConsoleSink::write(log::Level /*level*/, std::string_view message, std::span<const log::Field> fields) {
  pollfd ready{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) {
    ++dropped_;
    return;
  }
  std::string line = status::to_rfc3339(std::chrono::system_clock::now()) + " ";
  if (dropped_ > 0) line += fmt::format("({} entries before this one were lost) ", dropped_);
  line += one_line(message);
  for (const auto& field : fields) line += fmt::format(" {}={}", field.key, one_line(field.value));
  line += '\n';
  // A pipe that is ready takes PIPE_BUF bytes without blocking, not more.
  constexpr std::size_t kAtomic = 4096;
  if (line.size() > kAtomic) line.replace(kAtomic - 4, std::string::npos, "...\n");
  // A file takes it only while there is room on its disk.
  dropped_ = ::write(STDERR_FILENO, line.data(), line.size()) < 0 ? dropped_ + 1 : 0;
}

SystemSink::SystemSink(int facility) : facility_(facility), socket_(connect_datagram(kJournalSocket)) {
  journal_ = socket_.valid();
  if (!journal_) socket_ = connect_datagram(kSyslogSocket);
}

void SystemSink::write(log::Level level, std::string_view message, std::span<const log::Field> fields) {
  const std::string entry = journal_ ? journal_entry(level, message, fields) : syslog_entry(level, message);
  if (::send(socket_.get(), entry.data(), entry.size(), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return;
  // The log daemon was restarted, or came after us.
  if (errno == EAGAIN || errno == ENOBUFS) return;
  *this = SystemSink(facility_);
  const std::string again = journal_ ? journal_entry(level, message, fields) : syslog_entry(level, message);
  [[maybe_unused]] const ssize_t sent = ::send(socket_.get(), again.data(), again.size(), MSG_NOSIGNAL);
}

std::string SystemSink::journal_entry(log::Level level, std::string_view message,
                                      std::span<const log::Field> fields) const {
  std::string entry = fmt::format("MESSAGE={}\nPRIORITY={}\nSYSLOG_FACILITY={}\nSYSLOG_IDENTIFIER=hald\n",
                                  one_line(message), static_cast<int>(level), facility_);
  for (const auto& field : fields) {
    std::string key = "HALD_" + std::string(field.key);
    std::transform(key.begin(), key.end(), key.begin(),
                   [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
    entry += fmt::format("{}={}\n", key, one_line(field.value));
  }
  return entry;
}

std::string SystemSink::syslog_entry(log::Level level, std::string_view message) const {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  std::array<char, 32> when{};
  const std::size_t size = std::strftime(when.data(), when.size(), "%b %e %H:%M:%S", &parts);
  return fmt::format("<{}>{} hald[{}]: {}", facility_ * 8 + static_cast<int>(level),
                     std::string_view(when.data(), size), ::getpid(), one_line(message));
}

}  // namespace hald::app
