// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "app/start.h"

int main(int argc, char** argv) {
  try {
    return hald::app::start(argc, argv);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "hald: %s\n", problem.what());
    return 1;
  }
}
