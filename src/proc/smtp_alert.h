// SPDX-License-Identifier: Apache-2.0
// SmtpAlert: alert mails on their way. One is sent at a time; one that fails is tried again after growing
// pauses. While the server is away only the newest wait: a mail that tells of long ago helps nobody.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "proc/mail.h"
#include "proc/mail_transport.h"

namespace hald::proc {

struct SmtpSettings {
  SmtpServer server;
  Mailbox from;
  std::vector<Mailbox> to;

  friend bool operator==(const SmtpSettings&, const SmtpSettings&) = default;
};

class SmtpAlert {
 public:
  struct Counters {
    unsigned long sent = 0;
    unsigned long failed = 0;   ///< refused for good, or given up
    unsigned long dropped = 0;  ///< made room for newer ones
    unsigned long retries = 0;
  };
  static constexpr std::size_t kMaxWaiting = 100;
  static constexpr unsigned kMaxTries = 8;

  SmtpAlert(MailTransport& transport, Scheduler& scheduler, log::Logger& logger);
  SmtpAlert(const SmtpAlert&) = delete;
  SmtpAlert& operator=(const SmtpAlert&) = delete;

  /// Applies to the next mail that is sent, those that wait included. Without a recipient there are no mails.
  void configure(std::optional<SmtpSettings> settings);
  /// Never blocks, never fails.
  void send(Mail mail);

  /// Nothing waits and nothing is under way.
  [[nodiscard]] bool idle() const { return waiting_.empty(); }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  struct Waiting {
    Mail mail;
    WallTime date;  ///< when it happened
    unsigned long number = 0;
    unsigned tries = 0;
  };

  void send_first();
  void done(const std::optional<MailFailure>& failure);
  void failed(const MailFailure& failure);
  [[nodiscard]] Letter letter(const Waiting& waiting) const;

  MailTransport& transport_;
  Scheduler& scheduler_;
  log::Logger& logger_;
  std::optional<SmtpSettings> settings_;
  std::deque<Waiting> waiting_;  // the first one is under way, or is to be tried again
  unsigned long last_number_ = 0;
  Counters counters_;
  std::unique_ptr<Delivery> delivery_;
  TimerHandle retry_;
};

}  // namespace hald::proc
