// SPDX-License-Identifier: Apache-2.0
// Real mail to servers on this machine: one of a few lines in this process, and one with TLS and a login in
// another.
#include "proc/curl_mail.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include <gtest/gtest.h>

#include "fakes/real_loop.h"
#include "fakes/smtp_server.h"

namespace hald::proc {
namespace {

using std::chrono::milliseconds;
using Lines = std::vector<std::string>;

class CurlMailTest : public testing::Test {
 protected:
  static proc::SmtpServer server(std::uint16_t port) {
    proc::SmtpServer out;
    out.host = "127.0.0.1";
    out.port = port;
    out.helo_name = "lvs1.example.com";
    out.timeout = std::chrono::seconds(10);
    return out;
  }
  static Letter letter() {
    return {"lvs@example.com", {"a@example.com", "b@example.com"}, "Subject: x\r\n\r\none\r\n.\r\n.two\r\n"};
  }
  /// What became of it: "" if it was accepted.
  std::string send(const proc::SmtpServer& to) {
    bool over = false;
    const auto delivery = mail_.send(to, letter(), [&](const std::optional<MailFailure>& failure) {
      failure_ = failure;
      over = true;
    });
    EXPECT_FALSE(over) << "reported from within send()";
    EXPECT_TRUE(loop_.run_until([&] { return over; }));
    return failure_ ? failure_->text : std::string();
  }

  fakes::RealLoop loop_;
  CurlMail mail_{loop_.io()};
  std::optional<MailFailure> failure_;
};

bool has(const Lines& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST_F(CurlMailTest, HandsAMailOver) {
  const fakes::SmtpServer real;
  EXPECT_EQ(send(server(real.port())), "");
  const Lines heard = real.heard();
  EXPECT_EQ(heard.at(0), "EHLO lvs1.example.com");
  EXPECT_EQ(heard.at(1).rfind("MAIL FROM:<lvs@example.com>", 0), 0U) << heard.at(1);
  EXPECT_EQ(heard.at(2), "RCPT TO:<a@example.com>");
  EXPECT_EQ(heard.at(3), "RCPT TO:<b@example.com>");
  EXPECT_EQ(heard.at(4), "DATA");
  EXPECT_EQ(Lines(heard.begin() + 5, heard.begin() + 11),
            (Lines{"Subject: x", "", "one", "..", "..two", "."}));
}

TEST_F(CurlMailTest, AnOldServerIsSpokenToInHelo) {
  const fakes::SmtpServer old("EHLO", "502 what?");
  EXPECT_EQ(send(server(old.port())), "");
  EXPECT_TRUE(has(old.heard(), "HELO lvs1.example.com"));
}

TEST_F(CurlMailTest, APermanentRefusalIsKnownAsOne) {
  const fakes::SmtpServer strict("RCPT", "550 no such user");
  EXPECT_NE(send(server(strict.port())), "");
  EXPECT_TRUE(failure_->permanent) << failure_->text;
}

TEST_F(CurlMailTest, ATemporaryRefusalIsKnownAsOne) {
  const fakes::SmtpServer busy("DOT", "452 no space left");
  EXPECT_NE(send(server(busy.port())), "");
  EXPECT_FALSE(failure_->permanent) << failure_->text;
}

TEST_F(CurlMailTest, AServerThatIsNotThere) {
  std::uint16_t port = 0;
  { port = fakes::SmtpServer().port(); }
  const auto text = send(server(port));
  EXPECT_NE(text.find("127.0.0.1 (port " + std::to_string(port) + "): "), std::string::npos) << text;
  EXPECT_FALSE(failure_->permanent);
}

TEST_F(CurlMailTest, AServerThatIsSilentEndsInATimeout) {
  const fakes::SmtpServer silent("GREETING", "");
  auto impatient = server(silent.port());
  impatient.timeout = milliseconds(200);
  EXPECT_NE(send(impatient), "");
  EXPECT_FALSE(failure_->permanent);
}

TEST_F(CurlMailTest, AServerThatIsSilentAtTheEndOfAMail) {
  const fakes::SmtpServer silent("DOT", "");
  auto impatient = server(silent.port());
  impatient.timeout = milliseconds(200);
  EXPECT_NE(send(impatient), "");
}

TEST_F(CurlMailTest, WithoutStarttlsThereIsNoMailIfItIsAskedFor) {
  const fakes::SmtpServer clear;
  auto careful = server(clear.port());
  careful.tls = proc::SmtpServer::Tls::StartTls;
  EXPECT_NE(send(careful), "");
  EXPECT_FALSE(has(clear.heard(), "DATA"));
}

TEST_F(CurlMailTest, StrangeNamesDoNotReachTheServer) {
  const fakes::SmtpServer real;
  for (const char* host : {"a b", "x/y", "127.0.0.1:25@evil", "h\r\nQUIT", "", "user@127.0.0.1"}) {
    auto strange = server(real.port());
    strange.host = host;
    strange.timeout = milliseconds(500);
    EXPECT_NE(send(strange), "") << host;
  }
  auto strange = server(real.port());
  strange.helo_name = "x\r\nMAIL FROM:<evil@example.com>";
  EXPECT_NE(send(strange), "");
  strange.helo_name = "a/b?c#d";
  EXPECT_EQ(send(strange), "");
  EXPECT_EQ(real.heard().front(), "EHLO a/b?c#d");
}

TEST_F(CurlMailTest, ADestroyedDeliveryReportsNothing) {
  const fakes::SmtpServer silent("GREETING", "");
  auto delivery = mail_.send(server(silent.port()), letter(), [](const auto&) { FAIL(); });
  ASSERT_TRUE(loop_.run_until([&] { return true; }));
  delivery.reset();
  const fakes::SmtpServer real;
  EXPECT_EQ(send(server(real.port())), "") << "the thread is free again";
}

/// The server with TLS, as a process. It ends with its standard input.
class TlsMailServer {
 public:
  explicit TlsMailServer(const std::filesystem::path& folder) {
    const auto file = [&](const char* name) { return (folder / name).string(); };
    const std::string make =
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "
        "subjectAltName=IP:127.0.0.1 -keyout " +
        file("key") + " -out " + file("certificate") + " 2>/dev/null";
    if (std::system(make.c_str()) != 0) return;
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) return;
    const UniqueFd its_in(in[0]);
    const UniqueFd its_out(out[1]);
    stdin_.reset(in[1]);
    stdout_.reset(out[0]);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(its_in.get(), 0);
      ::dup2(its_out.get(), 1);
      ::execl(HALD_SOURCE_DIR "/tests/unit/proc/tls_mail_server.py", "server", file("certificate").c_str(),
              file("key").c_str(), "ops", "secret word", nullptr);
      ::_exit(77);
    }
  }
  TlsMailServer(const TlsMailServer&) = delete;
  TlsMailServer& operator=(const TlsMailServer&) = delete;
  ~TlsMailServer() {
    stdin_.reset();
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  }
  /// Empty if it is not there.
  std::string line() {
    std::string out;
    char c = 0;
    while (stdout_.valid() && ::read(stdout_.get(), &c, 1) == 1 && c != '\n') out += c;
    return out;
  }

 private:
  pid_t pid_ = -1;
  UniqueFd stdin_;
  UniqueFd stdout_;
};

TEST_F(CurlMailTest, StartsTlsAndLogsIn) {
  std::string pattern = (std::filesystem::temp_directory_path() / "hald-mail-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  {
    TlsMailServer tls(folder);
    const std::string port = tls.line();
    if (port.empty()) GTEST_SKIP() << "python3-aiosmtpd and openssl are needed";
    auto to = server(static_cast<std::uint16_t>(std::atoi(port.c_str())));
    to.tls = proc::SmtpServer::Tls::StartTls;
    to.user = "ops";
    to.password = "secret word";

    EXPECT_NE(send(to), "") << "nobody vouches for its certificate";
    EXPECT_FALSE(failure_->permanent);
    to.ca_file = folder / "certificate";
    EXPECT_EQ(send(to), "");
    EXPECT_EQ(tls.line(), "mail lvs@example.com a@example.com,b@example.com lvs1.example.com tls Subject: x");
    to.ca_file.clear();
    to.verify = false;
    EXPECT_EQ(send(to), "");
    EXPECT_NE(tls.line(), "");
    to.password = "wrong";
    EXPECT_NE(send(to), "");
    EXPECT_TRUE(failure_->permanent) << failure_->text;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace hald::proc
