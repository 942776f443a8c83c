// SPDX-License-Identifier: Apache-2.0
// What hald's exit status means; the numbers are keepalived's. Those of -t are in
// config/check.h.
#pragma once

namespace hald::app {

enum ExitStatus : int {
  kExitOk = 0,
  kExitFatal = 1,         ///< could not start or run: the line before says why
  kExitPermission = 4,    ///< a capability is missing; with -t: the file cannot be read
  kExitStrictConfig = 5,  ///< `strict_config` refuses a configuration with errors
  kExitNoConfig = 6,      ///< there is no configuration to run
};

}  // namespace hald::app
