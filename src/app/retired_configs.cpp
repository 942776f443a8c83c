// SPDX-License-Identifier: Apache-2.0
#include "app/retired_configs.h"

#include <malloc.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace hald::app {

RetiredConfigs::~RetiredConfigs() {
  if (thread_.joinable()) thread_.join();
}

void RetiredConfigs::add(std::shared_ptr<const config::Config> config) {
  if (!config) return;
  waiting_.push_back(std::move(config));
  timer_ = scheduler_.after(kPeriod, [this] { collect(); });
}

void RetiredConfigs::collect() {
  const auto unused = std::stable_partition(waiting_.begin(), waiting_.end(),
                                            [](const auto& config) { return config.use_count() > 1; });
  if (unused != waiting_.end()) {
    std::vector<std::shared_ptr<const config::Config>> done(std::make_move_iterator(unused),
                                                            std::make_move_iterator(waiting_.end()));
    waiting_.erase(unused, waiting_.end());
    if (thread_.joinable()) thread_.join();  // it began a period ago: it is at its end
    thread_ = std::thread([done = std::move(done)]() mutable {
      done.clear();
      ::malloc_trim(0);
    });
  }
  if (!waiting_.empty()) timer_ = scheduler_.after(kPeriod, [this] { collect(); });
}

}  // namespace hald::app
