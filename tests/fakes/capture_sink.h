// SPDX-License-Identifier: Apache-2.0
// CaptureSink: keeps every log entry for a test to look at.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/log.h"

namespace hald::fakes {

class CaptureSink : public log::Sink {
 public:
  struct Entry {
    log::Level level;
    std::string message;
    std::vector<std::pair<std::string, std::string>> fields;
  };

  void write(log::Level level, std::string_view message, std::span<const log::Field> fields) override {
    Entry entry{level, std::string(message), {}};
    for (const auto& field : fields) entry.fields.emplace_back(std::string(field.key), field.value);
    entries.push_back(std::move(entry));
  }
  [[nodiscard]] std::size_t count(std::string_view part) const {
    return static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(), [&](const Entry& entry) {
      return entry.message.find(part) != std::string::npos;
    }));
  }
  [[nodiscard]] bool contains(std::string_view part) const { return count(part) > 0; }

  std::vector<Entry> entries;
};

}  // namespace hald::fakes
