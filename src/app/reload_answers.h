// SPDX-License-Identifier: Apache-2.0
// Those who asked for a reload over the control socket and wait for its outcome. Whoever asks while a reload
// is under way waits for the one after it: the file may have changed since it was read.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "control/server.h"

namespace hald::app {

struct ReloadOutcome {
  bool applied = false;
  std::string text;  ///< what changed, or why nothing did
};

/// One JSON document, version 1: applied, file, changes, reason, errors, warnings, notes, report (the gravest
/// messages as `hald -t` shows them).
[[nodiscard]] std::string reload_document(const ReloadOutcome& outcome, const std::string& file,
                                          const config::Diagnostics& diagnostics);

class ReloadAnswers {
 public:
  /// The answer to somebody who asks now.
  [[nodiscard]] std::unique_ptr<control::Document> wait();
  /// The reload that begins now is the one that all those wait for who have asked so far.
  void begin();
  /// It is over, and this is its outcome.
  void finish(const std::string& document);

 private:
  class Answer;
  struct Waiting {
    bool done = false;
    std::string text;
    std::function<void()> ready;
  };
  std::vector<std::weak_ptr<Waiting>> next_;
  std::vector<std::weak_ptr<Waiting>> current_;
};

}  // namespace hald::app
