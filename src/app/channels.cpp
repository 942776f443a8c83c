// SPDX-License-Identifier: Apache-2.0
#include "app/channels.h"

#include <utility>

namespace hald::app {
namespace {

constexpr auto kLookAgain = std::chrono::milliseconds(20);

proc::SmtpServer::Tls tls_of(config::Mail::Tls tls) {
  switch (tls) {
    case config::Mail::Tls::StartTls: return proc::SmtpServer::Tls::StartTls;
    case config::Mail::Tls::Implicit: return proc::SmtpServer::Tls::Implicit;
    case config::Mail::Tls::None: break;
  }
  return proc::SmtpServer::Tls::None;
}

}  // namespace

Channels::Channels(Scheduler& scheduler, log::Logger& logger, proc::Spawner& spawner,
                   proc::MailTransport& mail)
    : scheduler_(scheduler),
      queues_(spawner, scheduler, logger),
      fifos_(scheduler, logger, spawner),
      mails_(mail, scheduler, logger),
      config_(std::make_shared<const config::Config>()),
      users_(std::make_shared<const ScriptUsers>()),
      former_users_(users_) {}

void Channels::apply(std::shared_ptr<const config::Config> config, std::shared_ptr<const ScriptUsers> users,
                     NotifyFifos::Writers writers) {
  config_ = std::move(config);
  former_users_ = std::exchange(users_, std::move(users));
  mails_.configure(smtp_settings(config_->global.mail));
  fifos_.apply(config_->global, *users_, writers);
}

void Channels::add(std::vector<proc::Command>& commands, const config::Command& script,
                   std::vector<std::string> more_words) const {
  auto command = users_->command(script, more_words);
  if (!command) command = former_users_->command(script, std::move(more_words));
  if (command) commands.push_back(*std::move(command));
}

void Channels::run(const std::string& object, proc::Notification notification) {
  if (stopping_) notification.limit = kStopScript;
  queues_.notify(object, std::move(notification));
}

void Channels::begin_stop() {
  stopping_ = true;
  queues_.stop();
}

void Channels::finish_stop(std::function<void()> done) {
  stopped_ = std::move(done);
  limit_ = scheduler_.after(kFarewell, [this] {
    look_.cancel();
    queues_.when_idle(nullptr);
    queues_.stop();
    fifos_.close(std::exchange(stopped_, nullptr));
  });
  queues_.when_idle([this] { wait_for_mails(); });
}

void Channels::wait_for_mails() {
  if (!mails_.idle()) {
    look_ = scheduler_.after(kLookAgain, [this] { wait_for_mails(); });
    return;
  }
  limit_.cancel();
  fifos_.close(std::exchange(stopped_, nullptr));
}

std::optional<proc::SmtpSettings> smtp_settings(const config::Mail& mail) {
  if (!mail.server || mail.recipients.empty()) return {};
  proc::SmtpSettings out;
  out.server.host = mail.server->host;
  out.server.port = mail.server->port;
  out.server.helo_name = mail.helo;
  out.server.timeout = mail.connect_timeout;
  out.server.tls = tls_of(mail.tls);
  out.server.verify = mail.tls_verify;
  out.server.ca_file = mail.tls_ca;
  out.server.user = mail.user;
  out.server.password = mail.password;
  out.from = proc::parse_mailbox(mail.from).value_or(proc::Mailbox{"", "root@localhost"});
  for (const auto& recipient : mail.recipients) {
    if (auto mailbox = proc::parse_mailbox(recipient)) out.to.push_back(*std::move(mailbox));
  }
  if (out.to.empty()) return {};
  return out;
}

}  // namespace hald::app
