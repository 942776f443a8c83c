// SPDX-License-Identifier: Apache-2.0
// How a mail is put together.
#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>

#include "proc/mail.h"
#include "proc/mail_encoding.h"

namespace hald::proc {
namespace {

constexpr std::size_t kLongestAddress = 254;

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

bool is_address(std::string_view text) {
  const auto fits = [](char c) {
    return c > ' ' && c <= '~' && c != '<' && c != '>' && c != ',' && c != ';';
  };
  return !text.empty() && text.size() <= kLongestAddress && std::all_of(text.begin(), text.end(), fits);
}

/// "\"J. \\\"Doc\\\" Doe\"" -> J. "Doc" Doe
std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string out;
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    if (text[at] == '\\' && at + 2 < text.size()) ++at;
    out += text[at];
  }
  return out;
}

std::string in_header(const Mailbox& mailbox) {
  if (mailbox.name.empty()) return mailbox.address;
  return fmt::format("{} <{}>", display_name(mailbox.name), mailbox.address);
}

/// One mailbox a line.
std::string address_header(std::string_view name, const std::vector<Mailbox>& mailboxes) {
  std::string out = fmt::format("{}:", name);
  for (std::size_t i = 0; i < mailboxes.size(); ++i)
    out += (i == 0 ? " " : ",\r\n ") + in_header(mailboxes[i]);
  return out + "\r\n";
}

}  // namespace

std::optional<Mailbox> parse_mailbox(std::string_view text) {
  text = trimmed(text);
  Mailbox out;
  if (text.ends_with('>')) {
    const auto open = text.rfind('<');
    if (open == std::string_view::npos) return {};
    out.name = unquoted(trimmed(text.substr(0, open)));
    text = text.substr(open + 1, text.size() - open - 2);
  }
  if (!is_address(text)) return {};
  out.address = text;
  return out;
}

std::string mail_date(WallTime date, std::chrono::seconds zone) {
  // Not strftime, which speaks the language of the locale.
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(date) + zone.count();
  std::tm local{};
  ::gmtime_r(&seconds, &local);
  const auto minutes = std::abs(zone.count()) / 60;
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} {}{:02}{:02}",
                     kDays.at(static_cast<std::size_t>(local.tm_wday)), local.tm_mday,
                     kMonths.at(static_cast<std::size_t>(local.tm_mon)), local.tm_year + 1900, local.tm_hour,
                     local.tm_min, local.tm_sec, zone.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string compose(const Mail& mail, const MailHead& head) {
  const BodyText body = encode_body(mail.body);
  return fmt::format("Date: {}\r\n", mail_date(head.date, head.zone)) + address_header("From", {head.from}) +
         text_header("Subject", mail.subject) +
         // compat: filters know alert mails by it.
         "X-Mailer: Keepalived\r\n" + address_header("To", head.to) +
         fmt::format("Message-ID: <{}>\r\n", head.message_id) +
         "Auto-Submitted: auto-generated\r\n"
         "MIME-Version: 1.0\r\n"
         "Content-Type: text/plain; charset=utf-8\r\n" +
         fmt::format("Content-Transfer-Encoding: {}\r\n\r\n", body.encoding) + body.text;
}

}  // namespace hald::proc
