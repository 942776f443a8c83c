// SPDX-License-Identifier: Apache-2.0
// Which option goes with which command: one row a command, one letter an option. x: not at all, +: must be
// there, 1: one of these at most.
#include <array>
#include <optional>

#include <fmt/format.h>

#include "ipvsadm/core/command.h"

namespace hald::ipvsadm {
namespace {

constexpr std::array<std::string_view, 34> kOptionNames{"numeric",
                                                        "connection",
                                                        "service-address",
                                                        "scheduler",
                                                        "persistent",
                                                        "netmask",
                                                        "real-server",
                                                        "forwarding-method",
                                                        "weight",
                                                        "u-threshold",
                                                        "l-threshold",
                                                        "mcast-interface",
                                                        "timeout",
                                                        "daemon",
                                                        "stats",
                                                        "rate",
                                                        "thresholds",
                                                        "persistent-conn",
                                                        "nosort",
                                                        "syncid",
                                                        "exact",
                                                        "ops",
                                                        "pe",
                                                        "sched-flags",
                                                        "mcast-group",
                                                        "mcast-port",
                                                        "mcast-ttl",
                                                        "sync-maxlen",
                                                        "tun-info",
                                                        "tun-type",
                                                        "tun-port",
                                                        "tun-nocsum",
                                                        "tun-csum",
                                                        "tun-remcsum"};

struct Row {
  std::string_view name;
  std::string_view legal;
};
constexpr std::array<Row, 14> kRows{{{"add-service", "xx+...xxxxxxxxxxxxxxx...xxxxxxxxxx"},
                                     {"edit-service", "xx+...xxxxxxxxxxxxxxx...xxxxxxxxxx"},
                                     {"delete-service", "xx+xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
                                     {"flush", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
                                     {"list", ".11xxxxxxxxx11.......xxxxxxx.xxxxx"},
                                     {"add-server", "xx+xxx+....xxxxxxxxxxxxxxxxxx....."},
                                     {"delete-server", "xx+xxx+xxxxxxxxxxxxxxxxxxxxxxxxxxx"},
                                     {"edit-server", "xx+xxx+....xxxxxxxxxxxxxxxxxx....."},
                                     {"set", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
                                     {"start-daemon", "xxxxxxxxxxx.xxxxxxx.xxxx....xxxxxx"},
                                     {"stop-daemon", "xxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxx"},
                                     {"restore", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
                                     {"save", ".xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
                                     {"zero", "xx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}}};

/// The last four options, by the kernel's numbers of the tunnels.
constexpr std::array<Row, 3> kTunnels{{{"ipip", "xxxx"}, {"gue", "+111"}, {"gre", "x11x"}}};
constexpr unsigned kFirstOfTunnel = static_cast<unsigned>(Option::TunnelPort);

std::string judge(const Row& row, unsigned first, std::string_view what, const Options& options) {
  std::optional<Option> chosen;
  for (unsigned i = 0; i < row.legal.size(); ++i) {
    const auto option = static_cast<Option>(first + i);
    const char rule = row.legal[i];
    if (!options.has(option)) {
      if (rule != '+') continue;
      return fmt::format("You need to supply the '{}' option for the '{}' {}", name_of(option), row.name,
                         what);
    }
    if (rule == 'x')
      return fmt::format("Illegal '{}' option with the '{}' {}", name_of(option), row.name, what);
    if (rule != '1') continue;
    if (chosen) {
      return fmt::format("The option '{}' conflicts with the '{}' option in the '{}' {}", name_of(option),
                         name_of(*chosen), row.name, what);
    }
    chosen = option;
  }
  return "";
}

}  // namespace

std::string_view name_of(Option option) {
  return kOptionNames.at(static_cast<std::size_t>(option));
}

std::string illegal(Verb verb, const Options& options) {
  return judge(kRows.at(static_cast<std::size_t>(verb)), 0, "command", options);
}

std::string illegal_tunnel(ipvs::TunnelType type, const Options& options) {
  return judge(kTunnels.at(static_cast<std::size_t>(type)), kFirstOfTunnel, "tunnel type", options);
}

}  // namespace hald::ipvsadm
