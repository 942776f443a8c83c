// SPDX-License-Identifier: Apache-2.0
#include "checker/core/check.h"

#include <algorithm>
#include <type_traits>

#include "base/overloaded.h"

namespace hald::checker {
namespace {

template <typename T>
constexpr bool kUsesNetwork = std::is_base_of_v<config::NetworkCheck, T>;

/// Calls `visitor` with the check itself, in a box or not.
template <typename Visitor>
auto unboxed(const config::Check& check, Visitor visitor) {
  return std::visit(Overloaded{[&](const config::TcpCheck& tcp) { return visitor(tcp); },
                               [&](const config::PingCheck& ping) { return visitor(ping); },
                               [&](const auto& boxed) { return visitor(*boxed); }},
                    check);
}

bool same_source(const config::CheckSettings& one, const config::CheckSettings& other) {
  return one.bind == other.bind && one.bind_interface == other.bind_interface && one.mark == other.mark;
}

/// All but the settings that every check has.
template <typename T>
bool same_question(T one, T other) {
  if constexpr (kUsesNetwork<T> || std::is_same_v<T, config::MiscCheck>) {
    if (!same_source(*one.settings, *other.settings)) return false;
    one.settings = {};
    other.settings = {};
  }
  if constexpr (std::is_same_v<T, config::BfdCheck>) one.alpha = other.alpha;
  return one == other;
}

}  // namespace

std::string_view type_name(const config::Check& check) {
  return unboxed(check,
                 Overloaded{[](const config::TcpCheck&) { return "TCP_CHECK"; },
                            [](const config::PingCheck&) { return "PING_CHECK"; },
                            [](const config::HttpCheck& http) { return http.tls ? "SSL_GET" : "HTTP_GET"; },
                            [](const config::UdpCheck&) { return "UDP_CHECK"; },
                            [](const config::DnsCheck&) { return "DNS_CHECK"; },
                            [](const config::SmtpCheck&) { return "SMTP_CHECK"; },
                            [](const config::MiscCheck&) { return "MISC_CHECK"; },
                            [](const config::FileCheck&) { return "FILE_CHECK"; },
                            [](const config::BfdCheck&) { return "BFD_CHECK"; }});
}

const Endpoint* target_of(const config::Check& check) {
  return unboxed(check, [](const auto& kind) -> const Endpoint* {
    if constexpr (kUsesNetwork<std::remove_cvref_t<decltype(kind)>>)
      return &kind.target;
    else
      return nullptr;
  });
}

const config::CheckSettings* settings_of(const config::Check& check) {
  return unboxed(check,
                 Overloaded{[](const config::FileCheck&) -> const config::CheckSettings* { return nullptr; },
                            [](const config::BfdCheck&) -> const config::CheckSettings* { return nullptr; },
                            [](const auto& kind) { return &*kind.settings; }});
}

std::size_t parts_of(const config::Check& check) {
  const auto* http = std::get_if<Boxed<config::HttpCheck>>(&check);
  return http != nullptr ? (*http)->urls.size() : 1;
}

bool is_run(const config::Check& check) {
  return target_of(check) != nullptr;
}

std::size_t count_run(const config::RealServer& server) {
  return static_cast<std::size_t>(std::count_if(server.checks.begin(), server.checks.end(), is_run));
}

bool starts_dead(const config::RealServer& server) {
  return std::any_of(server.checks.begin(), server.checks.end(),
                     [](const config::Check& check) { return is_run(check) && settings_of(check)->alpha; });
}

bool same_check(const config::Check& one, const config::Check& other) {
  if (one.index() != other.index()) return false;
  return unboxed(one, [&](const auto& kind) {
    return unboxed(other, [&](const auto& second) {
      if constexpr (std::is_same_v<decltype(kind), decltype(second)>)
        return same_question(kind, second);
      else
        return false;
    });
  });
}

std::string_view to_string(Layer layer, Kind kind) {
  switch (kind) {
    case Kind::Passed: return layer == Layer::Application ? "passed" : "connected";
    case Kind::Refused: return "refused";
    case Kind::TimedOut: return "timed out";
    case Kind::Unreachable: return "unreachable";
    case Kind::Reset: return "reset";
    case Kind::NotAttempted: return "not attempted";
    case Kind::BadReply: return "bad reply";
    case Kind::BadStatus: return "bad status";
    case Kind::BadContent: return "bad content";
    case Kind::Failed: break;
  }
  return layer == Layer::Tls ? "no TLS" : "failed";
}

}  // namespace hald::checker
