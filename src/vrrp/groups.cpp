// SPDX-License-Identifier: Apache-2.0
#include "vrrp/groups.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "vrrp/core/sync_group.h"
#include "vrrp/instance.h"

namespace hald::vrrp {

class Groups::Group final : public Fellows {
 public:
  Group(const Environment& environment, const GroupObserver& observer, config::SyncGroup settings)
      : environment_(environment),
        observer_(observer),
        settings_(std::move(settings)),
        since_(environment.scheduler.wall_now()) {}

  /// The state of the group of the same name in the configuration before.
  void inherit(const Group& before) {
    state_ = before.state_;
    since_ = before.since_;
    reason_ = before.reason_;
  }
  /// The same in the run before. Members that have not begun yet say nothing about the group.
  void resume(const CarriedGroup& before) {
    state_ = before.state;
    since_ = before.since;
    reason_ = before.reason;
    resuming_ = true;
  }
  [[nodiscard]] CarriedGroup carry() const { return {settings_.name, state_, since_, reason_}; }
  void attach(const Find& find) {
    for (const auto& name : settings_.members) {
      if (Instance* member = find(name)) members_.push_back(member);
    }
    for (Instance* member : members_) member->join(this);
    block();
    if (!members_.empty()) evaluate(*members_.front());
  }
  void detach() {
    for (Instance* member : std::exchange(members_, {})) member->join(nullptr);
  }

  [[nodiscard]] bool agree(const Instance& member) const override {
    return group_agrees(seen(), index_of(member));
  }
  void stepped(Instance& member, StateName before, Reason::Kind kind) override;
  void hindered(Instance& member) override;

  [[nodiscard]] const std::string& name() const { return settings_.name; }
  [[nodiscard]] GroupView view() const {
    return {settings_.name, std::string(to_string(state_)), since_, reason_, settings_.members};
  }

 private:
  [[nodiscard]] std::vector<SyncMember> seen() const {
    std::vector<SyncMember> out;
    out.reserve(members_.size());
    for (const Instance* member : members_) {
      out.push_back({member->state(), member->wants_master(), member->blocked_itself(), member->gives_way()});
    }
    return out;
  }
  [[nodiscard]] std::size_t index_of(const Instance& member) const {
    return static_cast<std::size_t>(std::find(members_.begin(), members_.end(), &member) - members_.begin());
  }
  void move(const std::vector<SyncOrder>& orders);
  void block();
  void evaluate(const Instance& cause);
  void log_syncing(StateName to) const {
    environment_.log.info(
        fmt::format("VRRP_Group({}) Syncing instances to {} state", settings_.name, to_string(to)),
        {{"group", settings_.name}});
  }

  const Environment& environment_;
  const GroupObserver& observer_;
  config::SyncGroup settings_;
  std::vector<Instance*> members_;
  StateName state_ = StateName::Init;
  WallTime since_;
  std::string reason_ = "no member has begun";
  bool resuming_ = false;
  unsigned depth_ = 0;  // of steps within steps: moving a member makes it tell of its step
};

void Groups::Group::stepped(Instance& member, StateName before, Reason::Kind kind) {
  if (kind == Reason::Kind::LosingAdvert) {
    // compat: whoever sent it may have announced the addresses of the whole group.
    for (Instance* other : members_) {
      if (other != &member) other->announce_again();
    }
  }
  const auto all = seen();
  const std::size_t index = index_of(member);
  const bool follows = kind == Reason::Kind::Followed || kind == Reason::Kind::FollowedAsAsked;
  move(follows ? follow_others(all, index) : sync_others(all, index, before));
  // Into FAULT and out of it: the others follow at once, and hindered() looks at the whole then.
  if (depth_ == 0 && before != StateName::Fault && member.state() != StateName::Fault) evaluate(member);
}

void Groups::Group::move(const std::vector<SyncOrder>& orders) {
  if (orders.empty()) return;
  if (depth_ == 0) log_syncing(orders.front().event.to);
  ++depth_;
  for (const SyncOrder& order : orders) members_[order.member]->sync(order.event);
  --depth_;
}

void Groups::Group::hindered(Instance& member) {
  if (member.blocked_itself() && state_ != StateName::Fault) log_syncing(StateName::Fault);
  block();
  if (depth_ == 0) evaluate(member);
}

void Groups::Group::block() {
  ++depth_;
  const auto all = seen();
  for (std::size_t i = 0; i < members_.size(); ++i) {
    members_[i]->set_group_blocked(blocked_by_group(all, i));
  }
  --depth_;
}

void Groups::Group::evaluate(const Instance& cause) {
  const bool waiting =
      std::any_of(members_.begin(), members_.end(), [](const Instance* member) { return !member->begun(); });
  if (resuming_ && waiting) return;
  const bool resumed = std::exchange(resuming_, false);
  const StateName now = group_state(seen());
  if (now == state_) {
    if (resumed && observer_) observer_(GroupChange{settings_, now, now, reason_, true});
    return;
  }
  const StateName before = std::exchange(state_, now);
  since_ = environment_.scheduler.wall_now();
  reason_ = fmt::format("{}: {}", cause.settings().name, cause.reason());
  environment_.log.info(
      fmt::format("VRRP_Group({}) is in {} state", settings_.name, to_string(now)),
      {{"group", settings_.name}, {"state", std::string(to_string(now))}, {"reason", reason_}});
  if (observer_) observer_(GroupChange{settings_, before, now, reason_, false});
}

Groups::Groups(const Environment& environment) : environment_(environment) {}
Groups::~Groups() = default;

void Groups::detach() {
  for (auto& group : groups_) group->detach();
}

void Groups::attach(const config::Config& config, const Find& find) {
  const auto before = std::exchange(groups_, {});
  std::map<std::string, const Group*, std::less<>> by_name;
  for (const auto& group : before) by_name.emplace(group->name(), group.get());
  for (const auto& settings : config.sync_groups) {
    auto group = std::make_unique<Group>(environment_, observer_, settings);
    if (const auto old = by_name.find(settings.name); old != by_name.end()) group->inherit(*old->second);
    for (const CarriedGroup& carried : carried_) {
      if (carried.name == settings.name) group->resume(carried);
    }
    groups_.push_back(std::move(group));
    groups_.back()->attach(find);
  }
  carried_.clear();
}

std::vector<CarriedGroup> Groups::carry() const {
  std::vector<CarriedGroup> out;
  out.reserve(groups_.size());
  for (const auto& group : groups_) out.push_back(group->carry());
  return out;
}

std::vector<GroupView> Groups::views() const {
  std::vector<GroupView> out;
  out.reserve(groups_.size());
  for (const auto& group : groups_) out.push_back(group->view());
  return out;
}

}  // namespace hald::vrrp
