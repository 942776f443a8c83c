// SPDX-License-Identifier: Apache-2.0
#include "checker/core/dns_exchange.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/bytes.h"

namespace hald::checker {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::uint16_t kRecursionDesired = 0x0100;
constexpr std::uint16_t kInternet = 1;

/// In the order of config::DnsType.
constexpr std::array<std::uint16_t, 9> kTypes{1, 2, 5, 6, 15, 16, 28, 46, 48};

void append_name(std::string_view name, Writer& into) {
  while (!name.empty() && name != ".") {
    const auto dot = name.find('.');
    // A label that is too long is asked for as far as the format goes: no server knows it.
    const auto label = name.substr(0, std::min(dot, kLongestLabel));
    into.u8(static_cast<std::uint8_t>(label.size()));
    for (const char byte : label) into.u8(static_cast<std::uint8_t>(byte));
    if (dot == std::string_view::npos) break;
    name.remove_prefix(dot + 1);
  }
  into.u8(0);
}

std::string code_name(unsigned code) {
  static constexpr std::array<std::string_view, 6> kNames{"NOERROR",  "FORMERR", "SERVFAIL",
                                                          "NXDOMAIN", "NOTIMP",  "REFUSED"};
  return code < kNames.size() ? std::string(kNames[code]) : fmt::format("error code {}", code);
}

}  // namespace

DnsExchange::DnsExchange(const config::DnsCheck& check, std::uint16_t id) : id_(id) {
  Writer out;
  out.u16(id);
  out.u16(kRecursionDesired);
  out.u16(1);  // questions
  out.zeroes(6);
  append_name(check.name, out);
  out.u16(kTypes[static_cast<std::size_t>(check.type)]);
  out.u16(kInternet);
  request_ = std::move(out).finish();
}

std::optional<Outcome> DnsExchange::received(Bytes bytes) {
  Reader in(bytes);
  const unsigned id = in.u16();
  const unsigned flags = in.u16();
  constexpr std::size_t kCounts = 8;
  (void)in.take(kCounts);
  // compat: what is no answer to this question is passed over.
  if (!in.ok() || id != id_ || (flags & 0x8000U) == 0) return {};
  // compat: an answer without an error is enough, even without records or cut off.
  const unsigned code = flags & 0xfU;
  return Outcome{Layer::Application, code == 0 ? Kind::Passed : Kind::BadStatus, {}, code_name(code)};
}

}  // namespace hald::checker
