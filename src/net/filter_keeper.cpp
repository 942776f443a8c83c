// SPDX-License-Identifier: Apache-2.0
#include "net/filter_keeper.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace hald::net {
namespace {

std::string addresses_text(const std::set<FilterElement>& elements) {
  std::vector<std::string> out;
  out.reserve(elements.size());
  for (const auto& each : elements) out.push_back(each.address.to_string());
  return fmt::format("{}", fmt::join(out, ", "));
}

bool same_frame(const FilterTable& one, const FilterTable& other) {
  return one.settings == other.settings && one.ipv4 == other.ipv4 && one.ipv6 == other.ipv6;
}

}  // namespace

FilterKeeper::FilterKeeper(Nftables& nftables, Interfaces& interfaces, Scheduler& scheduler,
                           log::Logger& logger)
    : nftables_(nftables), interfaces_(interfaces), scheduler_(scheduler), log_(logger) {
  subscription_ = interfaces_.subscribe([this](const std::string&) {
    if (settings_.by_index) sync();
  });
}

void FilterKeeper::configure(FilterSettings settings) {
  if (settings == settings_) return;
  const std::string before = std::exchange(settings_, std::move(settings)).table;
  if (settings_.table != before) {
    // An earlier run of hald may have left something behind.
    if (written_ && written_->nothing() && !settings_.table.empty()) written_.reset();
    const std::string problem = nftables_.watch(settings_.table, [this] {
      changed_ = true;
      sync();
    });
    if (!problem.empty())
      log_.warning(fmt::format("Changes of nftables by others go unnoticed: {}", problem));
  }
  sync();
}

void FilterKeeper::declare(const std::string& owner, bool held, std::vector<ClosedAddress> addresses) {
  if (addresses.empty()) {
    if (declarations_.erase(owner) == 0) return;
  } else {
    Declaration fresh{held, std::move(addresses)};
    Declaration& slot = declarations_[owner];
    if (slot == fresh) return;
    slot = std::move(fresh);
  }
  sync();
}

std::string FilterKeeper::link_of(const ClosedAddress& address) const {
  if (address.address.is_v4() || !address.address.is_link_local()) return {};
  if (!settings_.by_index) return address.device;
  const Link* link = interfaces_.find(address.device);
  return link == nullptr ? "0" : std::to_string(link->index);
}

/// The tables of both families last as long as somebody may need them again.
FilterTable FilterKeeper::desired() const {
  FilterTable out;
  if (settings_.table.empty() || declarations_.empty()) return out;
  for (const auto& [owner, declaration] : declarations_) {
    for (const auto& each : declaration.addresses) {
      const bool is_v4 = each.address.is_v4();
      bool& family = is_v4 ? out.ipv4 : out.ipv6;
      family = family || declaration.held || (written_ && (is_v4 ? written_->ipv4 : written_->ipv6));
      if (declaration.held) out.elements.insert({each.address, link_of(each)});
    }
  }
  if (!out.nothing()) out.settings = settings_;
  return out;
}

std::string FilterKeeper::batch_for(const FilterTable& wanted) const {
  if (written_ && same_frame(*written_, wanted)) return difference(*written_, wanted);
  std::string out;
  if (!written_ && !settings_.table.empty()) out += removal(settings_.table);
  if (written_ && !written_->nothing()) out += removal(written_->settings.table);
  // A table of that name that is there is one that a hald left behind.
  if (!wanted.nothing() && written_ && written_->settings.table != wanted.settings.table)
    out += removal(wanted.settings.table);
  return out + creation(wanted);
}

void FilterKeeper::sync() {
  if (busy_ || waiting_ || finished_) return;
  const FilterTable wanted = desired();
  if (written_ != wanted) return write(wanted);
  if (std::exchange(changed_, false) && !wanted.nothing()) look();
}

void FilterKeeper::write(const FilterTable& wanted) {
  busy_ = true;
  changed_ = false;
  nftables_.run({batch_for(wanted), inquiry(wanted)}, [this, wanted](const Nftables::Answer& answer) {
    busy_ = false;
    if (!answer.error.empty()) return refused(answer.error);
    ++writes_;
    backoff_.reset();
    tell(written_.value_or(FilterTable{}), wanted);
    written_ = wanted;
    listing_ = answer.listing;
    // Not even there any more: that was somebody else.
    changed_ = changed_ || listing_.empty();
    sync();
  });
}

void FilterKeeper::look() {
  busy_ = true;
  nftables_.run({{}, inquiry(*written_)}, [this](const Nftables::Answer& answer) {
    busy_ = false;
    if (answer.listing != listing_ || listing_.empty()) {
      ++drift_;
      log_.warning(fmt::format("Somebody changed the nftables table {}: it is written anew",
                               written_->settings.table));
      written_.reset();
      pace_.note(scheduler_.now());
      if (pace_.is_contested(scheduler_.now())) wait_until(pace_.until());
    }
    sync();
  });
}

void FilterKeeper::refused(const std::string& error) {
  log_.limited(log::Level::Error, "nftables", fmt::format("nftables: {}", error), {},
               std::chrono::minutes(1));
  if (!settings_.table.empty()) written_.reset();
  wait_until(scheduler_.now() + backoff_.next());
}

void FilterKeeper::wait_until(TimePoint when) {
  waiting_ = true;
  retry_ = scheduler_.at(when, [this] {
    waiting_ = false;
    sync();
  });
}

void FilterKeeper::tell(const FilterTable& before, const FilterTable& after) {
  std::set<FilterElement> fresh;
  std::set_difference(after.elements.begin(), after.elements.end(), before.elements.begin(),
                      before.elements.end(), std::inserter(fresh, fresh.end()));
  if (fresh.empty()) return;
  log_.info(fmt::format("Packets to {} are dropped: no_accept or strict mode", addresses_text(fresh)));
}

void FilterKeeper::finish() {
  if (finished_) return;
  finished_ = true;
  retry_.cancel();
  (void)nftables_.watch({}, {});
  const bool untouched = written_ && written_->nothing() && !busy_;
  if (untouched) return;
  std::string batch = settings_.table.empty() ? std::string() : removal(settings_.table);
  if (written_ && !written_->nothing() && written_->settings.table != settings_.table)
    batch += removal(written_->settings.table);
  const auto answer = nftables_.finish(batch);
  if (!answer.error.empty()) log_.error(fmt::format("nftables: {}", answer.error));
}

}  // namespace hald::net
