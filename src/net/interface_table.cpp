// SPDX-License-Identifier: Apache-2.0
#include "net/interface_table.h"

#include <algorithm>

#include "base/overloaded.h"

namespace hald::net {
namespace {

using Addresses = std::vector<InterfaceAddress>;

/// Where a dump would show a new address. IPv4 comes before IPv6. IPv4 secondaries are last, and primaries go
/// behind the last primary of at least their scope; IPv6 goes in front of what has no wider scope.
Addresses::iterator place_for(Addresses& addresses, const InterfaceAddress& fresh) {
  const auto v6 = std::find_if(addresses.begin(), addresses.end(),
                               [](const auto& other) { return !other.prefix.address.is_v4(); });
  if (!fresh.prefix.address.is_v4()) {
    return std::find_if(v6, addresses.end(), [&](const auto& other) { return other.scope >= fresh.scope; });
  }
  if (fresh.secondary) return v6;
  auto place = addresses.begin();
  for (auto other = addresses.begin(); other != v6; ++other) {
    if (!other->secondary && fresh.scope <= other->scope) place = other + 1;
  }
  return place;
}

/// True if that changed anything.
bool put(Addresses& addresses, const InterfaceAddress& fresh) {
  const auto known = std::find_if(addresses.begin(), addresses.end(),
                                  [&](const auto& other) { return key_of(other) == key_of(fresh); });
  if (known != addresses.end()) {
    if (*known == fresh) return false;
    if (known->secondary == fresh.secondary) {
      *known = fresh;
      return true;
    }
    addresses.erase(known);  // promoted: it moves
  }
  addresses.insert(place_for(addresses, fresh), fresh);
  return true;
}

bool drop(Addresses& addresses, const AddressKey& key) {
  const auto old_size = addresses.size();
  addresses.erase(std::remove_if(addresses.begin(), addresses.end(),
                                 [&](const auto& address) { return key_of(address) == key; }),
                  addresses.end());
  return addresses.size() != old_size;
}

}  // namespace

InterfaceTable::InterfaceTable(Rtnl& rtnl, Scheduler& scheduler, log::Logger& logger)
    : rtnl_(rtnl), scheduler_(scheduler), logger_(logger) {}

InterfaceTable::~InterfaceTable() {
  rtnl_.receive({});
}

Result<void> InterfaceTable::start() {
  rtnl_.receive([this](const RtnlEvent& event) { take(event); });
  return look_again();
}

Result<void> InterfaceTable::look_again() {
  const auto links = rtnl_.links();
  if (!links) return links.error();
  const auto addresses = rtnl_.addresses();
  if (!addresses) return addresses.error();
  replace(*links, *addresses);
  retry_.cancel();
  backoff_.reset();
  return {};
}

const Link* InterfaceTable::find(std::string_view name) const {
  const auto found = std::find_if(table_.begin(), table_.end(),
                                  [&](const auto& entry) { return entry.second.link.name == name; });
  return found == table_.end() ? nullptr : &found->second.link;
}

const Link* InterfaceTable::find(int index) const {
  const auto found = table_.find(index);
  return found == table_.end() ? nullptr : &found->second.link;
}

const std::vector<InterfaceAddress>& InterfaceTable::list(int index) const {
  static const Addresses kNone;
  const auto found = table_.find(index);
  return found == table_.end() ? kNone : found->second.addresses;
}

std::vector<Link> InterfaceTable::links() const {
  std::vector<Link> out;
  for (const auto& [index, interface] : table_) out.push_back(interface.link);
  return out;
}

std::vector<InterfaceAddress> InterfaceTable::addresses(int index) const {
  return list(index);
}

Subscription InterfaceTable::subscribe(std::function<void(const std::string& name)> changed) {
  return watchers_.add(std::move(changed));
}

void InterfaceTable::take(const RtnlEvent& event) {
  std::visit(Overloaded{[&](const LinkEvent& link) { take_link(link); },
                        [&](const AddressEvent& address) { take_address(address); },
                        [&](const Overrun&) { take_overrun(); }},
             event);
}

void InterfaceTable::take_link(const LinkEvent& event) {
  if (event.removed) {
    remove(event.link.index);
  } else {
    update(event.link);
  }
}

void InterfaceTable::take_address(const AddressEvent& event) {
  const auto found = table_.find(event.address.ifindex);
  if (found == table_.end()) {
    // The kernel tells of an interface before it tells of its addresses; if not, the picture is wrong.
    if (!event.removed) dump_or_retry();
    return;
  }
  auto& addresses = found->second.addresses;
  const bool changed = event.removed ? drop(addresses, key_of(event.address)) : put(addresses, event.address);
  if (changed) touch(found->second.link.name);
}

void InterfaceTable::take_overrun() {
  ++overruns_;
  logger_.limited(log::Level::Warning, "net.overrun",
                  "the kernel dropped notifications about interfaces; reading all of them again");
  dump_or_retry();
}

void InterfaceTable::update(const Link& link) {
  const auto [entry, fresh] = table_.try_emplace(link.index);
  Link& known = entry->second.link;
  if (!fresh && known == link) return;
  if (!fresh && known.name != link.name) touch(known.name);
  known = link;
  touch(link.name);
}

void InterfaceTable::remove(int index) {
  auto node = table_.extract(index);
  if (node.empty()) return;
  touch(node.mapped().link.name);
  gone_.push_back(std::move(node));
}

void InterfaceTable::replace(const std::vector<Link>& links, const std::vector<InterfaceAddress>& addresses) {
  std::set<int> present;
  for (const auto& link : links) present.insert(link.index);
  std::vector<int> vanished;
  for (const auto& [index, interface] : table_) {
    if (present.count(index) == 0) vanished.push_back(index);
  }
  for (const int index : vanished) remove(index);
  std::map<int, Addresses> by_index;
  for (const auto& address : addresses) by_index[address.ifindex].push_back(address);
  for (const auto& link : links) {
    update(link);
    auto& known = table_[link.index].addresses;
    auto& fresh = by_index[link.index];
    if (known == fresh) continue;
    known = std::move(fresh);
    touch(link.name);
  }
}

void InterfaceTable::dump_or_retry() {
  const auto done = look_again();
  if (done) return;
  logger_.limited(log::Level::Error, "net.dump",
                  "cannot read the interfaces, will try again: " + done.error().message());
  retry_ = scheduler_.after(backoff_.next(), [this] { dump_or_retry(); });
}

void InterfaceTable::touch(const std::string& name) {
  if (changed_.empty()) telling_ = scheduler_.at(scheduler_.now(), [this] { tell(); });
  changed_.insert(name);
}

void InterfaceTable::tell() {
  gone_.clear();
  const auto names = std::exchange(changed_, {});
  for (const auto& name : names) watchers_.tell(name);
}

}  // namespace hald::net
