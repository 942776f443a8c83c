// SPDX-License-Identifier: Apache-2.0
// The number that a tracked file holds. Whoever writes it is not trusted: what is no number counts as 0, what
// is beyond 32 bits as nothing at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hald::vrrp {

/// More of a file is never looked at.
constexpr std::size_t track_number_bytes = 127;

/// Decimal, octal (0...) or hexadecimal (0x...), behind blanks; what follows the number is ignored. Nothing
/// if it is out of range: the number before it stays.
[[nodiscard]] std::optional<std::int64_t> read_track_number(const std::string& text);

}  // namespace hald::vrrp
