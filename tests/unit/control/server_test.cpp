// SPDX-License-Identifier: Apache-2.0
// The client here is a plain socket in the same thread: it writes, the loop runs until the answer is whole.
#include "control/server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/unique_fd.h"
#include "fakes/capture_sink.h"
#include "fakes/manual_scheduler.h"

namespace hald::control {
namespace {

class Pieces : public Document {
 public:
  explicit Pieces(int count) : left_(count) {}
  [[nodiscard]] bool done() const override { return left_ == 0; }
  [[nodiscard]] std::string next() override { return std::string(1000, static_cast<char>('0' + left_--)); }

 private:
  int left_;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hald-control-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ / "run" / "control.sock";
  }
  ~ServerTest() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }
  void listen() {
    auto server = Server::listen(io_, logger_, path_, [this](const std::string& request) {
      requests_.push_back(request);
      return request == "status" ? std::make_unique<Pieces>(5) : nullptr;
    });
    ASSERT_TRUE(server.has_value()) << server.error().message();
    server_ = std::move(*server);
  }
  [[nodiscard]] UniqueFd connect() const {
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return fd;
  }
  std::string read_all(const UniqueFd& fd) {
    std::string text;
    std::array<char, 8192> buffer{};
    while (true) {
      io_.poll();
      const ssize_t size = ::recv(fd.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (size == 0) return text;
      if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
      if (size < 0 && errno != EAGAIN) return text + "<reset>";
      if (size < 0) io_.run_one_for(std::chrono::milliseconds(1));
    }
  }
  static void send(const UniqueFd& fd, const std::string& text) {
    ::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
  }

  boost::asio::io_context io_;
  fakes::ManualScheduler clock_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, clock_, log::Level::Info};
  std::filesystem::path folder_;
  std::string path_;
  std::unique_ptr<Server> server_;
  std::vector<std::string> requests_;
};

/// Says nothing until it is told to.
class Later : public Pieces {
 public:
  explicit Later(std::function<void()>& ready) : Pieces(1), ready_(ready) {}
  void await(const std::function<void()>& ready) override { ready_ = ready; }

 private:
  std::function<void()>& ready_;
};

TEST_F(ServerTest, ADocumentMayKeepItsClientWaiting) {
  std::function<void()> ready;
  auto server =
      Server::listen(io_, logger_, path_, [&](const std::string&) { return std::make_unique<Later>(ready); });
  ASSERT_TRUE(server.has_value()) << server.error().message();
  server_ = std::move(*server);
  const auto client = connect();
  send(client, "reload\n");
  while (!ready) io_.run_one_for(std::chrono::milliseconds(1));
  std::array<char, 8> buffer{};
  EXPECT_LT(::recv(client.get(), buffer.data(), buffer.size(), MSG_DONTWAIT), 0);
  ready();
  EXPECT_EQ(read_all(client), std::string(1000, '1'));
}

TEST_F(ServerTest, AServerThatEndsLeavesNobodyWaiting) {
  std::function<void()> ready;
  auto server =
      Server::listen(io_, logger_, path_, [&](const std::string&) { return std::make_unique<Later>(ready); });
  ASSERT_TRUE(server.has_value()) << server.error().message();
  server_ = std::move(*server);
  const auto client = connect();
  send(client, "reload\n");
  while (!ready) io_.run_one_for(std::chrono::milliseconds(1));
  server_.reset();
  EXPECT_EQ(read_all(client), "");
  ready();  // nobody is there any more, and nothing happens
}

TEST_F(ServerTest, AnswersARequestInPiecesAndCloses) {
  listen();
  const auto client = connect();
  send(client, "status\n");
  const auto text = read_all(client);
  EXPECT_EQ(text.size(), 5000U);
  EXPECT_EQ(requests_, (std::vector<std::string>{"status"}));
}

TEST_F(ServerTest, SaysSoWhenItDoesNotKnowTheRequest) {
  listen();
  const auto client = connect();
  send(client, "make coffee\n");
  EXPECT_EQ(read_all(client), "{\"error\":\"unknown request\"}\n");
}

TEST_F(ServerTest, AnEndlessRequestLineEndsTheConnectionNotTheMemory) {
  listen();
  const auto client = connect();
  send(client, std::string(100'000, 'x'));
  read_all(client);
  EXPECT_TRUE(requests_.empty());
}

TEST_F(ServerTest, TheSocketIsForRootAndItsGroupOnly) {
  listen();
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST_F(ServerTest, ASocketLeftBehindIsReplacedALiveOneIsNot) {
  listen();
  const auto second = Server::listen(io_, logger_, path_, nullptr);
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().code.value(), EADDRINUSE);
  EXPECT_TRUE(std::filesystem::exists(path_)) << "the loser must not remove the winner's socket";
}

TEST_F(ServerTest, AFileThatIsNoSocketIsNotReplaced) {
  std::filesystem::create_directories(folder_ / "run");
  std::ofstream(path_) << "precious";
  EXPECT_TRUE(Server::listen(io_, logger_, path_, nullptr).has_error());
  EXPECT_EQ(std::filesystem::file_size(path_), 8U);
}

TEST_F(ServerTest, AClientThatVanishesInTheMiddleHarmsNobody) {
  listen();
  {
    const auto client = connect();
    send(client, "status\n");
  }
  io_.poll();
  const auto other = connect();
  send(other, "status\n");
  EXPECT_EQ(read_all(other).size(), 5000U);
}

TEST_F(ServerTest, GoingAwayRemovesTheSocketAndCutsClients) {
  listen();
  const auto client = connect();
  io_.poll();
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_EQ(read_all(client), "");
}

TEST_F(ServerTest, APathThatIsTooLongIsAnError) {
  const auto server = Server::listen(io_, logger_, "/tmp/" + std::string(200, 'x'), nullptr);
  ASSERT_TRUE(server.has_error());
  EXPECT_EQ(server.error().code.value(), ENAMETOOLONG);
}

}  // namespace
}  // namespace hald::control
