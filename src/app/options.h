// SPDX-License-Identifier: Apache-2.0
// The command line: keepalived's grammar (short and long options as of 2.4.3) and hald's own few long ones.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/load.h"
#include "config/render.h"

namespace hald::app {

inline constexpr const char* kDefaultConfig = "/etc/hald/hald.conf";
inline constexpr const char* kDefaultPidFile = "/run/hald.pid";
inline constexpr const char* kDefaultSocket = "/run/hald/control.sock";
/// Beside the socket: two halds that have different sockets have different records.
inline constexpr const char* kHandoverSuffix = ".handover";
/// What operators ordered of real servers; with another socket than the usual one it is beside that.
inline constexpr const char* kDefaultAdminFile = "/var/lib/hald/admin";
inline constexpr const char* kAdminSuffix = ".admin";

enum class IpvsBackend : unsigned char { Kernel, Memory };

struct Options {
  std::string config_file = kDefaultConfig;
  std::string config_id;      ///< for `@id` lines; empty: the host name up to its first dot
  bool all_includes = false;  ///< -e: an include without its files is an error
  bool run_vrrp = true;       ///< cleared by -C
  bool run_checkers = true;   ///< cleared by -P
  bool foreground = false;
  bool log_to_console = false;
  bool log_to_syslog = true;
  unsigned log_detail = 0;  ///< how often -D was given
  int log_facility = 3;     ///< syslog's number: daemon
  std::optional<unsigned> umask;
  bool keep_vips_on_exit = false;
  bool keep_ipvs_on_exit = false;
  bool core_dumps = false;
  bool hand_over = false;  ///< asks the hald that runs to end as for a restart
  std::string network_namespace;
  std::string pid_file = kDefaultPidFile;
  std::string vrrp_pid_file;      ///< written only when asked for: one process does it all
  std::string checkers_pid_file;  ///< likewise
  IpvsBackend ipvs = IpvsBackend::Kernel;
  std::string control_socket = kDefaultSocket;
  std::string handover_file;                ///< empty: the control socket's path and kHandoverSuffix
  std::string admin_file;                   ///< empty: kDefaultAdminFile, or beside the control socket
  std::vector<std::string> without_effect;  ///< options understood and accepted that change nothing

  bool test_config = false;
  std::string test_output;  ///< file for the messages of -t; empty: stderr
  config::Format format = config::Format::Human;
  config::ColorWhen color = config::ColorWhen::Auto;
  bool dump_config = false;
  bool dump_as_conf = false;  ///< JSON otherwise
};

/// The program is done already: print `text` (to stderr if `to_stderr`) and exit with `status`.
struct Finished {
  int status = 0;
  std::string text;
  bool to_stderr = true;
};

[[nodiscard]] std::variant<Options, Finished> parse_options(int argc, char** argv);

/// What asks hald to end for a restart. systemd knows it as RTMIN+8.
[[nodiscard]] int handover_signal();

/// How the configuration is read, as far as the command line says so.
[[nodiscard]] config::LoadOptions load_options(const Options& options);

}  // namespace hald::app
