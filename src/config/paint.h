// SPDX-License-Identifier: Apache-2.0
// Colours for messages on a terminal, and the one decision whether there are any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hald::config {

enum class Style : std::uint8_t { Error, Warning, Note, Help, Gutter, Strong };

class Paint {
 public:
  explicit Paint(bool on = false) : on_(on) {}
  [[nodiscard]] std::string operator()(Style style, std::string_view text) const;

 private:
  bool on_;
};

enum class ColorWhen : std::uint8_t { Auto, Always, Never };

/// "auto", "always", "never"; nothing for anything else.
[[nodiscard]] std::optional<ColorWhen> color_when(std::string_view text);

/// Auto means: `descriptor` is a terminal that can, and NO_COLOR is not set (https://no-color.org).
[[nodiscard]] bool use_color(ColorWhen when, int descriptor);

}  // namespace hald::config
