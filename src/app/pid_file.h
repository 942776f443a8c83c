// SPDX-License-Identifier: Apache-2.0
// A pid file as keepalived writes it: "PID\n", held with an open-file-description lock while hald runs, so
// that a file left behind by a crash is no obstacle and a running hald is.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace hald::app {

class PidFile {
 public:
  /// Takes the file for this process. EALREADY: another process holds it (the message names its pid).
  [[nodiscard]] static Result<PidFile> take(const std::string& path);
  /// Who holds it; nothing: nobody does.
  [[nodiscard]] static std::optional<int> holder(const std::string& path);
  PidFile(PidFile&& other) noexcept = default;
  PidFile& operator=(PidFile&& other) noexcept = default;
  /// Removes the file.
  ~PidFile();

 private:
  PidFile(std::string path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  UniqueFd fd_;
};

}  // namespace hald::app
