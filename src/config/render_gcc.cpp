// SPDX-License-Identifier: Apache-2.0
// Diagnostics for editors and continuous integration: one line each, in the form that gcc has made a habit.
// Every line has a place, because that is what its readers look for: a file as a whole is its first column.
#include <algorithm>

#include <fmt/format.h>

#include "config/render.h"
#include "config/utf8.h"

namespace hald::config {
namespace {

std::string line_of(const Diagnostics& diagnostics, Position where, std::string_view kind,
                    std::string_view message, std::string_view code) {
  where.line = std::max(where.line, 1U);
  where.column = std::max(where.column, 1U);
  return fmt::format("{}: {}: {} [{}]\n", diagnostics.describe(where), kind, printable(message), code);
}

}  // namespace

std::string report_gcc(const std::vector<Checked>& files) {
  std::string out;
  for (const Checked& each : files) {
    const Diagnostics& diagnostics = *each.diagnostics;
    for (const Diagnostic& one : diagnostics.all())
      out += line_of(diagnostics, one.where, to_string(one.severity), one.message, one.code);
    for (const auto& [code, count] : diagnostics.dropped_by_code())
      out += line_of(diagnostics, {}, "note", fmt::format("{} more of this kind are not shown", count), code);
  }
  return out;
}

}  // namespace hald::config
