// SPDX-License-Identifier: Apache-2.0
// Diagnostics for programs: one document, version 1. Members are added and never removed or given another
// meaning; every member is always there. Lines and columns are 0 where a file as a whole is meant; columns
// and lengths are bytes.
#include <boost/json.hpp>

#include "config/pretty_json.h"
#include "config/render.h"
#include "config/utf8.h"

namespace hald::config {
namespace {

namespace json = boost::json;

void put_place(const Diagnostics& diagnostics, const Position& where, json::object& into) {
  Position file_only;
  file_only.file = where.file;
  into["file"] = diagnostics.describe(file_only);
  into["line"] = where.line;
  into["column"] = where.column;
  into["length"] = where.length;
}

json::object object_of(const Diagnostics& diagnostics, const Diagnostic& diagnostic) {
  json::object out;
  out["severity"] = to_string(diagnostic.severity);
  out["code"] = diagnostic.code;
  out["message"] = printable(diagnostic.message);
  put_place(diagnostics, diagnostic.where, out);
  out["help"] = printable(diagnostic.help);
  json::array remarks;
  for (const Remark& each : diagnostic.remarks) {
    json::object remark;
    remark["message"] = printable(each.message);
    put_place(diagnostics, each.where, remark);
    remarks.push_back(std::move(remark));
  }
  out["remarks"] = std::move(remarks);
  out["verdict"] = to_string(diagnostic.verdict);
  return out;
}

/// Totals over all files, what is not shown included.
json::object summary(const std::vector<Checked>& files) {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t notes = 0;
  json::object dropped;
  json::array names;
  Verdict verdict = Verdict::Clean;
  int exit_status = 0;
  for (const Checked& each : files) {
    const Diagnostics& diagnostics = *each.diagnostics;
    errors += diagnostics.count(Severity::Error);
    warnings += diagnostics.count(Severity::Warning);
    notes += diagnostics.count(Severity::Note);
    for (const auto& [code, count] : diagnostics.dropped_by_code()) {
      json::value& total = dropped[code];
      total = (total.is_uint64() ? total.get_uint64() : 0U) + static_cast<std::uint64_t>(count);
    }
    names.emplace_back(printable(each.file));
    verdict = std::max(verdict, diagnostics.verdict());
    exit_status = std::max(exit_status, each.exit_status);
  }
  json::object out;
  out["files"] = std::move(names);
  out["errors"] = errors;
  out["warnings"] = warnings;
  out["notes"] = notes;
  out["not_shown"] = std::move(dropped);
  out["verdict"] = to_string(verdict);
  out["exit_status"] = exit_status;
  return out;
}

}  // namespace

std::string report_json(const std::vector<Checked>& files) {
  json::array diagnostics;
  for (const Checked& each : files) {
    for (const Diagnostic& one : each.diagnostics->all())
      diagnostics.push_back(object_of(*each.diagnostics, one));
  }
  json::object root;
  root["version"] = 1;
  root["diagnostics"] = std::move(diagnostics);
  root["summary"] = summary(files);
  return pretty(root);
}

}  // namespace hald::config
