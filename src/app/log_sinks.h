// SPDX-License-Identifier: Apache-2.0
// Where log entries go: standard error, the journal with its fields, or syslog. None of them blocks the
// loop: an entry that cannot be taken now is dropped and counted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/unique_fd.h"

namespace hald::app {

/// "2026-01-31T12:00:00.000Z message key=value" lines on standard error.
class ConsoleSink : public log::Sink {
 public:
  void write(log::Level level, std::string_view message, std::span<const log::Field> fields) override;

 private:
  std::uint64_t dropped_ = 0;
};

/// journald's native socket where it listens (each field becomes HALD_KEY=value), /dev/log elsewhere.
class SystemSink : public log::Sink {
 public:
  /// `facility` is syslog's number.
  explicit SystemSink(int facility);
  void write(log::Level level, std::string_view message, std::span<const log::Field> fields) override;

 private:
  [[nodiscard]] std::string journal_entry(log::Level level, std::string_view message,
                                          std::span<const log::Field> fields) const;
  [[nodiscard]] std::string syslog_entry(log::Level level, std::string_view message) const;

  int facility_;
  bool journal_ = false;
  UniqueFd socket_;
};

/// Writes to several sinks.
class TeeSink : public log::Sink {
 public:
  void add(std::unique_ptr<log::Sink> sink) { sinks_.push_back(std::move(sink)); }
  void write(log::Level level, std::string_view message, std::span<const log::Field> fields) override {
    for (const auto& sink : sinks_) sink->write(level, message, fields);
  }

 private:
  std::vector<std::unique_ptr<log::Sink>> sinks_;
};

}  // namespace hald::app
