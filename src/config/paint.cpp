// SPDX-License-Identifier: Apache-2.0
#include "config/paint.h"

#include <unistd.h>

#include <cstdlib>

#include <fmt/format.h>

namespace hald::config {
namespace {

const char* code_of(Style style) {
  switch (style) {
    case Style::Error: return "1;31";
    case Style::Warning: return "1;33";
    case Style::Note: return "1;32";
    case Style::Help: return "1;36";
    case Style::Gutter: return "1;34";
    case Style::Strong: break;
  }
  return "1";
}

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : value;
}

}  // namespace

std::string Paint::operator()(Style style, std::string_view text) const {
  if (!on_ || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(style), text);
}

std::optional<ColorWhen> color_when(std::string_view text) {
  if (text == "auto") return ColorWhen::Auto;
  if (text == "always") return ColorWhen::Always;
  if (text == "never") return ColorWhen::Never;
  return std::nullopt;
}

bool use_color(ColorWhen when, int descriptor) {
  if (when != ColorWhen::Auto) return when == ColorWhen::Always;
  if (!variable("NO_COLOR").empty() || variable("TERM") == "dumb") return false;
  return ::isatty(descriptor) == 1;
}

}  // namespace hald::config
