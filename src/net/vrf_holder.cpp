// SPDX-License-Identifier: Apache-2.0
#include "net/vrf_holder.h"

#include <utility>
#include <variant>

#include <fmt/format.h>

namespace hald::net {
namespace {

/// 0: there is no such VRF now. Whether it is up does not matter: its table is there all the same.
std::uint32_t table_of(const Interfaces& interfaces, const std::string& name) {
  const Link* link = interfaces.find(name);
  const auto* vrf = link != nullptr ? std::get_if<Vrf>(&link->kind) : nullptr;
  return vrf != nullptr ? vrf->table : 0;
}

}  // namespace

VrfHolder::VrfHolder(Holder& next, Interfaces& interfaces, log::Logger& logger)
    : next_(next),
      interfaces_(interfaces),
      logger_(logger),
      subscription_(interfaces.subscribe([this](const std::string& name) { look_again(name); })) {}

void VrfHolder::hold(const std::string& owner, Holdings holdings) {
  declare(owner, true, std::move(holdings));
}

void VrfHolder::release(const std::string& owner, Holdings holdings) {
  declare(owner, false, std::move(holdings));
}

void VrfHolder::forget(const std::string& owner) {
  declared_.erase(owner);
  next_.forget(owner);
}

/// Most owners name no VRF: for them nothing is kept and nothing copied.
void VrfHolder::declare(const std::string& owner, bool held, Holdings holdings) {
  auto tables = tables_of(holdings.routes);
  if (tables.empty()) {
    declared_.erase(owner);
    return pass_on(owner, held, std::move(holdings));
  }
  auto& declared = declared_[owner];
  if (held && (!declared.held || declared.tables != tables)) warn_of_missing(owner, tables);
  declared = {held, std::move(holdings), std::move(tables)};
  pass_on(owner, declared);
}

void VrfHolder::pass_on(const std::string& owner, const Declared& declared) {
  Holdings out = declared.holdings;
  out.routes.clear();
  for (auto route : declared.holdings.routes) {
    if (!route.vrf.empty()) route.route.table = declared.tables.at(route.vrf);
    if (route.vrf.empty() || route.route.table != 0) out.routes.push_back(std::move(route));
  }
  pass_on(owner, declared.held, std::move(out));
}

void VrfHolder::pass_on(const std::string& owner, bool held, Holdings holdings) {
  if (held) {
    next_.hold(owner, std::move(holdings));
  } else {
    next_.release(owner, std::move(holdings));
  }
}

void VrfHolder::look_again(const std::string& name) {
  const auto table = table_of(interfaces_, name);
  for (auto& [owner, declared] : declared_) {
    const auto known = declared.tables.find(name);
    if (known == declared.tables.end() || known->second == table) continue;
    known->second = table;
    if (declared.held) warn_of_missing(owner, {*known});
    pass_on(owner, declared);
  }
}

void VrfHolder::warn_of_missing(const std::string& owner, const Tables& tables) {
  for (const auto& [name, table] : tables) {
    if (table != 0) continue;
    logger_.warning(fmt::format("{}: there is no VRF {}; its routes wait for it", owner, name));
  }
}

VrfHolder::Tables VrfHolder::tables_of(const std::vector<WantedRoute>& routes) const {
  Tables out;
  for (const auto& route : routes) {
    if (!route.vrf.empty()) out.try_emplace(route.vrf, table_of(interfaces_, route.vrf));
  }
  return out;
}

}  // namespace hald::net
