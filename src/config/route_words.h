// SPDX-License-Identifier: Apache-2.0
// Names of numbers in routes and rules that are the same on every system.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hald::config {

/// RTN_*: a name, or a number up to 255.
[[nodiscard]] std::optional<std::uint8_t> parse_route_type(std::string_view text);
[[nodiscard]] std::string route_type_text(std::uint8_t type);

/// A name only.
[[nodiscard]] std::optional<std::uint8_t> parse_ip_protocol(std::string_view name);
/// The name, or the number of one without.
[[nodiscard]] std::string ip_protocol_text(std::uint8_t number);

}  // namespace hald::config
