// SPDX-License-Identifier: Apache-2.0
// Groups: the sync groups at run time. It knows which instances form a group, moves them together by the
// rules of core/sync_group.h, and says when a group as a whole has changed. The instances belong to the
// supervisor.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/model.h"
#include "vrrp/core/carried.h"
#include "vrrp/core/view.h"
#include "vrrp/environment.h"

namespace hald::vrrp {

class Instance;

class Groups {
 public:
  /// nullptr if no instance of that name runs.
  using Find = std::function<Instance*(const std::string& name)>;

  explicit Groups(const Environment& environment);
  Groups(const Groups&) = delete;
  Groups& operator=(const Groups&) = delete;
  ~Groups();

  /// Called after each change of a group's state; must not call back.
  void on_state(GroupObserver observer) { observer_ = std::move(observer); }
  /// Before the first attach(): what they were in the run before.
  void resume(std::vector<CarriedGroup> groups) { carried_ = std::move(groups); }
  [[nodiscard]] std::vector<CarriedGroup> carry() const;
  /// From now on nobody is moved and nothing is told: instances are about to be changed, or to stop.
  void detach();
  /// Makes the groups those of `config`. A group of the same name keeps its state until its members say
  /// otherwise.
  void attach(const config::Config& config, const Find& find);

  /// In the order of the configuration.
  [[nodiscard]] std::vector<GroupView> views() const;

 private:
  class Group;

  Environment environment_;
  GroupObserver observer_;
  std::vector<CarriedGroup> carried_;  // until the first attach()
  std::vector<std::unique_ptr<Group>> groups_;
};

}  // namespace hald::vrrp
