// SPDX-License-Identifier: Apache-2.0
// What is printed of a configuration must parse to the same configuration: --dump-config is only worth
// something if nothing gets lost on the way. For golden, corpus and fuzz tests.
#pragma once

#include <set>
#include <sstream>
#include <string>

#include <fmt/format.h>

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

/// What got lost on the way; empty if nothing did. Goes round twice: the first time may hide what the second
/// one shows.
inline std::string broken_round_trip(const config::Config& config) {
  const std::string first = config::to_conf(config::describe(config));
  const auto again = config::load_text(first, "printed");
  const std::string second = config::to_conf(config::describe(*again.config));
  if (second != first) {
    return fmt::format("printed again:\n{}\nsaid:\n{}\n", difference(first, second),
                       config::report(again.diagnostics));
  }
  if (!(config == *again.config)) return "prints the same, but is not equal:\n" + first;
  if (!(config == *config::load_text(second, "printed").config))
    return "not equal the second time:\n" + first;
  return {};
}

}  // namespace hald::fakes
