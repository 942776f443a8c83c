// SPDX-License-Identifier: Apache-2.0
// Rows of the keyword table: virtual_server, real_server, virtual_server_group and SSL.
#include <array>

#include "config/keyword_rows.h"

namespace hald::config::rows {
namespace {

constexpr std::array<std::string_view, 14> kSchedulers{"rr", "wrr", "lc",  "wlc",   "lblc", "sh", "mh",
                                                       "dh", "fo",  "ovf", "lblcr", "sed",  "nq", "twos"};
constexpr std::array<std::string_view, 3> kForwardings{"NAT", "DR", "TUN"};
constexpr std::array<std::string_view, 3> kTunnelTypes{"ipip", "gue", "gre"};
constexpr std::array<std::string_view, 3> kProtocols{"TCP", "UDP", "SCTP"};
constexpr std::string_view kTunnelArguments = "NAT|DR|TUN [type ipip|gue|gre] [port N] [nocsum|csum|remcsum]";

constexpr Keyword scheduler(std::string_view name) {
  return choice(name, "NAME", kSchedulers, code::kBadScheduler, "wlc",
                "Which real server gets the next connection.");
}

constexpr Keyword forwarding(std::string_view name, std::string_view default_value, std::string_view help) {
  return options(BlockId::LbKind,
                 with_arguments(choice(name, "", kForwardings, code::kBadForwarding, default_value, help),
                                kTunnelArguments, 1, kAny));
}

constexpr std::array<std::string_view, 2> kIpFamily{"inet", "inet6"};

}  // namespace

std::span<const Keyword> virtual_server_group() {
  static constexpr std::array kRows{
      positional(with_limits(
          "PORT 0..65535", special("ADDRESS", "IP [PORT] / IP-END [PORT] / IP/LEN [PORT]", 1, kAny, "port 0",
                                   "Service address, range or aligned network."))),
      with_limits("0..4294967295",
                  special("fwmark", "MARK [inet|inet6]", 1, kAny, "", "Service selected by firewall mark.")),
      flag("inet", "", "Family word after a fwmark: IPv4."),
      flag("inet6", "", "Family word after a fwmark: IPv6.")};
  return kRows;
}

std::span<const Keyword> virtual_server() {
  static constexpr std::array kRows{
      number("fwmark", "MARK", {0, kMaxUint32}, "", "Header form selecting a service by firewall mark."),
      with_limits("existing virtual_server_group",
                  text("group", "NAME", "", "Header form applying the block to a group.")),
      choice("ip_family", "inet|inet6", kIpFamily, code::kBadChoice, "from addresses; inet when unclear",
             "Family of a fwmark service."),
      retry(1, "1"),
      delay_before_retry("1"),
      warmup("delay_loop"),
      connect_timeout("5"),
      delay_loop("60"),
      flag("inhibit_on_failure", "off", "Sets weight 0 on failure instead of removing the real server."),
      scheduler("lb_algo"),
      scheduler("lvs_sched"),
      flag("hashed", "off", "Accepted relic without effect."),
      flag("ops", "off", "Each UDP packet is scheduled by itself."),
      flag("flag-1", "off", "Sets scheduler flag 1."),
      flag("flag-2", "off", "Sets scheduler flag 2."),
      flag("flag-3", "off", "Sets scheduler flag 3."),
      flag("sh-port", "off", "Adds the source port to the sh hash."),
      flag("sh-fallback", "off", "Lets sh pick another server when the chosen one is unavailable."),
      flag("mh-port", "off", "Adds the source port to the mh hash."),
      flag("mh-fallback", "off", "Lets mh pick another server when the chosen one is unavailable."),
      forwarding("lb_kind", "NAT", "How packets reach the real servers."),
      forwarding("lvs_method", "NAT", "How packets reach the real servers."),
      with_limits("<=15 chars", text("persistence_engine", "NAME", "none", "IPVS persistence engine (sip).")),
      with_arguments(seconds("persistence_timeout", {1, 2678400}, "off; 360 without a number",
                             "How long a client stays with its real server."),
                     "[SECONDS]", 0, 1),
      with_code(text("persistence_granularity", "NETMASK|LENGTH", "255.255.255.255 or 128",
                     "Clients of one such network count as one."),
                code::kBadMask),
      any_case(choice("protocol", "TCP|UDP|SCTP", kProtocols, code::kBadProtocol, "UDP",
                      "Transport protocol of the service.")),
      later(flag("ha_suspend", "off", "Suspends checks while the service address is not on this machine.")),
      boolean("smtp_alert", "global smtp_alert_checker/smtp_alert, else false", "Mails quorum changes."),
      last_of(text("virtualhost", "NAME", "none", "Default Host header (and SNI name) for HTTP checks.")),
      later(last_of(single(text("snmp_name", "NAME", "none", "Name reported over SNMP.")))),
      flag("alpha", "off", "Servers are down until their checks pass."),
      flag("omega", "off", "At shutdown runs notify_down and quorum_down scripts."),
      once(command("quorum_up", "CMD [USER [GROUP]]", 1, "none", "Runs when quorum is gained.")),
      once(command("quorum_down", "CMD [USER [GROUP]]", 1, "none", "Runs when quorum is lost.")),
      number("quorum", "N", {1, kMaxUint32}, "1", "Weight of live servers that makes the service up."),
      number("hysteresis", "N", {0, kMaxUint32}, "0", "Margin around the quorum."),
      with_code(number("weight", "N", {1, kMaxInt32}, "1", "Weight of real servers that name none."),
                code::kBadWeight),
      with_limits("PORT 0..65535", special("sorry_server", "IP [PORT]", 1, 2, "none",
                                           "Server used while the service is below quorum.")),
      flag("sorry_server_inhibit", "off", "Sets the sorry server's weight 0 instead of removing it."),
      forwarding("sorry_server_lvs_method", "lb_kind", "Forwarding method of the sorry server."),
      with_arguments(block("real_server", BlockId::RealServer, "One server of the service."),
                     "ADDRESS [PORT]", 1, 2)};
  return kRows;
}

std::span<const Keyword> lb_kind() {
  static constexpr std::array kRows{
      flag("NAT", "", "Masquerading."),
      flag("DR", "", "Direct routing."),
      flag("TUN", "", "Tunnelling."),
      choice("type", "ipip|gue|gre", kTunnelTypes, code::kBadChoice, "ipip", "Tunnel kind, after TUN."),
      flag("ipip", "", "Plain IP in IP tunnel."),
      flag("gue", "", "Generic UDP encapsulation."),
      flag("gre", "", "GRE tunnel."),
      number("port", "N", {1, 65535}, "none", "Destination UDP port of a gue tunnel."),
      flag("nocsum", "on", "No tunnel checksum."),
      flag("csum", "off", "Tunnel checksum."),
      flag("remcsum", "off", "Remote checksum offload.")};
  return kRows;
}

std::span<const Keyword> real_server() {
  static constexpr std::array kRows{
      with_code(number("weight", "N", {0, kMaxInt32}, "weight of the virtual server",
                       "Share of the connections; 0: no new ones."),
                code::kBadWeight),
      forwarding("lvs_method", "lb_kind", "How packets reach this server."),
      number("uthreshold", "N", {0, kMaxUint32}, "0 (none)",
             "Connection count at which the server is marked overloaded."),
      number("lthreshold", "N", {0, kMaxUint32}, "0 (none)",
             "Connection count below which an overloaded server is used again."),
      boolean("inhibit_on_failure", "value of virtual_server",
              "Sets weight 0 on failure instead of removing."),
      once(command("notify_up", "CMD [USER [GROUP]]", 1, "none", "Runs when the server comes up.")),
      once(command("notify_down", "CMD [USER [GROUP]]", 1, "none", "Runs when the server goes down.")),
      boolean("alpha", "alpha of the virtual server", "Down until its checks pass."),
      retry(1, "retry of the virtual server"),
      delay_before_retry("delay_before_retry of the virtual server"),
      warmup("warmup of the virtual server"),
      connect_timeout("connect_timeout of the virtual server"),
      delay_loop("delay_loop of the virtual server"),
      boolean("smtp_alert", "global smtp_alert_checker, then smtp_alert, then true",
              "Mails state changes of this server."),
      last_of(text("virtualhost", "NAME", "none", "Default Host header of HTTP checks.")),
      later(last_of(single(text("snmp_name", "NAME", "none", "Name reported over SNMP.")))),
      block("HTTP_GET", BlockId::HttpGet, "Fetches one or more URLs."),
      block("SSL_GET", BlockId::SslGet, "Fetches one or more URLs over TLS."),
      block("TCP_CHECK", BlockId::TcpCheck, "Alive while a TCP connection can be opened."),
      block("UDP_CHECK", BlockId::UdpCheck, "Sends a datagram and looks at the answer."),
      block("PING_CHECK", BlockId::PingCheck, "Sends an ICMP echo request."),
      block("DNS_CHECK", BlockId::DnsCheck, "Queries the server for a record."),
      block("SMTP_CHECK", BlockId::SmtpCheck, "Holds a short SMTP conversation."),
      later(block("MISC_CHECK", BlockId::MiscCheck, "Runs a program.")),
      later(block("FILE_CHECK", BlockId::FileCheck, "Adjusts weight from a tracked file.")),
      later(block("BFD_CHECK", BlockId::BfdCheck, "Follows a BFD session."))};
  return kRows;
}

std::span<const Keyword> ssl() {
  static constexpr std::array kRows{
      later(last_of(text("password", "STRING", "none", "Pass phrase of the private key."))),
      later(last_of(text("ca", "PATH", "none", "CA bundle that verifies servers."))),
      later(last_of(text("certificate", "PATH", "none", "Client certificate."))),
      later(last_of(text("key", "PATH", "none", "Private key of the client certificate.")))};
  return kRows;
}

}  // namespace hald::config::rows
