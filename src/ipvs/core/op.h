// SPDX-License-Identifier: Apache-2.0
// Op: one change of the IPVS table, as the kernel understands it (one generic-netlink message). Diffs yield
// Ops, kernels execute them, error lines name them.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ipvs/core/table.h"

namespace hald::ipvs {

/// The service itself, without destinations.
struct AddService {
  ServiceKey key;
  ServiceSettings settings;
  friend bool operator==(const AddService&, const AddService&) = default;
};
/// Replaces all settings in place: connections and counters stay.
struct EditService {
  ServiceKey key;
  ServiceSettings settings;
  friend bool operator==(const EditService&, const EditService&) = default;
};
/// Takes the destinations along.
struct DeleteService {
  ServiceKey key;
  friend bool operator==(const DeleteService&, const DeleteService&) = default;
};
struct AddDestination {
  ServiceKey key;
  Destination destination;
  friend bool operator==(const AddDestination&, const AddDestination&) = default;
};
/// Replaces all but the endpoint in place: connections stay.
struct EditDestination {
  ServiceKey key;
  Destination destination;
  friend bool operator==(const EditDestination&, const EditDestination&) = default;
};
struct DeleteDestination {
  ServiceKey key;
  Endpoint endpoint;
  friend bool operator==(const DeleteDestination&, const DeleteDestination&) = default;
};

using Op =
    std::variant<AddService, EditService, DeleteService, AddDestination, EditDestination, DeleteDestination>;
using Ops = std::vector<Op>;

/// The service an Op changes.
[[nodiscard]] const ServiceKey& key_of(const Op& op);
/// The kernel's name and number of the command: "NEW_DEST(5)".
[[nodiscard]] std::string_view command_of(const Op& op);
/// What it changes, as keepalived's error lines name it: "[10.0.0.3]:tcp:80 -> 10.0.0.7:80".
[[nodiscard]] std::string target_of(const Op& op);

}  // namespace hald::ipvs
