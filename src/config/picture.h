// SPDX-License-Identifier: Apache-2.0
// Picture: a line of the operator's text and, under it, the marks below the exact characters. Both are built
// side by side, because a character may be shown as an escape or take two columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "config/diagnostics.h"

namespace hald::config {

class Picture {
 public:
  Picture(const Excerpt& excerpt, const Position& where);

  [[nodiscard]] const std::string& line() const { return line_; }
  [[nodiscard]] std::size_t indent() const { return marks_.find_first_not_of(' '); }
  /// "^~~~", to be set `indent` columns in.
  [[nodiscard]] std::string marks() const;

 private:
  std::size_t show(std::string_view rest, bool marked);

  std::string line_;
  std::string marks_;
  bool started_ = false;
};

}  // namespace hald::config
