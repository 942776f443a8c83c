// SPDX-License-Identifier: Apache-2.0
// Alert mails as values: what keepalived's subjects and bodies say, and how a mail is written so that a
// server takes it (RFC 5322, 2045, 2047). Pure functions. Nothing that a mail is made of, whatever it holds,
// can become a header, another recipient or a second mail.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "proc/notify_text.h"

namespace hald::proc {

struct Mail {
  std::string subject;
  std::string body;

  friend bool operator==(const Mail&, const Mail&) = default;
};

/// "[lvs1] VRRP Instance VI_1 - Entering MASTER state". Nothing for events, of which no mail tells, nor for a
/// group that is deleted.
[[nodiscard]] std::optional<Mail> vrrp_mail(std::string_view router_id, NotifyObject object,
                                            std::string_view name, NotifyState state);
/// "[lvs1] Realserver [10.0.0.9]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - DOWN"
[[nodiscard]] Mail real_server_mail(std::string_view router_id, std::string_view real_server,
                                    std::string_view virtual_server, bool up, std::string body);
/// "[lvs1] Virtualserver [10.0.0.1]:tcp:80 - UP"
[[nodiscard]] Mail virtual_server_mail(std::string_view router_id, std::string_view virtual_server, bool up,
                                       std::string body);
/// The body for a check: "=> TCP CHECK failed on service <=" of "TCP CHECK".
[[nodiscard]] std::string check_body(std::string_view check, bool up);

/// An address as the file has it: "ops@example.com" or "Lab <ops@example.com>".
struct Mailbox {
  std::string name;     ///< may be empty
  std::string address;  ///< "ops@example.com"

  friend bool operator==(const Mailbox&, const Mailbox&) = default;
};
/// Nothing if no address can be made out, or it has characters that none has.
[[nodiscard]] std::optional<Mailbox> parse_mailbox(std::string_view text);

struct MailHead {
  Mailbox from;
  std::vector<Mailbox> to;
  WallTime date;
  std::chrono::seconds zone{};  ///< what local time is ahead of UTC
  std::string message_id;       ///< without its brackets
};

/// The whole mail, lines ended by CR LF. Dots at the beginning of lines are the transport's business.
[[nodiscard]] std::string compose(const Mail& mail, const MailHead& head);

/// "Mon, 01 Mar 2021 09:44:08 +0100"
[[nodiscard]] std::string mail_date(WallTime date, std::chrono::seconds zone);

}  // namespace hald::proc
