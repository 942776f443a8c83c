// SPDX-License-Identifier: Apache-2.0
// What all formats share.
#include "config/render.h"

#include <map>

#include <fmt/format.h>

#include "config/utf8.h"

namespace hald::config {

std::optional<Format> format_of(std::string_view name) {
  if (name == "human") return Format::Human;
  if (name == "json") return Format::Json;
  if (name == "gcc") return Format::Gcc;
  return std::nullopt;
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::Warning: return "warning";
    case Severity::Note: return "note";
    case Severity::Error: break;
  }
  return "error";
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::Complaint: return "complaint";
    case Verdict::Security: return "security";
    case Verdict::Clean: break;
  }
  return "clean";
}

std::string report(const std::vector<Checked>& files, Format format, bool color) {
  switch (format) {
    case Format::Json: return report_json(files);
    case Format::Gcc: return report_gcc(files);
    case Format::Human: break;
  }
  return report_human(files, Paint(color));
}

std::string report(const Diagnostics& diagnostics, bool color) {
  return report_human({{{}, &diagnostics, 0}}, Paint(color));
}

std::string render_line(const Diagnostics& diagnostics, const Diagnostic& diagnostic) {
  std::string text =
      fmt::format("{}: {}", diagnostics.describe(diagnostic.where), printable(diagnostic.message));
  if (!diagnostic.help.empty()) text += "; " + printable(diagnostic.help);
  return fmt::format("{} [{}]", text, diagnostic.code);
}

std::string summary_of(const std::vector<Checked>& files) {
  std::map<Severity, std::size_t> counts;
  Diagnostics::Counts dropped;
  for (const Checked& each : files) {
    for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Note})
      counts[severity] += each.diagnostics->count(severity);
    for (const auto& [code, count] : each.diagnostics->dropped_by_code()) dropped[code] += count;
  }
  std::string out;
  for (const auto& [severity, count] : counts) {
    if (count > 0)
      out += fmt::format("{}{} {}{}", out.empty() ? "" : ", ", count, to_string(severity),
                         count == 1 ? "" : "s");
  }
  for (const auto& [code, count] : dropped) out += fmt::format("; {} of {} not shown", count, code);
  return out;
}

}  // namespace hald::config
