// SPDX-License-Identifier: Apache-2.0
#include "control/server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace hald::control {
namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;
using ErrorCode = boost::system::error_code;

namespace {

constexpr std::size_t kMaxRequest = 4096;
constexpr std::size_t kMaxClients = 32;
/// For the request to come, and then for each piece of the answer to be taken.
constexpr auto kPatience = std::chrono::seconds(10);

class Refusal : public Document {
 public:
  [[nodiscard]] bool done() const override { return done_; }
  [[nodiscard]] std::string next() override {
    done_ = true;
    return "{\"error\":\"unknown request\"}\n";
  }

 private:
  bool done_ = false;
};

Error system_error(const ErrorCode& code, const std::string& doing) {
  return errno_error(code.value(), doing);
}

}  // namespace

// Shared by the listener and its clients: a client may finish after the server went.
class Server::State : public std::enable_shared_from_this<State> {
 public:
  State(asio::io_context& io, log::Logger& logger, Handler handler)
      : acceptor_(io), retry_(io), logger_(logger), handler_(std::move(handler)) {}

  Result<void> open(const std::string& path);
  void accept();
  void close();

 private:
  class Client;

  void accepted(const ErrorCode& error, Socket socket);
  void accept_later();

  asio::local::stream_protocol::acceptor acceptor_;
  asio::steady_timer retry_;
  log::Logger& logger_;
  Handler handler_;
  std::string path_;
  std::set<std::shared_ptr<Client>> clients_;
};

class Server::State::Client : public std::enable_shared_from_this<Client> {
 public:
  Client(std::shared_ptr<State> owner, Socket socket)
      : owner_(std::move(owner)), socket_(std::move(socket)), timer_(socket_.get_executor()) {}

  void read_request() {
    patience();
    asio::async_read_until(socket_, asio::dynamic_buffer(request_, kMaxRequest), '\n',
                           [self = shared_from_this()](const ErrorCode& error, std::size_t size) {
                             if (error) return self->finish();
                             self->answer(self->request_.substr(0, size - 1));
                           });
  }
  void close() {
    ErrorCode ignored;
    timer_.cancel();
    socket_.close(ignored);
  }

 private:
  void answer(const std::string& request) {
    document_ = owner_->handler_ ? owner_->handler_(request) : nullptr;
    if (!document_) document_ = std::make_unique<Refusal>();
    timer_.cancel();  // now it is the client who waits
    document_->await([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->write_piece();
    });
  }
  void write_piece() {
    if (document_->done()) return finish();
    piece_ = document_->next();
    patience();
    asio::async_write(socket_, asio::buffer(piece_),
                      [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                        if (error) return self->finish();
                        self->write_piece();
                      });
  }
  void patience() {
    timer_.expires_after(kPatience);
    timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
      if (!error) self->finish();
    });
  }
  void finish() {
    close();
    owner_->clients_.erase(shared_from_this());
  }

  std::shared_ptr<State> owner_;
  Socket socket_;
  asio::steady_timer timer_;
  std::string request_;
  std::string piece_;
  std::unique_ptr<Document> document_;
};

Result<void> Server::State::open(const std::string& path) {
  const std::string doing = "listen on control socket " + path;
  const asio::local::stream_protocol::endpoint endpoint = [&] {
    return path.size() < sizeof(sockaddr_un::sun_path) ? asio::local::stream_protocol::endpoint(path)
                                                       : asio::local::stream_protocol::endpoint();
  }();
  if (endpoint.path().empty()) return errno_error(ENAMETOOLONG, doing);
  std::error_code folder_error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), folder_error);

  ErrorCode error;
  Socket probe(acceptor_.get_executor());
  probe.connect(endpoint, error);
  if (!error) return errno_error(EADDRINUSE, doing);
  // Only a socket is replaced: a mistyped path must not cost the operator a file.
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) ::unlink(path.c_str());

  acceptor_.open(endpoint.protocol(), error);
  if (error) return system_error(error, doing);
  const mode_t old_mask = ::umask(0117);
  acceptor_.bind(endpoint, error);
  ::umask(old_mask);
  if (error) return system_error(error, doing);
  path_ = path;
  acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return system_error(error, doing);
  return {};
}

void Server::State::accept() {
  acceptor_.async_accept([self = shared_from_this()](const ErrorCode& error, Socket socket) {
    self->accepted(error, std::move(socket));
  });
}

void Server::State::accepted(const ErrorCode& error, Socket socket) {
  if (!acceptor_.is_open() || error == asio::error::operation_aborted) return;
  if (error) {
    logger_.limited(log::Level::Warning, "control-accept",
                    "Control socket: accept failed: " + error.message());
    return accept_later();
  }
  if (clients_.size() >= kMaxClients) {
    logger_.limited(log::Level::Warning, "control-clients",
                    "Control socket: too many clients, one was refused");
  } else {
    const auto client = std::make_shared<Client>(shared_from_this(), std::move(socket));
    clients_.insert(client);
    client->read_request();
  }
  accept();
}

// Out of descriptors, say: asking again at once would spin.
void Server::State::accept_later() {
  retry_.expires_after(std::chrono::seconds(1));
  retry_.async_wait([self = shared_from_this()](const ErrorCode& error) {
    if (!error) self->accept();
  });
}

void Server::State::close() {
  ErrorCode ignored;
  retry_.cancel();
  acceptor_.close(ignored);
  if (!path_.empty()) ::unlink(path_.c_str());
  path_.clear();
  handler_ = nullptr;
  for (const auto& client : clients_) client->close();
  clients_.clear();
}

Result<std::unique_ptr<Server>> Server::listen(asio::io_context& io, log::Logger& logger,
                                               const std::string& path, Handler handler) {
  auto state = std::make_shared<State>(io, logger, std::move(handler));
  std::unique_ptr<Server> server(new Server(state));
  if (auto opened = state->open(path); !opened) return opened.error();
  state->accept();
  return server;
}

Server::Server(std::shared_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() {
  state_->close();
}

}  // namespace hald::control
