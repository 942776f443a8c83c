// SPDX-License-Identifier: Apache-2.0
// InotifyFiles: real files. It is the folder that is watched, so that a file may come, go and be replaced.
// What inotify cannot tell (a folder that is not there yet, a link to elsewhere that is turned round) is
// looked at again every few seconds.
#pragma once

#include <memory>

#include "base/log.h"
#include "base/scheduler.h"
#include "proc/watched_files.h"

namespace boost::asio {
class io_context;
}

namespace hald::proc {

class InotifyFiles final : public WatchedFiles {
 public:
  InotifyFiles(boost::asio::io_context& io, Scheduler& scheduler, log::Logger& log);
  ~InotifyFiles() override;

  [[nodiscard]] std::unique_ptr<Watch> watch(const std::string& path, std::function<void()> changed) override;
  [[nodiscard]] std::optional<std::string> read(const std::string& path, std::size_t most) override;
  [[nodiscard]] Result<void> create(const std::string& path, const std::string& text,
                                    bool overwrite) override;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace hald::proc
