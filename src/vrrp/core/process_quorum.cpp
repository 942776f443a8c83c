// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/process_quorum.h"

#include <string>

namespace hald::vrrp {
namespace {

bool parameters_match(const config::TrackProcess& wanted, std::string_view parameters) {
  using Match = config::TrackProcess::Match;
  std::string all;
  for (const auto& each : wanted.parameters) all += each + '\0';
  switch (wanted.match) {
    case Match::None: return true;
    case Match::Exact: return parameters == all;
    // compat: "partial" means that the first parameters are these, "initial" that the last of these may go
    // on.
    case Match::Partial: return parameters.substr(0, all.size()) == all;
    case Match::Initial: break;
  }
  if (!all.empty()) all.pop_back();
  return parameters.substr(0, all.size()) == all;
}

}  // namespace

bool matches(const config::TrackProcess& wanted, std::string_view name, std::string_view command_line) {
  if (!wanted.full_command) return name == wanted.path;
  const std::size_t end = command_line.find('\0');
  if (command_line.substr(0, end) != wanted.path) return false;
  return parameters_match(wanted,
                          end == std::string_view::npos ? std::string_view() : command_line.substr(end + 1));
}

ProcessQuorum fold(const config::TrackProcess& wanted, const ProcessQuorum& before, unsigned count,
                   TimePoint now) {
  ProcessQuorum out = before;
  out.count = count;
  const bool enough = count >= wanted.quorum && count <= wanted.quorum_max.value_or(count);
  if (!before.known || enough == before.good) {
    out.known = true;
    out.good = enough;
    out.turns_at.reset();
    return out;
  }
  const Duration grace = count > before.count ? wanted.fork_delay : wanted.terminate_delay;
  if (!out.turns_at) out.turns_at = now + grace;
  if (now < *out.turns_at) return out;
  out.good = enough;
  out.turns_at.reset();
  return out;
}

}  // namespace hald::vrrp
