// SPDX-License-Identifier: Apache-2.0
#include "proc/smtp_alert.h"

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include <fmt/format.h>

namespace hald::proc {
namespace {

constexpr Duration kFirstPause = std::chrono::seconds(5);
constexpr Duration kLongestPause = std::chrono::minutes(5);

/// 5 s, 10 s, 20 s, ... 5 min
Duration pause_after(unsigned tries) {
  return std::min(kLongestPause, kFirstPause * (1L << std::min(tries - 1, 10U)));
}

std::chrono::seconds local_zone(WallTime date) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(date);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return std::chrono::seconds(local.tm_gmtoff);
}

/// For a Message-ID: what looks like a host name, whatever the file says.
std::string domain(const std::string& name) {
  const bool is_good = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
  return is_good ? name : "localhost";
}

}  // namespace

SmtpAlert::SmtpAlert(MailTransport& transport, Scheduler& scheduler, log::Logger& logger)
    : transport_(transport), scheduler_(scheduler), logger_(logger) {}

void SmtpAlert::configure(std::optional<SmtpSettings> settings) {
  if (settings && settings->to.empty()) settings.reset();
  if (settings_ == settings) return;
  settings_ = std::move(settings);
  if (!settings_) {
    counters_.dropped += waiting_.size();
    waiting_.clear();
    delivery_.reset();
    retry_.cancel();
  } else if (!waiting_.empty() && !delivery_) {
    send_first();  // the new server may take what the old one did not
  }
}

void SmtpAlert::send(Mail mail) {
  if (!settings_) return;
  waiting_.push_back({std::move(mail), scheduler_.wall_now(), ++last_number_});
  if (waiting_.size() == 1) return send_first();
  if (waiting_.size() <= kMaxWaiting) return;
  ++counters_.dropped;
  waiting_.erase(waiting_.begin() + (delivery_ ? 1 : 0));
}

void SmtpAlert::send_first() {
  retry_.cancel();
  Waiting& first = waiting_.front();
  ++first.tries;
  delivery_ = transport_.send(settings_->server, letter(first),
                              [this](const std::optional<MailFailure>& failure) { done(failure); });
}

void SmtpAlert::done(const std::optional<MailFailure>& failure) {
  delivery_.reset();
  if (failure) return failed(*failure);
  ++counters_.sent;
  waiting_.pop_front();
  if (!waiting_.empty()) send_first();
}

void SmtpAlert::failed(const MailFailure& failure) {
  const unsigned tries = waiting_.front().tries;
  const bool for_good = failure.permanent || tries >= kMaxTries;
  logger_.limited(log::Level::Warning, "mail",
                  fmt::format("Mail \"{}\" {}: {}", waiting_.front().mail.subject,
                              for_good ? "is given up" : "could not be sent", failure.text),
                  {{"smtp_server", settings_->server.host}}, std::chrono::minutes(1));
  if (!for_good) {
    ++counters_.retries;
    retry_ = scheduler_.after(pause_after(tries), [this] { send_first(); });
    return;
  }
  ++counters_.failed;
  waiting_.pop_front();
  if (!waiting_.empty()) send_first();
}

Letter SmtpAlert::letter(const Waiting& waiting) const {
  MailHead head{settings_->from, settings_->to, waiting.date, local_zone(waiting.date), {}};
  head.message_id = fmt::format(
      "{}.{}.{}@{}",
      std::chrono::duration_cast<std::chrono::microseconds>(waiting.date.time_since_epoch()).count(),
      ::getpid(), waiting.number, domain(settings_->server.helo_name));
  Letter out{settings_->from.address, {}, compose(waiting.mail, head)};
  for (const auto& mailbox : settings_->to) out.to.push_back(mailbox.address);
  return out;
}

}  // namespace hald::proc
