// SPDX-License-Identifier: Apache-2.0
// The control socket: a UNIX stream socket on which a client sends one request line and gets one JSON
// document back. Everything a client sends is untrusted: its line is bounded, so is its time, so is the
// number of clients. Documents are written piece by piece, each piece a turn of the loop, at the pace at
// which the client reads.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/result.h"

namespace boost::asio {
class io_context;
}

namespace hald::control {

/// A document in pieces; next() is called until done() says so.
class Document {
 public:
  virtual ~Document() = default;
  /// Calls `ready` when there is something to say: at once, or later from the loop. It is dropped with the
  /// document.
  virtual void await(const std::function<void()>& ready) { ready(); }
  [[nodiscard]] virtual bool done() const = 0;
  [[nodiscard]] virtual std::string next() = 0;
};

/// Answers a request line (without its newline); nullptr: there is no such request.
using Handler = std::function<std::unique_ptr<Document>(const std::string& request)>;

class Server {
 public:
  /// Listens at `path` with mode 0660. The folder is made if it is missing; a socket that nobody serves any
  /// more is replaced, one that is served makes this fail with EADDRINUSE.
  [[nodiscard]] static Result<std::unique_ptr<Server>> listen(boost::asio::io_context& io,
                                                              log::Logger& logger, const std::string& path,
                                                              Handler handler);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Closes the socket and removes its file; clients in the middle of an answer are cut off.
  ~Server();

 private:
  class State;
  explicit Server(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

}  // namespace hald::control
