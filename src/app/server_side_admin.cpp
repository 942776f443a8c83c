// SPDX-License-Identifier: Apache-2.0
// What operators order of real servers, beside what checks say: it goes into the same evaluation as a
// verdict, and time ends it. Drains are looked at once a second while there are any.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "app/server_side.h"

namespace hald::app {
namespace {

constexpr Duration kTick = std::chrono::seconds(1);
/// Real servers evaluated in one turn of the loop.
constexpr std::size_t kServersPerSlice = 1000;
/// Orders that one look goes over.
constexpr std::size_t kOrdersPerLook = 1000;

std::string text_of(const std::optional<ipvs::AdminOrder>& order) {
  if (!order) return "enabled";
  if (order->mode == ipvs::AdminMode::Weight) return fmt::format("weight {}", order->weight);
  return order->mode == ipvs::AdminMode::Drain ? "drained" : "out for maintenance";
}

}  // namespace

void ServerSide::admin(ipvs::AdminBook book, std::function<void(const ipvs::AdminBook&)> changed) {
  admin_ = std::move(book);
  admin_changed_ = std::move(changed);
  if (!admin_.expire(scheduler_.wall_now()).empty()) admin_changed_(admin_);
}

std::vector<ServerSide::AdminTarget> ServerSide::admin_targets(const AdminRequest& request) const {
  std::vector<AdminTarget> out;
  if (!config_) return out;
  for (std::size_t i = 0; i < checker::service_count(*config_); ++i) {
    const checker::ServiceRef server = checker::service_at(*config_, i);
    for (const auto& real_server : server->real_servers) {
      if (!request.server.means(real_server.endpoint)) continue;
      const checker::ServiceId id = server.id();
      if (!request.service.empty() && !means_service(request.service, id)) break;
      out.push_back({id, {checker::to_string(id), real_server.endpoint}});
    }
  }
  return out;
}

bool ServerSide::order(const std::vector<AdminTarget>& targets,
                       const std::optional<ipvs::AdminOrder>& order) {
  if (order && admin_.all().size() + targets.size() > ipvs::AdminBook::kMost) return false;
  bool any = false;
  for (const AdminTarget& target : targets) {
    const bool changed = order ? admin_.set(target.place, *order) : admin_.erase(target.place);
    if (!changed) continue;
    any = true;
    drains_.forget(target.place);
    ordered_.insert_or_assign(target.place.service, target.service);
    const std::string name = real_server_name(target.service, target.place.server);
    logger_.limited(log::Level::Notice, "admin.order",
                    fmt::format("Real server {} of VS {} is to be {}{}{}", name, target.place.service,
                                text_of(order), order && !order->who.empty() ? ", says " + order->who : "",
                                order && !order->why.empty() ? ": " + order->why : ""),
                    {{"real_server", name}, {"virtual_server", target.place.service}});
    admin_changed(target.place);
  }
  if (any) admin_changed_(admin_);
  arm_admin_tick();
  return true;
}

/// Empty: nothing was ordered of this service's servers.
std::vector<ipvs::AdminEffect> ServerSide::admin_effects(const checker::ServiceRef& server) {
  std::vector<ipvs::AdminEffect> out;
  if (admin_.empty()) return out;
  const checker::ServiceId id = server.id();
  const std::string name = checker::to_string(id);
  if (!admin_.has(name)) return out;
  ordered_.insert_or_assign(name, id);
  out.reserve(server->real_servers.size());
  for (const auto& real_server : server->real_servers) {
    const auto* order = admin_.find(name, real_server.endpoint);
    out.push_back(order == nullptr ? ipvs::AdminEffect{} : ipvs::effect_of(*order));
  }
  return out;
}

void ServerSide::admin_changed(const ipvs::AdminBook::Place& place) {
  const auto service = ordered_.find(place.service);
  if (service == ordered_.end()) return;
  if (!touched_.empty() && touched_.back() == service->second) return;
  touched_.push_back(service->second);
  if (touched_.size() == 1) touch_ = scheduler_.after(Duration::zero(), [this] { touch_some(); });
}

void ServerSide::touch_some() {
  std::size_t work = 0;
  while (!touched_.empty() && work < kServersPerSlice) {
    const checker::ServiceId service = std::move(touched_.front());
    touched_.pop_front();
    const auto server = find(service);
    if (!server) continue;
    const auto running = running_.find(service);
    const std::size_t members = running == running_.end() ? 0 : running->second.members.size();
    work += ((*server)->real_servers.size() + 1) * std::max<std::size_t>(members, 1);
    reevaluate(service);
  }
  if (!touched_.empty()) touch_ = scheduler_.after(Duration::zero(), [this] { touch_some(); });
}

void ServerSide::arm_admin_tick() {
  if (ticking_ || !admin_.needs_time()) return;
  ticking_ = true;
  tick_ = scheduler_.after(kTick, [this] { admin_tick(); });
}

void ServerSide::admin_tick() {
  ticking_ = false;
  const auto over = admin_.expire(scheduler_.wall_now());
  for (const auto& place : over) {
    drains_.forget(place);
    logger_.limited(log::Level::Notice, "admin.over",
                    fmt::format("Real server {} of VS {}: the time of what was ordered is over",
                                place.server.to_string(), place.service));
    admin_changed(place);
  }
  if (!over.empty()) admin_changed_(admin_);
  if (!drains_.looking()) drains_.look(drain_targets());
  arm_admin_tick();
}

void ServerSide::drain_ended(const ipvs::AdminBook::Place& place) {
  if (!admin_.end_drain(place)) return;
  logger_.limited(
      log::Level::Notice, "admin.drained",
      fmt::format("Real server {} of VS {} is drained: no connection is left, it leaves the table",
                  place.server.to_string(), place.service));
  admin_changed(place);
  admin_changed_(admin_);
}

/// In turns, when there are very many.
std::vector<DrainTarget> ServerSide::drain_targets() {
  std::vector<DrainTarget> out;
  const auto& all = admin_.all();
  auto at = looked_at_ ? all.upper_bound(*looked_at_) : all.begin();
  for (std::size_t i = 0; i < std::min(kOrdersPerLook, all.size()); ++i, ++at) {
    if (at == all.end()) at = all.begin();
    looked_at_ = at->first;
    if (ipvs::effect_of(at->second).part != ipvs::AdminEffect::Part::Drain) continue;
    if (auto target = drain_target(at->first)) out.push_back(std::move(*target));
  }
  return out;
}

/// Nothing: it is not configured now.
std::optional<DrainTarget> ServerSide::drain_target(const ipvs::AdminBook::Place& place) const {
  const auto id = ordered_.find(place.service);
  const auto running = id == ordered_.end() ? running_.end() : running_.find(id->second);
  if (running == running_.end() || running->second.generation != generation_) return std::nullopt;
  const checker::ServiceRef server = checker::service_at(*config_, running->second.index);
  const auto found = std::find_if(server->real_servers.begin(), server->real_servers.end(),
                                  [&](const auto& each) { return each.endpoint == place.server; });
  if (found == server->real_servers.end()) return std::nullopt;
  DrainTarget out{place, {}, {}};
  if (const auto* own = server.own()) {
    out.keys.push_back(own->key);
  } else {
    out.keys = running->second.members;
  }
  for (const config::ServiceKey& key : out.keys) {
    out.endpoints.push_back(endpoint_under(key, *found));
    out.quiet = out.quiet && in_kernel(key, *found).value_or(0) == 0;
  }
  return out;
}

}  // namespace hald::app
