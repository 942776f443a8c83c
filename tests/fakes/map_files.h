// SPDX-License-Identifier: Apache-2.0
// MapFiles: a file system of a few texts in memory, for configurations that include one another.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
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

  /// Plain names and "prefix*suffix" are understood.
  [[nodiscard]] config::Matches match(const std::string& pattern) const override {
    const auto star = pattern.find('*');
    config::Matches out;
    if (star == std::string::npos) {
      if (files_.contains(pattern) || unreadable_.contains(pattern)) out.paths.push_back(pattern);
      return out;
    }
    const std::string folder = pattern.substr(0, pattern.rfind('/') + 1);
    out.folder_exists = false;
    const auto look_at = [&](const std::string& path) {
      out.folder_exists = out.folder_exists || path.starts_with(folder);
      if (path.starts_with(pattern.substr(0, star)) && path.ends_with(pattern.substr(star + 1)))
        out.paths.push_back(path);
    };
    for (const auto& [path, text] : files_) look_at(path);
    for (const auto& [path, is] : unreadable_) look_at(path);
    std::sort(out.paths.begin(), out.paths.end());
    return out;
  }

  [[nodiscard]] std::string directory(const std::string& path) const override {
    return "/" + path.substr(0, path.rfind('/'));
  }

  void set_environment(const std::string& name, std::string value) { environment_[name] = std::move(value); }
  [[nodiscard]] std::optional<std::string> environment(const std::string& name) const override {
    const auto found = environment_.find(name);
    if (found == environment_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::map<std::string, std::string> environment_;
  std::map<std::string, std::string> files_;
  std::map<std::string, bool> executable_;
  std::map<std::string, bool> unreadable_;
};

}  // namespace hald::fakes
