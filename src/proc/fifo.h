// SPDX-License-Identifier: Apache-2.0
// Fifo: a named pipe that gets one line for each change of state. It is made if it is not there, and removed
// at the end if it was made here. A line is written whole or not at all: a reader that is slow or gone costs
// lines, which are counted, and never time.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "proc/spawner.h"

namespace hald::proc {

struct FifoSettings {
  std::string path;
  std::optional<uid_t> owner;  ///< of a new one; without: whom hald runs as
  std::optional<gid_t> group;
  std::optional<Command> reader;  ///< started before the FIFO is opened, with the path as its last word

  friend bool operator==(const FifoSettings&, const FifoSettings&) = default;
};

class Fifo {
 public:
  struct Counters {
    unsigned long written = 0;
    unsigned long dropped = 0;
  };

  /// Fails if the path is something else than a FIFO of ours or of `owner`: what a stranger put there may be
  /// a trap. A link is never followed.
  [[nodiscard]] static Result<std::unique_ptr<Fifo>> open(const FifoSettings& settings, Spawner& spawner,
                                                          log::Logger& logger);
  Fifo(const Fifo&) = delete;
  Fifo& operator=(const Fifo&) = delete;
  /// Removes it first, so that a reader that opens it over and over again does not find it; then the reader
  /// that was started here is killed.
  ~Fifo();

  /// `line` ends with a line feed and is at most PIPE_BUF (4096) long; a longer one is dropped.
  void write(std::string_view line);
  /// Nothing more is written: removes it and closes it, so that the reader finds its end when it has taken
  /// what is left. `reader_gone` is called if one was started here and ends; it must not destroy this.
  void close(std::function<void()> reader_gone);
  /// SIGTERM to the reader, SIGKILL after a while.
  void stop_reader();
  /// The reader that was started here runs.
  [[nodiscard]] bool is_read() const { return reader_ != nullptr; }

  [[nodiscard]] const std::string& path() const { return settings_.path; }
  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  Fifo(FifoSettings settings, log::Logger& logger) : settings_(std::move(settings)), logger_(logger) {}

  [[nodiscard]] Result<void> make();
  [[nodiscard]] Result<void> open_it();
  void remove();
  void start_reader(Spawner& spawner);
  void reader_ended(const Report& report);

  FifoSettings settings_;
  log::Logger& logger_;
  bool made_here_ = false;
  UniqueFd fd_;
  Counters counters_;
  std::function<void()> reader_gone_;
  std::unique_ptr<Execution> reader_;
};

}  // namespace hald::proc
