// SPDX-License-Identifier: Apache-2.0
#include "net/sysctl_keeper.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

namespace hald::net {
namespace {

constexpr Duration kLook = std::chrono::seconds(1);
/// How many are looked at again at a time.
constexpr int kLooks = 32;

}  // namespace

SysctlKeeper::SysctlKeeper(Sysctls& sysctls, Interfaces& interfaces, Scheduler& scheduler,
                           log::Logger& logger)
    : sysctls_(sysctls),
      interfaces_(interfaces),
      scheduler_(scheduler),
      logger_(logger),
      reports_(scheduler),
      subscription_(interfaces.subscribe([this](const std::string& name) { interface_changed(name); })) {}

void SysctlKeeper::hold(const std::string& owner, std::vector<SysctlWish> wishes) {
  declare(owner, std::move(wishes));
}

void SysctlKeeper::forget(const std::string& owner) {
  declare(owner, {});
}

void SysctlKeeper::declare(const std::string& owner, std::vector<SysctlWish> wishes) {
  const bool going = wishes.empty();
  for (const auto& wish : wishes) {
    if (wish.link.empty()) continue;
    const auto* link = interfaces_.find(wish.link);
    indexes_.try_emplace(wish.link, link != nullptr ? link->index : 0);
  }
  auto paths = claims_.declare(owner, true, std::move(wishes));
  if (going) std::reverse(paths.begin(), paths.end());
  for (const auto& path : paths) reconcile(path);
  if (!claims_.empty() && !looking_armed_) look_on_later();
}

void SysctlKeeper::reconcile(const std::string& path) {
  auto* claim = claims_.find(path);
  if (claim == nullptr || claim->held() == nullptr) {
    problems_.erase(path);
    put_back(path);
    claims_.erase(path);
    return;
  }
  if (claim->postponed) return;
  const SysctlWish wish = *claim->held();
  if (const auto done = set(*claim, wish); !done) {
    claim->confirmed = false;
    claim->postponed = true;
    const std::string& problem = problems_[path] = done.error().message();
    logger_.limited(log::Level::Error, "net.sysctl." + path, problem + "; will try again");
    retry_later();
  } else {
    problems_.erase(path);
  }
}

Result<void> SysctlKeeper::set(SysctlClaim& claim, const SysctlWish& wish) {
  if (!wish.link.empty() && interfaces_.find(wish.link) == nullptr) return {};  // when it comes
  const auto current = sysctls_.read(wish.path);
  if (!current && wish.optional && current.error().code.value() == ENOENT) return {};
  if (!current) return current.error();
  if (*current == wish.value) {
    claim.confirmed = true;
    return {};
  }
  if (std::exchange(claim.confirmed, false)) note_drift(wish, claim, *current);
  if (const auto known = kept_.find(wish.path); known != kept_.end()) {
    known->second.ours = wish.value;
  } else if (!wish.temporary) {
    kept_[wish.path] = {*current, wish.value, wish.link};
  }
  if (auto written = write_verified(wish.path, wish.value); !written) return written;
  claim.confirmed = true;
  return {};
}

/// The kernel takes some values and keeps others.
Result<void> SysctlKeeper::write_verified(const std::string& path, const std::string& value) {
  if (auto written = sysctls_.write(path, value); !written) return written;
  const auto now = sysctls_.read(path);
  if (!now) return now.error();
  if (*now == value) return {};
  return protocol_error(fmt::format("set {} to {}: it reads {}", path, value, *now));
}

void SysctlKeeper::put_back(const std::string& path) {
  const auto found = kept_.find(path);
  if (found == kept_.end()) return;
  const Kept kept = std::move(found->second);
  kept_.erase(found);
  if (!kept.link.empty() && interfaces_.find(kept.link) == nullptr) return;
  const auto current = sysctls_.read(path);
  // Somebody who changed it since knows better.
  if (!current || *current != kept.ours) return;
  if (const auto done = write_verified(path, kept.before); !done) logger_.error(done.error().message());
}

std::vector<RememberedSysctl> SysctlKeeper::remembered() const {
  std::vector<RememberedSysctl> out;
  for (const auto& [path, kept] : kept_) out.push_back({path, kept.before, kept.ours, kept.link});
  return out;
}

void SysctlKeeper::adopt(const std::vector<RememberedSysctl>& remembered) {
  for (const auto& one : remembered) kept_.try_emplace(one.path, Kept{one.before, one.ours, one.link});
}

void SysctlKeeper::put_back_unclaimed() {
  for (const auto& one : remembered()) {
    if (claims_.find(one.path) == nullptr) put_back(one.path);
  }
}

bool SysctlKeeper::settled() const {
  return !retry_armed_;
}

std::vector<std::string> SysctlKeeper::problems() const {
  std::vector<std::string> out;
  out.reserve(problems_.size());
  for (const auto& [path, problem] : problems_) out.push_back(problem);
  return out;
}

void SysctlKeeper::note_drift(const SysctlWish& wish, const SysctlClaim& claim, const std::string& found) {
  ++drift_;
  for (const auto& [name, owner] : claim.owners) reports_.report({Drift::What::Removed, name, wish.path});
  logger_.limited(
      log::Level::Warning, "net.drift.sysctl",
      fmt::format("{} was set to {} by somebody else; setting it to {} again", wish.path, found, wish.value));
}

/// Another interface under the name has values of its own: what was remembered of the former one is void.
void SysctlKeeper::interface_changed(const std::string& name) {
  const auto known = indexes_.find(name);
  if (known == indexes_.end()) return;
  const auto* link = interfaces_.find(name);
  const int index = link != nullptr ? link->index : 0;
  if (std::exchange(known->second, index) == index) return;
  for (auto kept = kept_.begin(); kept != kept_.end();)
    kept = kept->second.link == name ? kept_.erase(kept) : std::next(kept);
  for (const auto& path : claims_.all()) {
    auto* claim = claims_.find(path);
    const auto* wish = claim != nullptr ? claim->held() : nullptr;
    if (wish == nullptr || wish->link != name) continue;
    claim->confirmed = claim->postponed = false;
    reconcile(path);
  }
}

void SysctlKeeper::look_on() {
  const auto paths = claims_.all();
  auto next = std::upper_bound(paths.begin(), paths.end(), looked_at_);
  for (int count = 0; count < kLooks && next != paths.end(); ++count, ++next) {
    looked_at_ = *next;
    reconcile(*next);
  }
  if (next == paths.end()) looked_at_.clear();
  looking_armed_ = false;
  if (!claims_.empty()) look_on_later();
}

void SysctlKeeper::look_on_later() {
  looking_armed_ = true;
  looking_ = scheduler_.after(kLook, [this] { look_on(); });
}

void SysctlKeeper::retry_later() {
  if (std::exchange(retry_armed_, true)) return;
  retry_ = scheduler_.after(backoff_.next(), [this] {
    retry_armed_ = false;
    claims_.resume_postponed();
    for (const auto& path : claims_.all()) reconcile(path);
    if (!retry_armed_) backoff_.reset();
  });
}

}  // namespace hald::net
