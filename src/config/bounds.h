// SPDX-License-Identifier: Apache-2.0
// Reading a range of numbers as iproute2 writes it, for rules: user ids and ports.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "config/model_route.h"

namespace hald::config {

/// FIRST-LAST or one number, decimal; nothing if it is neither. Which end is greater is not looked at.
template <typename T>
std::optional<Bounds<T>> parse_bounds(std::string_view text) {
  Bounds<T> out;
  const auto dash = std::min(text.find('-'), text.size());
  const auto number = [](std::string_view part, T& into) {
    const auto* end = part.data() + part.size();
    const auto [stop, failure] = std::from_chars(part.data(), end, into);
    return failure == std::errc{} && stop == end;
  };
  if (!number(text.substr(0, dash), out.first)) return {};
  if (dash == text.size()) {
    out.last = out.first;
    return out;
  }
  if (!number(text.substr(dash + 1), out.last)) return {};
  return out;
}

}  // namespace hald::config
