// SPDX-License-Identifier: Apache-2.0
// Table: rows of text with columns as wide as they need to be.
#pragma once

#include <string>
#include <vector>

namespace hald::ctl {

class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}
  /// A row may be shorter than the header; the last column is never padded.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] bool empty() const { return rows_.size() == 1; }
  [[nodiscard]] std::string to_string() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace hald::ctl
