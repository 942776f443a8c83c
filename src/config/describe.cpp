// SPDX-License-Identifier: Apache-2.0
#include "config/describe.h"

namespace hald::config {
namespace {

Item global_defs(const Global& global) {
  return block_item("global_defs", {}, {statement("router_id", {global.router_id})});
}

}  // namespace

Document describe(const Config& config) {
  return {global_defs(config.global)};
}

}  // namespace hald::config
