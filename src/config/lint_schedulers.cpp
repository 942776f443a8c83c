// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/lint.h"

namespace hald::config {
namespace {

/// Hashing schedulers keep sending clients to a server of weight 0 or one that is overloaded, unless told not
/// to.
void fallback(const Service& service, const std::string& name, Diagnostics& diagnostics) {
  const bool hashes = service.scheduler == "mh" || service.scheduler == "sh";
  if (!hashes || (service.scheduler_flags & scheduler_flag::First) != 0) return;
  diagnostics.warning(
      service.where, code::kNoFallback,
      fmt::format("{} is scheduled by {} without {}-fallback: clients of a server with weight 0 are refused",
                  name, service.scheduler, service.scheduler),
      fmt::format("write {}-fallback", service.scheduler));
}

}  // namespace

namespace lint_parts {

void schedulers(const Config& config, Diagnostics& diagnostics) {
  for (const VirtualServer& service : config.virtual_servers)
    fallback(service, to_string(service.key), diagnostics);
  for (const GroupServer& service : config.group_servers) fallback(service, name_of(service), diagnostics);
}

}  // namespace lint_parts
}  // namespace hald::config
