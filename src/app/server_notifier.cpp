// SPDX-License-Identifier: Apache-2.0
#include "app/server_notifier.h"

#include <fmt/format.h>

#include "proc/mail.h"
#include "proc/notify_text.h"

namespace hald::app {

void ServerNotifier::on_server(const RealServerNews& news) {
  const config::Global& global = channels_.config().global;
  // compat: those that are in from the start are told of only if that is asked for, and never by mail.
  if (news.initial && !global.rs_init_notifies) return;
  const checker::ServiceId id = news.service.id();
  const std::string service = checker::to_string(id);
  const std::string server = real_server_name(id, news.server.endpoint);
  if (news.server.extras) {
    const config::RealServerExtras& extras = *news.server.extras;
    run(fmt::format("real server {} of {}", server, service),
        news.up ? extras.notify_up : extras.notify_down);
  }
  channels_.fifos().write_servers(proc::real_server_line(server, service, news.up));
  const bool by_default = global.smtp_alert_checker.value_or(global.smtp_alert.value_or(true));
  if (news.initial || !news.server.smtp_alert.value_or(by_default)) return;
  channels_.mail(
      proc::real_server_mail(global.router_id, server, service, news.up, fmt::format("=> {} <=", news.text)));
}

void ServerNotifier::on_quorum(const QuorumNews& news) {
  const config::Global& global = channels_.config().global;
  const std::string service = checker::to_string(news.service.id());
  run("virtual server " + service, news.up ? news.service->quorum_up : news.service->quorum_down);
  channels_.fifos().write_servers(proc::virtual_server_line(service, news.up));
  const bool by_default = global.smtp_alert_checker.value_or(global.smtp_alert.value_or(false));
  if (!news.service->smtp_alert.value_or(by_default)) return;
  channels_.mail(
      proc::virtual_server_mail(global.router_id, service, news.up, fmt::format("=> {} <=", news.text)));
}

/// There may be a hundred thousand of them: a queue lives only as long as it has something to do.
void ServerNotifier::run(const std::string& object, const config::Command& script) {
  proc::Notification notification;
  channels_.add(notification.commands, script);
  if (notification.commands.empty() && !channels_.knows(object)) return;
  channels_.run(object, std::move(notification));
  channels_.retire(object);
}

}  // namespace hald::app
