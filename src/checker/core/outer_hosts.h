// SPDX-License-Identifier: Apache-2.0
// OuterHosts: the virtualhosts around a check, for one that has none of its own.
#pragma once

#include <string_view>

namespace hald::checker {

struct OuterHosts {
  std::string_view server{};   ///< of the real server
  std::string_view service{};  ///< of the virtual server
};

}  // namespace hald::checker
