// SPDX-License-Identifier: Apache-2.0
// MapPaths: files, folders and links in memory, with owners and modes. Counts what it is asked.
#pragma once

#include <cerrno>
#include <map>
#include <string>

#include "base/script_check.h"

namespace hald::fakes {

class MapPaths final : public Paths {
 public:
  using Type = PathStatus::Type;

  MapPaths() { folder("/"); }

  PathStatus& folder(const std::string& path) { return things_[path] = {Type::Folder, 0, 0, 0755}; }
  PathStatus& file(const std::string& path) { return things_[path] = {Type::File, 0, 0, 0755}; }
  PathStatus& other(const std::string& path) { return things_[path] = {Type::Other, 0, 0, 0666}; }
  PathStatus& link(const std::string& path, const std::string& target) {
    targets_[path] = target;
    return things_[path] = {Type::Link, 0, 0, 0777};
  }
  [[nodiscard]] PathStatus& operator[](const std::string& path) { return things_.at(path); }

  [[nodiscard]] Result<PathStatus> status(const std::string& path) const override {
    ++asked;
    const auto found = things_.find(path);
    if (found == things_.end())
      return errno_error(is_below_a_file(path) ? ENOTDIR : ENOENT, "look at " + path);
    return found->second;
  }
  [[nodiscard]] Result<std::string> link_target(const std::string& path) const override {
    ++asked;
    const auto found = targets_.find(path);
    if (found == targets_.end()) return errno_error(EINVAL, "read link " + path);
    return found->second;
  }

  mutable std::size_t asked = 0;

 private:
  [[nodiscard]] bool is_below_a_file(const std::string& path) const {
    const auto parent = things_.find(path.substr(0, path.rfind('/')));
    return parent != things_.end() && parent->second.type != Type::Folder;
  }

  std::map<std::string, PathStatus> things_;
  std::map<std::string, std::string> targets_;
};

}  // namespace hald::fakes
