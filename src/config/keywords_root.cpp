// SPDX-License-Identifier: Apache-2.0
// Rows of the keyword table: what the preprocessor understands, and the top of the file.
#include <array>

#include "config/keyword_rows.h"

namespace hald::config::rows {

std::span<const Keyword> preprocessor() {
  static constexpr std::array kRows{
      special("#", "rest of line", 1, kAny, "", "Starts a comment that runs to the end of the line."),
      special("!", "rest of line", 1, kAny, "", "Second comment introducer, equal to the hash sign."),
      with_limits("max line 1024 bytes",
                  special("\"...\"", "text", 1, kAny, "",
                          "Groups text holding blanks into one word and drops the quotes.")),
      special("'...'", "text", 1, kAny, "",
              "Single-quoted word, recognised only for keywords registered as \"quoted\" (scripts) and for "
              "regex."),
      special("\\ (escape)", "\\a \\b \\E \\f \\n \\r \\t \\v \\ooo \\xHH \\cX \\<char>", 1, kAny, "",
              "Backslash sequences decoded inside quoted-escaped words."),
      flag("{", "", "Opens a block, either at the end of the keyword line or on a following line."),
      flag("}", "", "Closes the innermost block."),
      flag("whitespace", "", "Blank, tab, FF, CR and VT separate words and are trimmed at both line ends."),
      flag("line length", "1024", "Longest physical input line accepted."),
      special("include", "GLOB", 1, kAny, "checks per include_check",
              "Splices every matching file into the configuration at this point."),
      special("includer", "GLOB", 1, kAny, "",
              "As include, but an unreadable file is a configuration error."),
      special("includem", "GLOB", 1, kAny, "",
              "As include, but a literal name that matches nothing (or cannot be read) is an error."),
      special("includew", "GLOB", 1, kAny, "",
              "As includem, and a wildcard pattern that matches nothing is an error too."),
      special("includeb", "GLOB", 1, kAny, "",
              "As includer, and every brace alternative must match something."),
      special("includea", "GLOB", 1, kAny, "", "Include with all four checks switched on."),
      special("@", "ID text", 1, kAny, "config_id = hostname up to first dot",
              "Keeps the rest of the line only when ID equals the running configuration id."),
      special("@^", "ID text", 1, kAny, "",
              "Keeps the rest of the line only when ID differs from the running configuration id."),
      with_limits("NAME = [A-Za-z_][A-Za-z0-9_]*",
                  text("$NAME=", "VALUE", "", "Defines a text macro usable on later lines.")),
      special("$NAME=VALUE\\", "continued lines", 1, kAny, "",
              "Multi-line macro: each line ending in a backslash carries on to the next."),
      flag("$NAME", "", "Expands a macro when followed by blank, comma, closing parenthesis or line end."),
      flag("${NAME}", "", "Expands a macro anywhere in a line."),
      flag("${_PWD}", "", "Predefined: directory of the configuration file being read."),
      flag("${_INSTANCE}", "", "Predefined: the configuration id used by @ conditionals."),
      with_limits("MIN<=MAX", special("${_RANDOM}", "[MIN [MAX]]", 0, kAny, "0 32767",
                                      "Predefined: a pseudo-random whole number, drawn per expansion.")),
      text("${_ENV}", "NAME", "", "Predefined: value of environment variable NAME, written ${_ENV NAME}."),
      flag("${_HASH}", "#", "Predefined: a literal hash sign."),
      flag("${_BANG}", "!", "Predefined: a literal exclamation mark."),
      special("~SEQ", "(VAR, [START,[STEP,]] END) text", 1, kAny,
              "START 1 (or -1 when END<0), STEP 1 (or -1)",
              "Repeats the rest of the line once per value of a decimal number range."),
      with_limits("non-negative", special("~SEQx", "(VAR, [START,[STEP,]] END) text", 1, kAny,
                                          "START 1 STEP 1", "As ~SEQ with hexadecimal numbers.")),
      special("~LST", "(VAR, v1, v2, ...) text", 1, kAny, "",
              "Repeats the rest of the line once per listed value."),
      with_limits("exact lower case", special("BOOL", "on|true|yes / off|false|no", 1, kAny, "",
                                              "Spelling of boolean arguments.")),
      with_unit("s", special("TIMER", "SECONDS[.FRACTION]", 1, kAny, "",
                             "Spelling of time arguments read by read_timer/read_decimal.")),
      special("UNKNOWN", "any word", 1, kAny, "",
              "An unrecognised keyword is reported and skipped, then parsing goes on.")};
  return kRows;
}

std::span<const Keyword> root() {
  static constexpr std::array kRows{
      later(flag("linkbeat_use_polling", "off",
                 "Polls link state (MII, ethtool, ioctl) instead of relying on netlink messages.")),
      once(
          text("net_namespace", "NAME", "none", "Runs the whole daemon inside the named network namespace.")),
      later(once(special("net_namespace_ipvs", "[NAME]", 0, 1, "same as net_namespace",
                         "Network namespace in which IPVS is configured."))),
      later(flag("namespace_with_ipsets", "off",
                 "Permits ipsets inside a network namespace on kernels before 3.13.")),
      later(flag("use_pid_dir", "off",
                 "Places pid files below the run directory's keepalived/ sub-directory.")),
      later(once(text("instance", "NAME", "none",
                      "Names this daemon instance for pid file names and syslog idents."))),
      later(seconds("child_wait_time", {0, kMaxUint32}, "5",
                    "How long the parent waits for children to finish before killing them.")),
      block("global_defs", BlockId::GlobalDefs, "Settings of the whole daemon."),
      later(with_arguments(
          block("track_group", BlockId::TrackGroup,
                "Names a set of VRRP instances that decide whether static items are installed."),
          "NAME", 1, kAny)),
      block("static_ipaddress", BlockId::StaticIpaddress,
            "Addresses added at start and removed at exit, independent of VRRP state."),
      block("static_routes", BlockId::StaticRoutes,
            "Routes added at start and removed at exit, independent of VRRP state."),
      block("static_rules", BlockId::StaticRules,
            "Policy rules added at start and removed at exit, independent of VRRP state."),
      with_arguments(block("vrrp_sync_group", BlockId::VrrpSyncGroup,
                           "Ties instances together so that they change state as one."),
                     "NAME", 1, kAny),
      block("garp_group", BlockId::GarpGroup,
            "Sets pacing of gratuitous ARP / neighbour advertisements per interface."),
      later(block("linkbeat_interfaces", BlockId::LinkbeatInterfaces,
                  "Interfaces whose link is polled, each with an optional method.")),
      with_arguments(block("vrrp_instance", BlockId::VrrpInstance, "One virtual router."), "NAME", 1,
                     UINT8_MAX),
      with_arguments(
          block("vrrp_script", BlockId::VrrpScript, "Defines a periodic script whose result can be tracked."),
          "NAME", 1, kAny),
      with_arguments(block("vrrp_track_process", BlockId::VrrpTrackProcess,
                           "Defines a running-process monitor that can be tracked."),
                     "NAME", 1, kAny),
      block("interface_up_down_delays", BlockId::InterfaceUpDownDelays,
            "Debounce times for interface state changes."),
      later(with_arguments(block("bfd_instance", BlockId::BfdInstance, "Defines one BFD session."), "NAME", 1,
                           1)),
      later(block("SSL", BlockId::Ssl, "Client TLS material used by SSL_GET checkers.")),
      with_arguments(block("virtual_server_group", BlockId::VirtualServerGroup,
                           "Names a list of service addresses / fwmarks sharing one real-server pool."),
                     "NAME", 1, 1),
      with_arguments(block("virtual_server", BlockId::VirtualServer, "One balanced service."),
                     "ADDRESS [PORT] | fwmark MARK | group NAME", 1, 2),
      with_arguments(block("track_file", BlockId::TrackFile, "Defines a file whose number is tracked."),
                     "NAME", 1, kAny),
      with_arguments(block("vrrp_track_file", BlockId::VrrpTrackFile, "Old name of the track_file block."),
                     "NAME", 1, kAny)};
  return kRows;
}

}  // namespace hald::config::rows
