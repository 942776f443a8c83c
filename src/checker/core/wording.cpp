// SPDX-License-Identifier: Apache-2.0
#include "checker/core/wording.h"

#include <fmt/format.h>

#include "base/overloaded.h"
#include "checker/core/check.h"

namespace hald::checker {

std::string success_line(const config::Check& check, const std::string& server) {
  return std::visit(
      Overloaded{
          [&](const config::TcpCheck&) { return fmt::format("TCP connection to {} success.", server); },
          [&](const config::PingCheck&) { return fmt::format("ICMP connection to {} success.", server); },
          [&](const Boxed<config::UdpCheck>&) {
            return fmt::format("UDP connection to {} success.", server);
          },
          [&](const Boxed<config::HttpCheck>&) {
            return fmt::format("Remote Web server {} succeed on service.", server);
          },
          [&](const Boxed<config::SmtpCheck>&) {
            return fmt::format("Remote SMTP server {} succeed on service.", server);
          },
          [&](const auto&) { return fmt::format("{} on service {} success.", type_name(check), server); }},
      check);
}

std::string failure_line(const config::Check& check, const std::string& server, const std::string& service,
                         std::uint32_t retries) {
  std::string name(type_name(check));
  if (const auto* http = std::get_if<Boxed<config::HttpCheck>>(&check))
    name = (*http)->tls ? "SSL_CHECK" : "HTTP_CHECK";
  const bool pings = std::holds_alternative<config::PingCheck>(check);
  if (pings) name = "ICMP CHECK";
  if (retries == 0) return fmt::format("{} on service {} failed.", name, server);
  // compat: this one also names the virtual server.
  const std::string of = pings ? " of " + service : std::string();
  return fmt::format("{} on service {}{} failed after {} retries.", name, server, of, retries);
}

}  // namespace hald::checker
