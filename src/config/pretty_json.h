// SPDX-License-Identifier: Apache-2.0
// JSON for people to read: indented, one member a line, lists of plain values on one line. Machines take it
// too.
#pragma once

#include <string>

#include <boost/json/fwd.hpp>

namespace hald::config {

/// Ends in a line end.
[[nodiscard]] std::string pretty(const boost::json::value& value);

}  // namespace hald::config
