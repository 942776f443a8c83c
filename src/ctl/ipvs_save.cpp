// SPDX-License-Identifier: Apache-2.0
#include "ctl/ipvs_save.h"

#include <algorithm>

#include "ipvs/core/rules.h"

namespace hald::ctl {
namespace {

/// A table that changes all the time is not walked for ever.
constexpr int kWalks = 5;

Result<std::vector<ipvs::Service>> walk_once(ipvs::Kernel& kernel) {
  auto dump = kernel.dump_services();
  if (!dump) return dump.error();
  std::vector<ipvs::Service> out;
  for (;;) {
    const auto more = (*dump)->next(out);
    if (!more) return more.error();
    if (!*more) return out;
  }
}

Result<std::vector<ipvs::Service>> walk(ipvs::Kernel& kernel) {
  for (int walks = 1;; ++walks) {
    auto found = walk_once(kernel);
    if (found || walks == kWalks || found.error().code != std::errc::interrupted) return found;
  }
}

}  // namespace

Result<std::string> saved_rules(ipvs::Kernel& kernel) {
  auto services = walk(kernel);
  if (!services) return services.error();
  std::sort(services->begin(), services->end(), [](const ipvs::Service& left, const ipvs::Service& right) {
    return ipvs::listed_before(left.key, right.key);
  });
  std::string out;
  for (const ipvs::Service& listed : *services) {
    const auto service = kernel.read_service(listed.key);
    if (!service) return service.error();
    if (!*service) continue;  // deleted in between
    const auto rules = ipvs::rules_of(**service);
    if (!rules) return rules.error();
    for (const std::string& rule : *rules) out += rule + '\n';
  }
  return out;
}

}  // namespace hald::ctl
