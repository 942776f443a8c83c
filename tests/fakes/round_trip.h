// SPDX-License-Identifier: Apache-2.0
// What a configuration must be equal to after it was printed as a file and read again.
#pragma once

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

inline void expect_round_trip(const config::Config& before) {
  const std::string text = config::to_conf(config::describe(before));
  const auto again = config::load_text(text, "printed");
  EXPECT_TRUE(before == *again.config) << difference(text, config::to_conf(config::describe(*again.config)))
                                       << config::report(again.diagnostics);
}

}  // namespace hald::fakes
