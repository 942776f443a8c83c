// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <fmt/format.h>

namespace hald::log {

void Logger::write(Level level, std::string_view message, Fields fields) {
  if (enabled(level)) sink_.write(level, message, {fields.begin(), fields.size()});
}

void Logger::limited(Level level, std::string_view key, std::string_view message, Fields fields,
                     Duration period) {
  if (!enabled(level)) return;
  const TimePoint now = clock_.now();
  auto [entry, fresh] = limits_.try_emplace(std::string(key));
  Limit& limit = entry->second;
  if (!fresh && now < limit.next) {
    ++limit.suppressed;
    return;
  }
  limit.next = now + period;
  if (limit.suppressed == 0) return write(level, message, fields);
  write(level, fmt::format("{} ({} more like it were not logged)", message, limit.suppressed), fields);
  limit.suppressed = 0;
}

}  // namespace hald::log
