// SPDX-License-Identifier: Apache-2.0
#include "config/describe.h"

#include "config/build_bfd.h"
#include "config/build_global.h"
#include "config/build_lvs.h"
#include "config/build_route.h"
#include "config/build_virtual_routers.h"

namespace hald::config {

Document describe(const Config& config) {
  Document out;
  print_global(config.global, out);
  print_bfd(config.bfd_instances, out);
  print_virtual_routers(config, out);
  print_routes("static_routes", config.static_routes, out);
  print_rules("static_rules", config.static_rules, out);
  print_lvs(config, out);
  return out;
}

}  // namespace hald::config
