// SPDX-License-Identifier: Apache-2.0
#include "ctl/reload.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace hald::ctl {

Result<Reload> read_reload(const std::string& document) {
  try {
    const auto root = boost::json::parse(document).as_object();
    if (root.contains("error"))
      return protocol_error(fmt::format("hald: {}", root.at("error").as_string().c_str()));
    const auto text = [&](const char* member) { return std::string(root.at(member).as_string()); };
    if (root.at("applied").as_bool())
      return Reload{true, fmt::format("{}reloaded: {}\n", text("report"), text("changes"))};
    return Reload{false, fmt::format("{}not reloaded, the running configuration stays: {}\n", text("report"),
                                     text("reason"))};
  } catch (const std::exception&) {
    return protocol_error("understand hald's answer");
  }
}

}  // namespace hald::ctl
