// SPDX-License-Identifier: Apache-2.0
#include "config/describe.h"

#include "config/build_global.h"

namespace hald::config {
Document describe(const Config& config) {
  Document out;
  print_global(config.global, out);
  return out;
}

}  // namespace hald::config
