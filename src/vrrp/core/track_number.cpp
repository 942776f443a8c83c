// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/track_number.h"

#include <cerrno>
#include <cstdlib>
#include <limits>

namespace hald::vrrp {

std::optional<std::int64_t> read_track_number(const std::string& text) {
  using Limits = std::numeric_limits<std::int32_t>;
  errno = 0;
  const std::int64_t number = std::strtoll(text.c_str(), nullptr, 0);
  // compat: one more than the greatest 32-bit number is taken.
  if (errno != 0 || number < Limits::min() || number > std::int64_t{Limits::max()} + 1) return std::nullopt;
  return number;
}

}  // namespace hald::vrrp
