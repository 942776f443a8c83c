// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "config/load.h"

namespace hald::config {
namespace {

std::string place_of(const Diagnostics& diagnostics, const Position& where) {
  const auto& files = diagnostics.files();
  const std::string file = where.file < files.size() ? files[where.file] : std::string("configuration");
  if (where.line == 0) return file;
  return fmt::format("{}:{}:{}", file, where.line, where.column);
}

}  // namespace

std::string render_line(const Diagnostics& diagnostics, const Diagnostic& diagnostic) {
  std::string text = fmt::format("{}: {}", place_of(diagnostics, diagnostic.where), diagnostic.message);
  if (!diagnostic.help.empty()) text += "; " + diagnostic.help;
  return fmt::format("{} [{}]", text, diagnostic.code);
}

}  // namespace hald::config
