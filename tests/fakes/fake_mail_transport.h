// SPDX-License-Identifier: Apache-2.0
// FakeMailTransport: mails that are under way until the test says what becomes of them.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "proc/mail_transport.h"

namespace hald::fakes {

class FakeMailTransport final : public proc::MailTransport {
 public:
  struct Sent {
    proc::SmtpServer server;
    proc::Letter letter;
    Done done;
    bool under_way = true;
  };

  [[nodiscard]] std::unique_ptr<proc::Delivery> send(proc::SmtpServer server, proc::Letter letter,
                                                     Done done) override {
    mails.push_back({std::move(server), std::move(letter), std::move(done)});
    return std::make_unique<Handle>(mails.back());
  }
  /// Decides about the newest one.
  void accept() { finish({}); }
  void refuse(bool permanent, const std::string& why = "no") { finish(proc::MailFailure{permanent, why}); }
  [[nodiscard]] bool busy() const { return !mails.empty() && mails.back().under_way; }

  std::deque<Sent> mails;

 private:
  class Handle final : public proc::Delivery {
   public:
    explicit Handle(Sent& sent) : sent_(sent) {}
    ~Handle() override { sent_.under_way = false, sent_.done = nullptr; }

   private:
    Sent& sent_;
  };

  void finish(const std::optional<proc::MailFailure>& failure) {
    mails.back().under_way = false;
    const auto done = std::exchange(mails.back().done, nullptr);
    done(failure);
  }
};

}  // namespace hald::fakes
