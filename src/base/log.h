// SPDX-License-Identifier: Apache-2.0
// Logging: a message plus key/value fields, sent to one Sink. The message is what an operator greps for
// (keepalived's well-known lines keep their wording); the fields are for machines and reach journald as
// fields of the entry. Cores never log. A Logger is passed by reference; there is no global one.
#pragma once

#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"

namespace hald::log {

/// The numbers are those of syslog.
enum class Level : unsigned char { Error = 3, Warning = 4, Notice = 5, Info = 6, Debug = 7 };

struct Field {
  std::string_view key;  ///< lower case letters and underscores: "instance"
  std::string value;
};

class Sink {
 public:
  virtual ~Sink() = default;
  /// Must not block: a sink that cannot take the entry now drops it and counts that.
  virtual void write(Level level, std::string_view message, std::span<const Field> fields) = 0;
};

class Logger {
 public:
  using Fields = std::initializer_list<Field>;

  Logger(Sink& sink, const Clock& clock, Level threshold)
      : sink_(sink), clock_(clock), threshold_(threshold) {}
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  [[nodiscard]] bool enabled(Level level) const { return level <= threshold_; }
  void set_threshold(Level threshold) { threshold_ = threshold; }

  void error(std::string_view message, Fields fields = {}) { write(Level::Error, message, fields); }
  void warning(std::string_view message, Fields fields = {}) { write(Level::Warning, message, fields); }
  void notice(std::string_view message, Fields fields = {}) { write(Level::Notice, message, fields); }
  void info(std::string_view message, Fields fields = {}) { write(Level::Info, message, fields); }
  void debug(std::string_view message, Fields fields = {}) { write(Level::Debug, message, fields); }

  /// Writes at most one entry per `key` and period; the next one that passes says how many were held back.
  /// For everything a stranger on the network can trigger. `key` must come from a bounded set.
  void limited(Level level, std::string_view key, std::string_view message, Fields fields = {},
               Duration period = std::chrono::seconds(10));

 private:
  struct Limit {
    TimePoint next;
    unsigned long suppressed = 0;
  };

  void write(Level level, std::string_view message, Fields fields);

  Sink& sink_;
  const Clock& clock_;
  Level threshold_;
  std::map<std::string, Limit, std::less<>> limits_;
};

}  // namespace hald::log
