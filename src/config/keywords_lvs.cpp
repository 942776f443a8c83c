// SPDX-License-Identifier: Apache-2.0
// Rows of the keyword table: virtual_server, real_server and TCP_CHECK.
// Meaning, range and default of each word are keepalived's (keepalived.conf(5)). The words at the end of
// a table are not built yet.
#include <array>

#include "config/keyword_rows.h"

namespace hald::config::rows {
namespace {

constexpr std::array<std::string_view, 14> kSchedulers{"rr", "wrr", "lc",  "wlc",   "lblc", "sh", "mh",
                                                       "dh", "fo",  "ovf", "lblcr", "sed",  "nq", "twos"};
constexpr std::array<std::string_view, 3> kForwardings{"NAT", "DR", "TUN"};
constexpr std::array<std::string_view, 3> kProtocols{"TCP", "UDP", "SCTP"};
constexpr std::int64_t kForever = kMaxUint32 * kSecond;  // where keepalived knows no limit
constexpr std::string_view kTunnelArguments = "NAT|DR|TUN [type ipip]";

constexpr Keyword scheduler(std::string_view name) {
  return choice(Meaning::Scheduler, name, "NAME", kSchedulers, code::kBadScheduler, "wlc",
                "Which real server gets the next connection.");
}

constexpr Keyword forwarding(std::string_view name, std::string_view default_value, std::string_view help) {
  return with_arguments(
      choice(Meaning::Forwarding, name, "", kForwardings, code::kBadForwarding, default_value, help),
      kTunnelArguments, 1, 8);
}

/// The words about the rhythm of checks stand in virtual servers, real servers and checks alike.
constexpr Keyword delay_loop(std::string_view default_value) {
  return time(Meaning::DelayLoop, "delay_loop", {1, kForever}, default_value,
              "Time from one check to the next.");
}
constexpr Keyword delay_before_retry(std::string_view default_value) {
  return time(Meaning::DelayBeforeRetry, "delay_before_retry", {0, kForever}, default_value,
              "Wait before a failed check is repeated.");
}
constexpr Keyword connect_timeout(std::string_view default_value) {
  return time(Meaning::ConnectTimeout, "connect_timeout", {1, 4'294'967'295}, default_value,
              "Longest wait for a connection.");
}
constexpr Keyword warmup(std::string_view default_value) {
  return time(Meaning::Warmup, "warmup", {0, kForever}, default_value,
              "The first check comes at a random time within this.");
}
constexpr Keyword retry(std::int64_t least, std::string_view default_value) {
  return number(Meaning::Retry, "retry", {least, kMaxUint32}, default_value,
                "Repeats of a failed check before it counts.");
}

}  // namespace

std::span<const Keyword> virtual_server() {
  static constexpr std::array kRows{
      delay_loop("60"),
      delay_before_retry("1"),
      connect_timeout("5"),
      warmup("delay_loop"),
      retry(1, "1"),
      scheduler("lb_algo"),
      scheduler("lvs_sched"),
      forwarding("lb_kind", "NAT", "How packets reach the real servers."),
      forwarding("lvs_method", "NAT", "How packets reach the real servers."),
      with_arguments(seconds(Meaning::PersistenceTimeout, "persistence_timeout", {1, 2678400},
                             "off; 360 without a number", "How long a client stays with its real server."),
                     "[SECONDS]", 0, 1),
      with_code(text(Meaning::PersistenceGranularity, "persistence_granularity", "NETMASK|LENGTH",
                     "255.255.255.255 or 128", "Clients of one such network count as one."),
                code::kBadMask),
      [] {
        Keyword row = choice(Meaning::Protocol, "protocol", "TCP|UDP|SCTP", kProtocols, code::kBadProtocol,
                             "UDP", "Transport protocol of the service.");
        row.any_case = true;
        return row;
      }(),
      flag(Meaning::OnePacket, "ops", "off", "Each UDP packet is scheduled by itself."),
      number(Meaning::Quorum, "quorum", {1, kMaxUint32}, "1",
             "Weight of live servers that makes the service up."),
      number(Meaning::Hysteresis, "hysteresis", {0, kMaxUint32}, "0", "Margin around the quorum."),
      flag(Meaning::Alpha, "alpha", "off", "Servers are down until their checks pass."),
      with_code(number(Meaning::Weight, "weight", {1, 65535}, "1", "Weight of real servers that name none."),
                code::kBadWeight),
      with_arguments(
          block(Meaning::RealServer, "real_server", BlockId::RealServer, "One server of the service."),
          "ADDRESS [PORT]", 1, 2),
      later("ip_family"),
      later("inhibit_on_failure"),
      later("hashed"),
      later("flag-1"),
      later("flag-2"),
      later("flag-3"),
      later("sh-port"),
      later("sh-fallback"),
      later("mh-port"),
      later("mh-fallback"),
      later("persistence_engine"),
      later("ha_suspend"),
      later("smtp_alert"),
      later("virtualhost"),
      later("snmp_name"),
      later("omega"),
      later("quorum_up"),
      later("quorum_down"),
      later("sorry_server"),
      later("sorry_server_inhibit"),
      later("sorry_server_lvs_method")};
  return kRows;
}

std::span<const Keyword> real_server() {
  static constexpr std::array kRows{
      with_code(number(Meaning::Weight, "weight", {0, 65535}, "weight of the virtual server",
                       "Share of the connections; 0: no new ones."),
                code::kBadWeight),
      forwarding("lvs_method", "lb_kind", "How packets reach this server."),
      boolean(Meaning::Alpha, "alpha", "alpha of the virtual server", "Down until its checks pass."),
      delay_loop("delay_loop of the virtual server"),
      delay_before_retry("delay_before_retry of the virtual server"),
      connect_timeout("connect_timeout of the virtual server"),
      warmup("warmup of the virtual server"),
      retry(1, "retry of the virtual server"),
      block(Meaning::TcpCheck, "TCP_CHECK", BlockId::TcpCheck, "Alive while a TCP connection can be opened."),
      later("uthreshold"),
      later("lthreshold"),
      later("inhibit_on_failure"),
      later("notify_up"),
      later("notify_down"),
      later("smtp_alert"),
      later("virtualhost"),
      later("snmp_name"),
      later("HTTP_GET"),
      later("SSL_GET"),
      later("UDP_CHECK"),
      later("PING_CHECK"),
      later("DNS_CHECK"),
      later("SMTP_CHECK"),
      later("MISC_CHECK"),
      later("FILE_CHECK"),
      later("BFD_CHECK")};
  return kRows;
}

std::span<const Keyword> tcp_check() {
  static constexpr std::array kRows{
      address(Meaning::ConnectIp, "connect_ip", "address of the real server", "Address to connect to."),
      port(Meaning::ConnectPort, "connect_port", "port of the real server", "Port to connect to."),
      address(Meaning::BindIp, "bindto", "chosen by the kernel", "Local address of the connection."),
      port(Meaning::BindPort, "bind_port", "chosen by the kernel", "Local port of the connection."),
      connect_timeout("of the real server, the virtual server, 5"),
      delay_loop("of the real server, the virtual server, 60"),
      delay_before_retry("of the real server, the virtual server, 1"),
      warmup("of the real server, the virtual server, delay_loop"),
      retry(0, "of the real server, the virtual server, 1"),
      formerly("nb_get_retry", retry(0, "of the real server, the virtual server, 1")),
      boolean(Meaning::Alpha, "alpha", "alpha of the real server",
              "The server is down until this check passes."),
      later("bind_if"),
      later("fwmark"),
      later("log_all_failures")};
  return kRows;
}

}  // namespace hald::config::rows
