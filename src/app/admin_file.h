// SPDX-License-Identifier: Apache-2.0
// The file that keeps what operators ordered of real servers: one line that says what it is, then one JSON
// object a line and an order. A line that makes no sense costs its own order and nothing else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ipvs/core/admin.h"

namespace hald::app {

struct AdminFile {
  ipvs::AdminBook book;
  std::vector<std::string> complaints;  ///< what could not be read, and where
};

[[nodiscard]] std::string encode_admin(const ipvs::AdminBook& book);
[[nodiscard]] AdminFile decode_admin(std::string_view text);

/// An empty book if there is no file.
[[nodiscard]] Result<AdminFile> read_admin(const std::string& path);
/// Whole or not at all, and on the disk when it returns. Makes the folder if it is missing.
[[nodiscard]] Result<void> write_admin(const std::string& path, const std::string& text);

}  // namespace hald::app
