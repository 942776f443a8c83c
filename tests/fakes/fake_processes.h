// SPDX-License-Identifier: Apache-2.0
// FakeProcesses: the machine's processes as the test says. Nobody is told of anything before tell().
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proc/process_list.h"

namespace hald::fakes {

class FakeProcesses final : public proc::ProcessList {
 public:
  [[nodiscard]] std::unique_ptr<Watch> watch(Matches matches, bool, Counted counted) override {
    watchers_->emplace(++last_id_, Watcher{std::move(matches), std::move(counted)});
    return std::make_unique<Entry>(watchers_, last_id_);
  }
  void tell() {
    const auto watchers = *watchers_;
    for (const auto& [id, watcher] : watchers) {
      unsigned count = 0;
      for (const auto& name : names) count += watcher.matches(name, "") ? 1U : 0U;
      watcher.counted(count);
    }
  }
  [[nodiscard]] std::size_t watched() const { return watchers_->size(); }

  std::vector<std::string> names;

 private:
  struct Watcher {
    Matches matches;
    Counted counted;
  };
  using Watchers = std::map<int, Watcher>;
  struct Entry final : Watch {
    Entry(std::shared_ptr<Watchers> its_watchers, int its_id)
        : watchers(std::move(its_watchers)), id(its_id) {}
    ~Entry() override { watchers->erase(id); }
    std::shared_ptr<Watchers> watchers;
    int id;
  };

  std::shared_ptr<Watchers> watchers_ = std::make_shared<Watchers>();
  int last_id_ = 0;
};

}  // namespace hald::fakes
