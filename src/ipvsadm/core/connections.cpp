// SPDX-License-Identifier: Apache-2.0
#include "ipvsadm/core/connections.h"

#include <charconv>
#include <vector>

#include <fmt/format.h>

namespace hald::ipvsadm {
namespace {

std::vector<std::string_view> fields_of(std::string_view line) {
  constexpr std::string_view kBlank = " \t\n";
  std::vector<std::string_view> out;
  for (auto begin = line.find_first_not_of(kBlank); begin != std::string_view::npos;) {
    const auto end = line.find_first_of(kBlank, begin);
    out.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kBlank, end);
  }
  return out;
}

template <typename Number>
bool read_number(std::string_view text, int base, Number& out) {
  const char* const end = text.data() + text.size();
  const auto got = std::from_chars(text.data(), end, out, base);
  return got.ec == std::errc() && got.ptr == end;
}

/// Hexadecimal for IPv4, all groups written out for IPv6.
bool read_address(std::string_view text, Address& out) {
  if (text.find(':') == std::string_view::npos) {
    std::uint32_t value = 0;
    if (!read_number(text, 16, value)) return false;
    out = Address::v4(value);
    return true;
  }
  const auto address = Address::parse(text);
  if (address) out = *address;
  return address.has_value();
}

bool read_endpoint(std::string_view address, std::string_view port, Endpoint& out) {
  return read_address(address, out.address) && read_number(port, 16, out.port);
}

std::optional<config::Protocol> protocol_named(std::string_view name) {
  if (name == "TCP") return config::Protocol::Tcp;
  if (name == "UDP") return config::Protocol::Udp;
  if (name == "SCTP") return config::Protocol::Sctp;
  return std::nullopt;
}

}  // namespace

std::optional<Connection> read_connection(std::string_view line) {
  const auto fields = fields_of(line);
  if (fields.size() < 9) return std::nullopt;
  Connection out;
  out.protocol = fields[0];
  if (!read_endpoint(fields[1], fields[2], out.client) || !read_endpoint(fields[3], fields[4], out.service) ||
      !read_endpoint(fields[5], fields[6], out.server)) {
    return std::nullopt;
  }
  out.state = fields[7];
  if (!read_number(fields[8], 10, out.expires)) return std::nullopt;
  if (fields.size() > 9) out.engine = fields[9];
  if (fields.size() > 10) out.engine_data = fields[10];
  return out;
}

std::string connections_title(const View& view) {
  std::string out = "IPVS connection entries\n";
  out +=
      view.columns == Columns::PersistentConn
          ? fmt::format("pro expire {:<11} {:<18} {:<18} {:<18} {:<16} {}\n", "state", "source", "virtual",
                        "destination", "pe name", "pe_data")
          : fmt::format("pro expire {:<11} {:<18} {:<18} {}\n", "state", "source", "virtual", "destination");
  return out;
}

std::string listed(const Connection& connection, const View& view, Names& names) {
  const auto protocol = protocol_named(connection.protocol);
  const auto name = [&](const Endpoint& endpoint) {
    return endpoint_name(endpoint, protocol, view.numeric, names);
  };
  const std::string expires = fmt::format("{:02}:{:02}", connection.expires / 60, connection.expires % 60);
  std::string out = fmt::format("{:<3} {:<6} {:<11} {:<18} {:<18} ", connection.protocol, expires,
                                connection.state, name(connection.client), name(connection.service));
  if (view.columns == Columns::PersistentConn && !connection.engine_data.empty()) {
    return out + fmt::format("{:<16} {:<18} {}\n", name(connection.server), connection.engine,
                             connection.engine_data);
  }
  return out + name(connection.server) + '\n';
}

}  // namespace hald::ipvsadm
