// SPDX-License-Identifier: Apache-2.0
// What scripts and FIFOs are told, word for word as keepalived tells it. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hald::proc {

enum class NotifyObject : unsigned char { Instance, Group };

enum class NotifyState : unsigned char {
  Master,
  Backup,
  Fault,
  Stop,
  Deleted,
  // These are events, for FIFOs alone:
  MasterRxLowerPri,
  MasterPriority,
  BackupPriority,
};

/// "INSTANCE", "GROUP"
[[nodiscard]] std::string_view to_string(NotifyObject object);
/// "MASTER", "MASTER_RX_LOWER_PRI"
[[nodiscard]] std::string_view to_string(NotifyState state);

/// What a `notify` script gets behind its own words: INSTANCE VI_1 MASTER 100. A group's priority is 0.
[[nodiscard]] std::vector<std::string> notify_arguments(NotifyObject object, const std::string& name,
                                                        NotifyState state, unsigned priority);

/// INSTANCE "VI_1" MASTER 100 and a line feed. No name can make two lines of one.
[[nodiscard]] std::string vrrp_line(NotifyObject object, std::string_view name, NotifyState state,
                                    unsigned priority);
/// VS [10.0.0.1]:tcp:80 UP and a line feed. (keepalived writes a zero byte behind it.)
[[nodiscard]] std::string virtual_server_line(std::string_view virtual_server, bool up);
/// RS [10.0.0.9]:tcp:80 [10.0.0.1]:tcp:80 DOWN and a line feed.
[[nodiscard]] std::string real_server_line(std::string_view real_server, std::string_view virtual_server,
                                           bool up);

}  // namespace hald::proc
