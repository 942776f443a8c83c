// SPDX-License-Identifier: Apache-2.0
// The command line of haldctl.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "config/render.h"
#include "ctl/client.h"

namespace hald::ctl {

enum ExitStatus : int {
  kDone = 0,
  kRefused = 1,      ///< hald's answer is an error
  kUsage = 2,        ///< wrong usage
  kUnreachable = 3,  ///< hald cannot be reached
};

struct Options {
  std::string socket = kDefaultSocket;
  bool json = false;
  bool compat = false;
  bool undo = false;
  bool wait = false;
  std::string service;
  std::string until;
  std::string why;
  config::Format format = config::Format::Human;
  config::ColorWhen color = config::ColorWhen::Auto;
  std::string config_id;
  std::string command;
  std::vector<std::string> words;  ///< behind the command
};

/// The program is done already: `text` goes to standard error if `status` is not 0.
struct Finished {
  int status = kDone;
  std::string text;
};

[[nodiscard]] std::variant<Options, Finished> parse_options(int argc, char** argv);

[[nodiscard]] Finished wrong_usage(const std::string& message);

}  // namespace hald::ctl
