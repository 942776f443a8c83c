// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "config/load.h"

namespace hald::config {

std::string render_line(const Diagnostics& diagnostics, const Diagnostic& diagnostic) {
  std::string text = fmt::format("{}: {}", diagnostics.describe(diagnostic.where), diagnostic.message);
  if (!diagnostic.help.empty()) text += "; " + diagnostic.help;
  return fmt::format("{} [{}]", text, diagnostic.code);
}

}  // namespace hald::config
