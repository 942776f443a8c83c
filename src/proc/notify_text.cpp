// SPDX-License-Identifier: Apache-2.0
#include "proc/notify_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace hald::proc {
namespace {

/// A name comes from the file: whatever it holds, it stays on its line.
std::string on_one_line(std::string_view name) {
  std::string out(name);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  return out;
}

std::string_view up_or_down(bool up) {
  return up ? "UP" : "DOWN";
}

unsigned shown_priority(NotifyObject object, unsigned priority) {
  return object == NotifyObject::Group ? 0 : priority;
}

}  // namespace

std::string_view to_string(NotifyObject object) {
  return object == NotifyObject::Group ? "GROUP" : "INSTANCE";
}

std::string_view to_string(NotifyState state) {
  switch (state) {
    case NotifyState::Master: return "MASTER";
    case NotifyState::Backup: return "BACKUP";
    case NotifyState::Fault: return "FAULT";
    case NotifyState::Stop: return "STOP";
    case NotifyState::Deleted: return "DELETED";
    case NotifyState::MasterRxLowerPri: return "MASTER_RX_LOWER_PRI";
    case NotifyState::MasterPriority: return "MASTER_PRIORITY";
    case NotifyState::BackupPriority: break;
  }
  return "BACKUP_PRIORITY";
}

std::vector<std::string> notify_arguments(NotifyObject object, const std::string& name, NotifyState state,
                                          unsigned priority) {
  return {std::string(to_string(object)), name, std::string(to_string(state)),
          fmt::format("{}", shown_priority(object, priority))};
}

std::string vrrp_line(NotifyObject object, std::string_view name, NotifyState state, unsigned priority) {
  return fmt::format("{} \"{}\" {} {}\n", to_string(object), on_one_line(name), to_string(state),
                     shown_priority(object, priority));
}

std::string virtual_server_line(std::string_view virtual_server, bool up) {
  return fmt::format("VS {} {}\n", on_one_line(virtual_server), up_or_down(up));
}

std::string real_server_line(std::string_view real_server, std::string_view virtual_server, bool up) {
  return fmt::format("RS {} {} {}\n", on_one_line(real_server), on_one_line(virtual_server), up_or_down(up));
}

}  // namespace hald::proc
