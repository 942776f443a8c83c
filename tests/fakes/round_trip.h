// SPDX-License-Identifier: Apache-2.0
// What a configuration must be equal to after it was printed as a file and read again.
#pragma once

#include <algorithm>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "config/describe.h"
#include "config/load.h"
#include "config/render.h"

namespace hald::fakes {

/// The lines that only one of the texts has.
inline std::string difference(const std::string& a, const std::string& b) {
  const auto lines = [](const std::string& text) {
    std::multiset<std::string> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) out.insert(line);
    return out;
  };
  const auto in_a = lines(a);
  const auto in_b = lines(b);
  std::string out;
  for (const auto& line : in_a) out += in_b.count(line) < in_a.count(line) ? "-" + line + "\n" : "";
  for (const auto& line : in_b) out += in_a.count(line) < in_b.count(line) ? "+" + line + "\n" : "";
  return out;
}

/// BFD sessions are not printed, so neither can what refers to them be read again.
inline bool tracks_bfd(const config::Config& config) {
  return std::any_of(config.instances.begin(), config.instances.end(),
                     [](const config::VrrpInstance& each) { return !each.track.bfds.empty(); });
}

inline void expect_round_trip(const config::Config& before) {
  if (tracks_bfd(before)) return;
  const std::string text = config::to_conf(config::describe(before));
  const auto again = config::load_text(text, "printed");
  const config::Config& after = *again.config;
  const bool same =
      before.global == after.global && before.instances == after.instances &&
      before.sync_groups == after.sync_groups && before.track_scripts == after.track_scripts &&
      before.track_files == after.track_files && before.track_processes == after.track_processes &&
      before.track_groups == after.track_groups && before.static_addresses == after.static_addresses &&
      before.static_routes == after.static_routes && before.static_rules == after.static_rules &&
      before.garp_groups == after.garp_groups && before.linkbeat_interfaces == after.linkbeat_interfaces &&
      before.interface_delays == after.interface_delays;
  EXPECT_TRUE(same) << difference(text, config::to_conf(config::describe(after)))
                    << config::report(again.diagnostics);
}

}  // namespace hald::fakes
