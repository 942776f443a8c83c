// SPDX-License-Identifier: Apache-2.0
// What alert mails say.
#include <fmt/format.h>

#include "proc/mail.h"

namespace hald::proc {
namespace {

struct Words {
  std::string_view subject;
  std::string_view body;
};

Words instance_words(NotifyState state) {
  switch (state) {
    case NotifyState::Master: return {"Entering MASTER state", "=> VRRP Instance is now owning VRRP VIPs <="};
    case NotifyState::Backup:
      return {"Entering BACKUP state", "=> VRRP Instance is no longer owning VRRP VIPs <="};
    case NotifyState::Fault:
      return {"Entering FAULT state", "=> VRRP Instance is no longer owning VRRP VIPs <="};
    case NotifyState::Stop: return {"Stopping", "=> VRRP Instance stopping <="};
    case NotifyState::Deleted: return {"Deleted", "=> VRRP Instance deleted by a reload <="};
    default: return {};
  }
}

Words group_words(NotifyState state) {
  switch (state) {
    case NotifyState::Master: return {"Entering MASTER state", "=> All instances of the group are MASTER <="};
    case NotifyState::Backup: return {"Entering BACKUP state", "=> All instances of the group are BACKUP <="};
    case NotifyState::Fault: return {"Entering FAULT state", "=> All instances of the group are in FAULT <="};
    case NotifyState::Stop: return {"Stopping", "=> All instances of the group are stopping <="};
    default: return {};
  }
}

std::string_view up_or_down(bool up) {
  return up ? "UP" : "DOWN";
}

std::string subject(std::string_view router_id, const std::string& text) {
  return router_id.empty() ? text : fmt::format("[{}] {}", router_id, text);
}

}  // namespace

std::optional<Mail> vrrp_mail(std::string_view router_id, NotifyObject object, std::string_view name,
                              NotifyState state) {
  const bool group = object == NotifyObject::Group;
  const Words words = group ? group_words(state) : instance_words(state);
  if (words.subject.empty()) return {};
  return Mail{
      subject(router_id, fmt::format("VRRP {} {} - {}", group ? "Group" : "Instance", name, words.subject)),
      std::string(words.body)};
}

Mail real_server_mail(std::string_view router_id, std::string_view real_server,
                      std::string_view virtual_server, bool up, std::string body) {
  return {subject(router_id, fmt::format("Realserver {} of virtual server {} - {}", real_server,
                                         virtual_server, up_or_down(up))),
          std::move(body)};
}

Mail virtual_server_mail(std::string_view router_id, std::string_view virtual_server, bool up,
                         std::string body) {
  return {subject(router_id, fmt::format("Virtualserver {} - {}", virtual_server, up_or_down(up))),
          std::move(body)};
}

std::string check_body(std::string_view check, bool up) {
  return fmt::format("=> {} {} on service <=", check, up ? "succeed" : "failed");
}

}  // namespace hald::proc
