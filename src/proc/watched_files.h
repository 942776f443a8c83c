// SPDX-License-Identifier: Apache-2.0
// WatchedFiles: small files that somebody else writes, as the shells see them. Production is InotifyFiles;
// tests use fakes::FakeFiles.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

namespace hald::proc {

class WatchedFiles {
 public:
  /// Ends when destroyed.
  class Watch {
   public:
    Watch() = default;
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    virtual ~Watch() = default;
  };

  WatchedFiles() = default;
  WatchedFiles(const WatchedFiles&) = delete;
  WatchedFiles& operator=(const WatchedFiles&) = delete;
  virtual ~WatchedFiles() = default;

  /// Calls `changed` after the file was written, came, went or was replaced, also by another one that a link
  /// leads to, and sometimes for nothing. Its folder need not exist yet.
  [[nodiscard]] virtual std::unique_ptr<Watch> watch(const std::string& path,
                                                     std::function<void()> changed) = 0;
  /// The beginning of a plain file; nothing if there is none that can be read.
  [[nodiscard]] virtual std::optional<std::string> read(const std::string& path, std::size_t most) = 0;
  /// Writes a plain file. One that is there stays as it is unless `overwrite`.
  [[nodiscard]] virtual Result<void> create(const std::string& path, const std::string& text,
                                            bool overwrite) = 0;
};

}  // namespace hald::proc
