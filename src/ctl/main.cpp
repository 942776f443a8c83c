// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "ctl/commands.h"
#include "ctl/ipvsadm.h"

int main(int argc, char** argv) {
  try {
    if (const auto status = hald::ctl::run_as_ipvsadm(argc, argv)) return *status;
    const auto parsed = hald::ctl::parse_options(argc, argv);
    if (const auto* finished = std::get_if<hald::ctl::Finished>(&parsed)) {
      fmt::print(finished->status == 0 ? stdout : stderr, "{}", finished->text);
      return finished->status;
    }
    return hald::ctl::run_command(std::get<hald::ctl::Options>(parsed));
  } catch (const std::exception& problem) {
    fmt::print(stderr, "haldctl: {}\n", problem.what());
    return hald::ctl::kRefused;
  }
}
