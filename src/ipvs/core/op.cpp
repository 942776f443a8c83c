// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/op.h"

#include <array>

#include "base/overloaded.h"

namespace hald::ipvs {

const ServiceKey& key_of(const Op& op) {
  return std::visit([](const auto& one) -> const ServiceKey& { return one.key; }, op);
}

std::string_view command_of(const Op& op) {
  static constexpr std::array<std::string_view, std::variant_size_v<Op>> names{
      "NEW_SERVICE(1)", "SET_SERVICE(2)", "DEL_SERVICE(3)", "NEW_DEST(5)", "SET_DEST(6)", "DEL_DEST(7)"};
  return names.at(op.index());
}

std::string target_of(const Op& op) {
  std::string service = config::to_string(key_of(op));
  return std::visit(
      Overloaded{
          [&](const AddDestination& one) { return service + " -> " + one.destination.endpoint.to_string(); },
          [&](const EditDestination& one) { return service + " -> " + one.destination.endpoint.to_string(); },
          [&](const DeleteDestination& one) { return service + " -> " + one.endpoint.to_string(); },
          [&](const auto&) { return service; }},
      op);
}

}  // namespace hald::ipvs
