// SPDX-License-Identifier: Apache-2.0
// SmtpServer: a mail server of a few lines, on a thread of its own, that answers as a test tells it. What it
// hears is kept.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/unique_fd.h"

namespace hald::fakes {

class SmtpServer {
 public:
  /// `reply` is what it answers to a command that begins with `word`, in place of the usual; "GREETING" and
  /// "DOT" are the words for its beginning and for the end of a mail. An empty reply is none at all: it falls
  /// silent.
  explicit SmtpServer(std::string word = {}, std::string reply = {})
      : word_(std::move(word)), reply_(std::move(reply)) {
    listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(listener_.get(), 8);
    socklen_t size = sizeof address;
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;
  ~SmtpServer() {
    stopped_ = true;
    thread_.join();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::vector<std::string> heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  [[nodiscard]] bool wait_for(const UniqueFd& fd) const {
    pollfd poll{fd.get(), POLLIN, 0};
    while (!stopped_) {
      if (::poll(&poll, 1, 10) > 0) return true;
    }
    return false;
  }

  void serve() {
    while (wait_for(listener_)) {
      const UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      talk(client);
    }
  }

  bool read_line(const UniqueFd& client, std::string& line) const {
    line.clear();
    char c = 0;
    while (wait_for(client) && ::read(client.get(), &c, 1) == 1) {
      if (c == '\n') return true;
      if (c != '\r') line += c;
    }
    return false;
  }

  bool reply(const UniqueFd& client, const std::string& word, const std::string& usual) const {
    const std::string text = (word == word_ ? reply_ : usual) + "\r\n";
    if (text == "\r\n") return true;
    return ::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

  void talk(const UniqueFd& client) {
    if (!reply(client, "GREETING", "220 test")) return;
    std::string line;
    bool in_mail = false;
    while (read_line(client, line)) {
      {
        const std::lock_guard lock(mutex_);
        heard_.push_back(line);
      }
      if (in_mail && line != ".") continue;
      const std::string word = in_mail ? "DOT" : line.substr(0, line.find(' '));
      in_mail = word == "DATA" && word_ != "DATA";
      const bool answered = reply(client, word,
                                  in_mail          ? "354 go on"
                                  : word == "QUIT" ? "221 bye"
                                                   : "250 fine");
      if (!answered || word == "QUIT") return;
    }
  }

  std::string word_;
  std::string reply_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopped_ = false;
  mutable std::mutex mutex_;
  std::vector<std::string> heard_;
  std::thread thread_;
};

}  // namespace hald::fakes
