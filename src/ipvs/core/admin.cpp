// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/admin.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hald::ipvs {
namespace {

bool draining(const AdminOrder& order) {
  return order.mode == AdminMode::Drain && !order.gone;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

}  // namespace

std::string_view state_of(const AdminOrder& order) {
  if (order.mode == AdminMode::Drain) return order.gone ? "drained" : "drain";
  return order.mode == AdminMode::Weight ? "weight" : "maintenance";
}

AdminEffect effect_of(const AdminOrder& order) {
  if (order.mode == AdminMode::Weight) return {AdminEffect::Part::Full, order.weight};
  return {draining(order) ? AdminEffect::Part::Drain : AdminEffect::Part::Out, std::nullopt};
}

std::int32_t weight_of(const AdminEffect& effect, std::int32_t configured) {
  return effect.part == AdminEffect::Part::Full ? effect.weight.value_or(configured) : 0;
}

bool AdminBook::has(const std::string& service) const {
  const auto at = orders_.lower_bound(Place{service, {}});
  return at != orders_.end() && at->first.service == service;
}

const AdminOrder* AdminBook::find(const std::string& service, const Endpoint& server) const {
  const auto at = orders_.find(Place{service, server});
  return at == orders_.end() ? nullptr : &at->second;
}

bool AdminBook::set(const Place& place, AdminOrder order) {
  if (orders_.size() >= kMost && !orders_.contains(place)) return false;
  orders_.insert_or_assign(place, std::move(order));
  return true;
}

bool AdminBook::erase(const Place& place) {
  return orders_.erase(place) > 0;
}

bool AdminBook::end_drain(const Place& place) {
  const auto at = orders_.find(place);
  if (at == orders_.end() || !draining(at->second)) return false;
  at->second.gone = true;
  return true;
}

std::vector<AdminBook::Place> AdminBook::expire(WallTime now) {
  std::vector<Place> changed;
  for (auto at = orders_.begin(); at != orders_.end();) {
    AdminOrder& order = at->second;
    const bool over = order.until && *order.until <= now && !order.gone;
    if (over) changed.push_back(at->first);
    if (over && order.mode != AdminMode::Drain) {
      at = orders_.erase(at);
      continue;
    }
    if (over) order.gone = true;
    ++at;
  }
  return changed;
}

bool AdminBook::needs_time() const {
  return std::any_of(orders_.begin(), orders_.end(), [](const auto& each) {
    return draining(each.second) || (each.second.until && !each.second.gone);
  });
}

Result<ServerName> parse_server_name(std::string_view text) {
  const auto wrong = [&] { return protocol_error("read the server '" + std::string(text) + "'"); };
  if (auto whole = Address::parse(text)) return ServerName{*whole, std::nullopt};
  const std::size_t colon = text.rfind(':');
  const bool bracketed = !text.empty() && text.front() == '[';
  std::string_view address = text;
  std::optional<std::uint16_t> port;
  if (!bracketed || text.back() != ']') {
    if (colon == std::string_view::npos) return wrong();
    port = parse_port(text.substr(colon + 1));
    if (!port) return wrong();
    address = text.substr(0, colon);
  }
  if (bracketed) {
    if (address.size() < 2 || address.back() != ']') return wrong();
    address = address.substr(1, address.size() - 2);
  }
  const auto parsed = Address::parse(address);
  if (!parsed || parsed->is_v4() == bracketed) return wrong();
  return ServerName{*parsed, port};
}

}  // namespace hald::ipvs
