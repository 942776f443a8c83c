// SPDX-License-Identifier: Apache-2.0
#include "checker/core/check.h"

#include "base/overloaded.h"

namespace hald::checker {

std::string_view type_name(const config::Check& check) {
  return std::visit(Overloaded{[](const config::TcpCheck&) { return "TCP_CHECK"; }}, check);
}

const Endpoint& target_of(const config::Check& check) {
  return std::visit([](const auto& kind) -> const Endpoint& { return kind.target; }, check);
}

const config::CheckTiming& timing_of(const config::Check& check) {
  return std::visit([](const auto& kind) -> const config::CheckTiming& { return kind.timing; }, check);
}

bool same_check(const config::Check& one, const config::Check& other) {
  if (one.index() != other.index()) return false;
  return std::visit(Overloaded{[&](const config::TcpCheck& tcp) {
                      const auto& second = std::get<config::TcpCheck>(other);
                      return tcp.target == second.target && tcp.bind == second.bind;
                    }},
                    one);
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::Passed: return "connected";
    case Kind::Refused: return "refused";
    case Kind::TimedOut: return "timed out";
    case Kind::Unreachable: return "unreachable";
    case Kind::Reset: return "reset";
    case Kind::NotAttempted: return "not attempted";
    case Kind::Failed: break;
  }
  return "failed";
}

}  // namespace hald::checker
