// SPDX-License-Identifier: Apache-2.0
// Whole reads and writes of file descriptors, for small files. They may block: not on the loop, but at the
// start and at the end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hald {

/// At most `size` octets, fewer if the file ends before.
[[nodiscard]] Result<std::string> read_all(int fd, std::size_t size);
/// `path` is for the message only.
[[nodiscard]] Result<void> write_all(int fd, std::string_view bytes, const std::string& path);

}  // namespace hald
