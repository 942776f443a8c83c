// SPDX-License-Identifier: Apache-2.0
// WorkQueue: things to be looked at, each once however often it is asked for, in the order of asking.
#pragma once

#include <deque>
#include <set>
#include <utility>

namespace hald::net {

template <typename Key>
class WorkQueue {
 public:
  [[nodiscard]] bool empty() const { return order_.empty(); }
  void push(const Key& key) {
    if (waiting_.insert(key).second) order_.push_back(key);
  }
  /// Call only if there is one.
  [[nodiscard]] Key pop() {
    Key key = std::move(order_.front());
    order_.pop_front();
    waiting_.erase(key);
    return key;
  }

 private:
  std::deque<Key> order_;
  std::set<Key> waiting_;
};

}  // namespace hald::net
