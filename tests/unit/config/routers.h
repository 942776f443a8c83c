// SPDX-License-Identifier: Apache-2.0
// What the tests about virtual routers share: an instance that has all it needs, and what is said of a text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "config/codes.h"
#include "config/load.h"

namespace hald::config {

/// vrrp_instance NAME on eth0, with an address of its own unless `body` brings a block of addresses.
inline std::string instance(const std::string& body = {}, const std::string& name = "A", int vrid = 1) {
  std::string out =
      "vrrp_instance " + name + " {\n interface eth0\n virtual_router_id " + std::to_string(vrid) + "\n";
  if (body.find("virtual_ipaddress {") == std::string::npos)
    out += " virtual_ipaddress {\n 10.0.0." + std::to_string(vrid) + "\n }\n";
  return out + body + "\n}\n";
}

inline Loaded load(const std::string& text, const Machine* machine = nullptr) {
  LoadOptions options;
  options.machine = machine;
  return load_text("global_defs {\n enable_script_security\n script_user nobody\n}\n" + text, "t", options);
}

/// "error code", "complaint code" (a warning that fails the test of a file), "warning code"; no notes, and
/// not that a script is tracked by nobody, which is the linter's business.
inline std::vector<std::string> said(const Loaded& loaded) {
  std::vector<std::string> out;
  for (const Diagnostic& each : loaded.diagnostics.all()) {
    if (each.severity == Severity::Note || each.code == code::kUnusedScript) continue;
    const bool is_error = each.severity == Severity::Error;
    const char* kind = is_error ? "error " : each.verdict == Verdict::Clean ? "warning " : "complaint ";
    out.push_back(kind + each.code);
  }
  return out;
}

/// The first entry of a code, which must be there.
inline Diagnostic entry(const Loaded& loaded, std::string_view code) {
  for (const Diagnostic& each : loaded.diagnostics.all()) {
    if (each.code == code) return each;
  }
  ADD_FAILURE() << "nothing says " << code;
  return {};
}

using Said = std::vector<std::string>;

/// The first instance of a text, which must have one.
inline VrrpInstance first(const Loaded& loaded) {
  EXPECT_FALSE(loaded.config->instances.empty());
  return loaded.config->instances.empty() ? VrrpInstance{} : loaded.config->instances.front();
}

}  // namespace hald::config
