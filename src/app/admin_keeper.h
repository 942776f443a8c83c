// SPDX-License-Identifier: Apache-2.0
// AdminKeeper: keeps the orders of operators in their file. A helper thread writes; what is still to be
// written when hald ends is written then.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/admin_file.h"
#include "base/log.h"
#include "base/scheduler.h"
#include "proc/helper_threads.h"

namespace hald::app {

class AdminKeeper {
 public:
  /// The references must outlive it.
  AdminKeeper(boost::asio::io_context& io, log::Logger& logger, std::string path);
  AdminKeeper(const AdminKeeper&) = delete;
  AdminKeeper& operator=(const AdminKeeper&) = delete;
  ~AdminKeeper();

  /// At the start. What cannot be read is said and, if anything was lost, the file is kept beside.
  [[nodiscard]] ipvs::AdminBook load();
  /// These are the orders now.
  void keep(const ipvs::AdminBook& book);

  /// Nothing is left to be written.
  [[nodiscard]] bool settled() const { return !busy_ && !next_; }
  /// Why the last try to write failed; empty: it did not.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  void write();
  void written(const Result<void>& result);
  void put_aside(const std::string& why);

  log::Logger& logger_;
  const std::string path_;
  std::shared_ptr<const ipvs::AdminBook> next_;
  std::shared_ptr<const ipvs::AdminBook> under_way_;
  bool busy_ = false;
  std::string failure_;
  std::unique_ptr<proc::HelperThreads> helper_;
};

}  // namespace hald::app
