// SPDX-License-Identifier: Apache-2.0
// Budget: how much macros may make of a configuration. A few lines can ask for more text than any machine
// holds; beyond these bounds, which no sane configuration comes near, nothing is expanded any more.
#pragma once

#include <cstddef>

namespace hald::config {

struct ExpansionLimits {
  std::size_t lines = 1'000'000;       ///< made of definitions of several lines, ~SEQ and ~LST
  std::size_t bytes = 64UL << 20U;     ///< of lines in which something was replaced
  std::size_t references = 5'000'000;  ///< replaced
  std::size_t includes = 100'000;      ///< include lines
};

class Budget {
 public:
  explicit Budget(const ExpansionLimits& limits) : left_(limits) {}

  // Each says whether it was still to be had.
  bool line() { return take(left_.lines, 1); }
  bool text(std::size_t bytes) { return take(left_.bytes, bytes); }
  bool reference() { return take(left_.references, 1); }
  bool include() { return take(left_.includes, 1); }
  [[nodiscard]] bool spent() const { return spent_; }

 private:
  bool take(std::size_t& left, std::size_t amount) {
    if (amount > left) spent_ = true;
    if (!spent_) left -= amount;
    return !spent_;
  }

  ExpansionLimits left_;
  bool spent_ = false;
};

}  // namespace hald::config
