// SPDX-License-Identifier: Apache-2.0
// Watchers: who wants to hear of changes of interfaces. A callback may end any subscription and add others.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/interfaces.h"

namespace hald::net {

class Watchers {
 public:
  using Changed = std::function<void(const std::string& name)>;

  Watchers();
  ~Watchers();
  Watchers(const Watchers&) = delete;
  Watchers& operator=(const Watchers&) = delete;

  /// The subscription may outlive this object.
  [[nodiscard]] Subscription add(Changed changed);
  /// Those that a callback adds hear from the next time on.
  void tell(const std::string& name) const;

 private:
  struct List;
  struct Entry;
  std::shared_ptr<List> list_;
};

}  // namespace hald::net
