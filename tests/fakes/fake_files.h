// SPDX-License-Identifier: Apache-2.0
// FakeFiles: small files in memory. Who watches one is told as soon as the test changes it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "proc/watched_files.h"

namespace hald::fakes {

class FakeFiles final : public proc::WatchedFiles {
 public:
  [[nodiscard]] std::unique_ptr<Watch> watch(const std::string& path,
                                             std::function<void()> changed) override {
    watchers_->emplace(++last_id_, std::pair{path, std::move(changed)});
    return std::make_unique<Entry>(watchers_, last_id_);
  }
  [[nodiscard]] std::optional<std::string> read(const std::string& path, std::size_t most) override {
    const auto found = files.find(path);
    if (found == files.end()) return std::nullopt;
    return found->second.substr(0, most);
  }
  [[nodiscard]] Result<void> create(const std::string& path, const std::string& text,
                                    bool overwrite) override {
    if (overwrite || !files.contains(path)) files[path] = text;
    return {};
  }

  void write(const std::string& path, std::string text) {
    files[path] = std::move(text);
    tell(path);
  }
  void remove(const std::string& path) {
    files.erase(path);
    tell(path);
  }
  [[nodiscard]] std::size_t watched() const { return watchers_->size(); }

  std::map<std::string, std::string> files;

 private:
  using Watchers = std::map<int, std::pair<std::string, std::function<void()>>>;
  struct Entry final : Watch {
    Entry(std::shared_ptr<Watchers> its_watchers, int its_id)
        : watchers(std::move(its_watchers)), id(its_id) {}
    ~Entry() override { watchers->erase(id); }
    std::shared_ptr<Watchers> watchers;
    int id;
  };

  void tell(const std::string& path) {
    const auto watchers = *watchers_;
    for (const auto& [id, watcher] : watchers) {
      if (watcher.first == path) watcher.second();
    }
  }

  std::shared_ptr<Watchers> watchers_ = std::make_shared<Watchers>();
  int last_id_ = 0;
};

}  // namespace hald::fakes
