// SPDX-License-Identifier: Apache-2.0
#include "net/link_reconciler.h"

#include <cerrno>

#include <fmt/format.h>

#include "net/vmac_sysctls.h"

namespace hald::net {
namespace {

constexpr Duration kSlice = std::chrono::microseconds(500);

using What = LinkPlan::What;

/// Under which name the link's parameters are held.
std::string sysctl_owner(const std::string& name) {
  return "link " + name;
}

VirtualLinkNeeds needs_of(const WantedLink& wanted) {
  VirtualLinkNeeds out;
  out.link = wanted.name;
  out.base = wanted.base;
  out.family = wanted.family;
  out.macvlan = std::holds_alternative<Macvlan>(wanted.kind);
  out.ipv6 = wanted.ipv6;
  return out;
}

}  // namespace

LinkReconciler::LinkReconciler(Rtnl& rtnl, InterfaceTable& table, SysctlKeeper& sysctls, Scheduler& scheduler,
                               log::Logger& logger)
    : rtnl_(rtnl),
      table_(table),
      sysctls_(sysctls),
      scheduler_(scheduler),
      logger_(logger),
      reports_(scheduler),
      subscription_(table.subscribe([this](const std::string& name) { interface_changed(name); })) {}

void LinkReconciler::hold(const std::string& owner, std::vector<WantedLink> links) {
  declare(owner, std::move(links));
}

void LinkReconciler::forget(const std::string& owner) {
  declare(owner, {});
}

void LinkReconciler::declare(const std::string& owner, std::vector<WantedLink> links) {
  for (const auto& name : claims_.declare(owner, true, std::move(links))) {
    states_.try_emplace(name);
    if (const auto* claim = claims_.find(name)) stand_on_[claim->last.base].insert(name);
    queue_.push(name);
  }
  slice();
}

bool LinkReconciler::is_ready(const std::string& name) const {
  const auto* claim = claims_.find(name);
  return claim != nullptr && claim->confirmed;
}

std::string LinkReconciler::problem(const std::string& name) const {
  const auto found = states_.find(name);
  return found == states_.end() ? std::string() : found->second.problem;
}

void LinkReconciler::interface_changed(const std::string& name) {
  if (states_.count(name) > 0) queue_.push(name);
  if (const auto above = stand_on_.find(name); above != stand_on_.end()) {
    for (const auto& link : above->second) queue_.push(link);
  }
  if (!queue_.empty()) turn_ = scheduler_.at(scheduler_.now(), [this] { slice(); });
}

void LinkReconciler::slice() {
  const TimePoint end = scheduler_.now() + kSlice;
  while (!queue_.empty()) {
    reconcile(queue_.pop());
    if (scheduler_.now() < end) continue;
    if (!queue_.empty()) turn_ = scheduler_.at(scheduler_.now(), [this] { slice(); });
    break;
  }
  if (settled()) backoff_.reset();
}

void LinkReconciler::reconcile(const std::string& name) {
  auto* claim = claims_.find(name);
  if (claim == nullptr) return;
  table_.refresh();
  if (claim->held() == nullptr) return remove(name, *claim);
  auto& state = states_[name];
  if (state.pace.is_contested(scheduler_.now())) return retry_later(state.pace.until());
  const WantedLink wanted = *claim->held();
  const auto plan = plan_link(wanted, table_);
  const auto* base = table_.find(wanted.base);
  const int base_index = base != nullptr ? base->index : 0;
  const bool met = is_as_wanted(wanted, plan);
  const bool was_met = std::exchange(claim->confirmed, met);
  // What went with its base was deleted by nobody.
  if (was_met && !met && base_index == state.base) note_drift(name, *claim, state);
  if (met || plan.what == What::Wait) {
    state.made = state.made || met;
    state.base = base_index;
    state.problem.clear();
    return;
  }
  if (plan.what == What::Refuse) {
    state.problem = plan.why;
    logger_.limited(log::Level::Error, "net.link." + name, plan.why, {{"interface", name}});
    return;
  }
  if (claim->postponed) return;
  if (const auto done = realise(wanted, plan); !done) return refused(name, claim, done.error().message());
  table_.refresh();
  claim->confirmed = is_as_wanted(wanted, plan_link(wanted, table_));
  state.made = true;
  state.base = base_index;
  state.problem.clear();
  if (!claim->confirmed) refused(name, claim, "the kernel did not make " + name + " what it should be");
}

bool LinkReconciler::is_as_wanted(const WantedLink& wanted, const LinkPlan& plan) const {
  const auto* own = table_.find(wanted.name);
  return plan.what == What::Adjust && plan.change == LinkChange{} && own != nullptr && own->up;
}

Result<void> LinkReconciler::realise(const WantedLink& wanted, const LinkPlan& plan) {
  if (plan.what == What::Adjust) return finish(wanted, plan.change);
  return create(wanted, plan);
}

Result<void> LinkReconciler::create(const WantedLink& wanted, const LinkPlan& plan) {
  if (plan.what == What::Recreate) {
    logger_.notice(fmt::format("{} exists but is another; replacing it", wanted.name),
                   {{"interface", wanted.name}});
    if (auto removed = rtnl_.remove_link(table_.find(wanted.name)->index); !removed) return removed;
  }
  if (auto created = rtnl_.create_link(plan.fresh); !created) return created;
  table_.refresh();
  const auto next = plan_link(wanted, table_);
  if (next.what != What::Adjust) return protocol_error("create " + wanted.name + ": it is not there");
  auto finished = finish(wanted, next.change);
  notify_base(wanted);
  return finished;
}

/// A macvlan makes its base promiscuous, of which the kernel tells nobody; setting the group it has makes it
/// tell everything.
void LinkReconciler::notify_base(const WantedLink& wanted) {
  const auto* base = wanted.notify_base ? table_.find(wanted.base) : nullptr;
  if (base == nullptr) return;
  LinkChange same;
  same.group = base->group;
  if (const auto told = rtnl_.change_link(base->index, same); !told) {
    logger_.limited(log::Level::Warning, "net.link.notify." + wanted.base, told.error().message(),
                    {{"interface", wanted.base}});
  }
}

/// Raised last: what comes before decides what it does once it is up.
Result<void> LinkReconciler::finish(const WantedLink& wanted, const LinkChange& change) {
  const auto* own = table_.find(wanted.name);
  const int index = own->index;
  const bool up = own->up;
  if (change != LinkChange{}) {
    if (auto changed = rtnl_.change_link(index, change); !changed) return changed;
  }
  sysctls_.hold(sysctl_owner(wanted.name), virtual_link_sysctls(needs_of(wanted)));
  if (up) return {};
  LinkChange raise;
  raise.up = true;
  return rtnl_.change_link(index, raise);
}

void LinkReconciler::remove(const std::string& name, const LinkClaim& claim) {
  const auto* own = table_.find(name);
  // Somebody else's link under the name is left alone.
  if (own != nullptr && states_[name].made && own->kind.index() == claim.last.kind.index()) {
    const auto removed = rtnl_.remove_link(own->index);
    if (!removed && removed.error().code.value() != ENODEV)
      return refused(name, nullptr, removed.error().message());
    notify_base(claim.last);
  }
  sysctls_.forget(sysctl_owner(name));
  for (auto& [base, names] : stand_on_) names.erase(name);
  states_.erase(name);
  claims_.erase(name);
}

void LinkReconciler::note_drift(const std::string& name, LinkClaim& claim, State& state) {
  ++drift_;
  state.pace.note(scheduler_.now());
  for (const auto& [owner, wish] : claim.owners) reports_.report({Drift::What::Removed, owner, name});
  logger_.limited(log::Level::Warning, "net.drift." + name,
                  fmt::format("{} was deleted or changed by somebody else; repairing it", name),
                  {{"interface", name}});
}

void LinkReconciler::refused(const std::string& name, LinkClaim* claim, const std::string& why) {
  if (claim != nullptr) claim->postponed = true;
  states_[name].problem = why;
  logger_.limited(log::Level::Error, "net.link." + name, why + "; will try again", {{"interface", name}});
  retry_later(scheduler_.now() + backoff_.next());
}

void LinkReconciler::retry_later(TimePoint when) {
  if (std::exchange(retry_armed_, true)) return;
  retry_ = scheduler_.at(when, [this] {
    retry_armed_ = false;
    claims_.resume_postponed();
    for (const auto& name : claims_.all()) queue_.push(name);
    slice();
  });
}

}  // namespace hald::net
