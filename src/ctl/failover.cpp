// SPDX-License-Identifier: Apache-2.0
#include "ctl/failover.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace hald::ctl {
namespace {

std::string text_of(const boost::json::object& object, const char* member) {
  const auto& value = object.at(member);
  return value.is_null() ? std::string() : std::string(value.as_string());
}

std::string line(const boost::json::object& instance, bool undo) {
  const std::string name = text_of(instance, "name");
  const std::string master = text_of(instance, "master");
  if (undo) return fmt::format("{} takes part by its priority; it is {}\n", name, text_of(instance, "state"));
  if (!instance.at("handed_over").as_bool())
    return fmt::format("{} is {}: {}\n", name, text_of(instance, "state"), text_of(instance, "reason"));
  return fmt::format("{} handed over{}\n", name, master.empty() ? "" : " to " + master);
}

}  // namespace

Result<Failover> read_failover(const std::string& document, bool undo) {
  try {
    const auto root = boost::json::parse(document).as_object();
    if (root.contains("error"))
      return protocol_error(fmt::format("hald: {}", root.at("error").as_string().c_str()));
    Failover out;
    out.done = undo ? !root.at("instances").as_array().empty() : root.at("done").as_bool();
    for (const auto& each : root.at("instances").as_array()) out.text += line(each.as_object(), undo);
    if (!out.done) out.text += fmt::format("not done: {}\n", text_of(root, "reason"));
    return out;
  } catch (const std::exception&) {
    return protocol_error("understand hald's answer");
  }
}

}  // namespace hald::ctl
