// SPDX-License-Identifier: Apache-2.0
// MapFiles: a file system of a few texts in memory, for configurations that include one another.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/files.h"

namespace hald::fakes {

class MapFiles final : public config::Files {
 public:
  void add(const std::string& path, std::string text) { files_[path] = std::move(text); }
  void add_script(const std::string& path) { executable_[path] = true, files_[path] = "#!/bin/sh\n"; }
  void add_unreadable(const std::string& path) { unreadable_[path] = true; }

  [[nodiscard]] config::FileText read(const std::string& path, std::size_t limit) const override {
    config::FileText out;
    const auto found = files_.find(path);
    if (unreadable_.contains(path)) {
      out.outcome = config::ReadOutcome::Unreadable;
      out.reason = "cannot be read: Permission denied";
    } else if (found == files_.end() || found->second.size() > limit) {
      out.reason = "does not exist";
    } else {
      out.outcome = config::ReadOutcome::Read;
      out.text = found->second;
      out.identity = {1, static_cast<std::uint64_t>(std::distance(files_.begin(), found)) + 1};
      out.executable = executable_.contains(path);
    }
    return out;
  }

  /// Only "prefix*suffix" is understood.
  [[nodiscard]] std::vector<std::string> match(const std::string& pattern) const override {
    const auto star = pattern.find('*');
    std::vector<std::string> out;
    for (const auto& [path, text] : files_) {
      if (path.starts_with(pattern.substr(0, star)) && path.ends_with(pattern.substr(star + 1)))
        out.push_back(path);
    }
    return out;
  }

 private:
  std::map<std::string, std::string> files_;
  std::map<std::string, bool> executable_;
  std::map<std::string, bool> unreadable_;
};

}  // namespace hald::fakes
