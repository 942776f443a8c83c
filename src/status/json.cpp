// SPDX-License-Identifier: Apache-2.0
#include "status/json.h"

#include <array>
#include <ctime>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace hald::status {
namespace {

namespace json = boost::json;

/// Real servers rendered in one piece; about a quarter of a millisecond's work.
constexpr std::size_t kServersPerPiece = 100;

std::int64_t microseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

json::object adverts_json(const vrrp::AdvertStatistics& adverts) {
  return {{"sent", adverts.sent},
          {"received", adverts.received},
          {"lateness_max_us", microseconds(adverts.lateness_max)}};
}

json::object lateness_json(const vrrp::Lateness& lateness) {
  json::array buckets;
  for (const auto& bucket : lateness.buckets()) {
    buckets.emplace_back(json::object{{"below_us", microseconds(bucket.below)}, {"count", bucket.count}});
  }
  return {{"count", lateness.count()},
          {"p50_us", microseconds(lateness.percentile(500))},
          {"p99_us", microseconds(lateness.percentile(990))},
          {"p999_us", microseconds(lateness.percentile(999))},
          {"max_us", microseconds(lateness.max())},
          {"buckets", std::move(buckets)}};
}

json::object packets_json(const vrrp::PacketCounters& packets) {
  return {{"length_errors", packets.length_errors},
          {"ttl_errors", packets.ttl_errors},
          {"checksum_errors", packets.checksum_errors},
          {"version_errors", packets.version_errors},
          {"type_errors", packets.type_errors},
          {"auth_type_errors", packets.auth_type_errors},
          {"auth_failures", packets.auth_failures},
          {"interval_errors", packets.interval_errors},
          {"address_list_errors", packets.address_list_errors},
          {"empty_list_errors", packets.empty_list_errors},
          {"destination_errors", packets.destination_errors},
          {"own_packets", packets.own_packets},
          {"owner_ignored", packets.owner_ignored},
          {"unknown_peers", packets.unknown_peers},
          {"checksum_rfc_form", packets.checksum_rfc_form},
          {"checksum_pseudo_form", packets.checksum_pseudo_form},
          {"priority_zero_received", packets.priority_zero_received},
          {"priority_zero_sent", packets.priority_zero_sent}};
}

json::object tracked_json(const vrrp::TrackView& view) {
  return {{"kind", view.kind},         {"name", view.name},     {"state", view.state},
          {"words", view.words},       {"weight", view.weight}, {"reverse", view.reverse},
          {"priority", view.priority}, {"fault", view.fault},   {"of_group", view.of_group}};
}

json::object conflict_json(const vrrp::ConflictView& view) {
  json::array addresses;
  for (const auto& each : view.addresses) addresses.emplace_back(each.to_string());
  return {{"kind", view.kind},
          {"source", view.source.to_string()},
          {"priority", view.priority},
          {"count", view.count},
          {"since", to_rfc3339(view.since)},
          {"reason", view.reason},
          {"addresses", std::move(addresses)}};
}

json::object instance_json(const vrrp::InstanceView& view) {
  json::array addresses(view.addresses.begin(), view.addresses.end());
  json::array tracked;
  for (const auto& each : view.tracked) tracked.emplace_back(tracked_json(each));
  json::array conflicts;
  for (const auto& each : view.conflicts) conflicts.emplace_back(conflict_json(each));
  json::array excluded(view.excluded_addresses.begin(), view.excluded_addresses.end());
  json::value master = nullptr;
  if (view.master_address) master = json::string(view.master_address->to_string());
  return {{"name", view.name},
          {"interface", view.interface},
          {"vrid", view.vrid},
          {"family", to_string(view.family)},
          {"state", view.state},
          {"base_priority", view.base_priority},
          {"priority", view.priority},
          {"since", to_rfc3339(view.since)},
          {"reason", view.reason},
          {"master_address", master},
          {"addresses", std::move(addresses)},
          {"excluded_addresses", std::move(excluded)},
          {"adverts", adverts_json(view.adverts)},
          {"packets", packets_json(view.packets)},
          {"transitions_to_master", view.transitions_to_master},
          {"yields", view.yields},
          {"tracked", std::move(tracked)},
          {"conflicts", std::move(conflicts)}};
}

json::object group_json(const vrrp::GroupView& view) {
  return {{"name", view.name},
          {"state", view.state},
          {"since", to_rfc3339(view.since)},
          {"reason", view.reason},
          {"members", json::array(view.members.begin(), view.members.end())}};
}

json::object check_json(const checker::CheckView& view) {
  json::value last = nullptr;
  if (view.last)
    last = json::object{{"outcome", view.last->outcome}, {"took_us", microseconds(view.last->took)}};
  return {{"type", view.type},
          {"state", view.state},
          {"since", to_rfc3339(view.since)},
          {"reason", view.reason},
          {"last", std::move(last)}};
}

json::value admin_json(const RealServerView& view) {
  if (!view.admin) return nullptr;
  const ipvs::AdminOrder& order = *view.admin;
  json::value weight = nullptr;
  json::value until = nullptr;
  json::value connections = nullptr;
  if (order.mode == ipvs::AdminMode::Weight) weight = order.weight;
  if (order.until) until = json::string(to_rfc3339(*order.until));
  if (view.connections) connections = *view.connections;
  return json::object{{"state", ipvs::state_of(order)},
                      {"weight", std::move(weight)},
                      {"since", to_rfc3339(order.since)},
                      {"until", std::move(until)},
                      {"who", order.who},
                      {"why", order.why},
                      {"connections", std::move(connections)}};
}

json::object real_server_json(const RealServerView& view) {
  json::array checks;
  for (const auto& check : view.checks) checks.emplace_back(check_json(check));
  json::value in_kernel = nullptr;
  if (view.in_kernel) in_kernel = *view.in_kernel;
  json::value since = nullptr;
  if (view.since) since = json::string(to_rfc3339(*view.since));
  return {{"address", view.endpoint.address.to_string()},
          {"port", view.endpoint.port},
          {"weight", view.weight},
          {"forwarding", config::to_string(view.forwarding)},
          {"state", view.up ? "UP" : "DOWN"},
          {"since", std::move(since)},
          {"reason", view.reason},
          {"in_kernel", std::move(in_kernel)},
          {"admin", admin_json(view)},
          {"checks", std::move(checks)}};
}

json::object virtual_server_json(const VirtualServerView& view) {
  json::array servers;
  for (const auto& server : view.real_servers) servers.emplace_back(real_server_json(server));
  json::value protocol = nullptr;
  json::value address = nullptr;
  json::value port = nullptr;
  json::value fwmark = nullptr;
  json::value group = nullptr;
  if (!view.group.empty()) {
    group = json::string(view.group);
    if (const auto* service = std::get_if<config::ServiceAddress>(&view.key))
      protocol = json::string(config::to_string(service->protocol));
  } else if (const auto* mark = std::get_if<config::FirewallMark>(&view.key)) {
    fwmark = mark->mark;
  } else {
    const auto& service = std::get<config::ServiceAddress>(view.key);
    protocol = json::string(config::to_string(service.protocol));
    address = json::string(service.endpoint.address.to_string());
    port = service.endpoint.port;
  }
  return {{"protocol", std::move(protocol)},
          {"address", std::move(address)},
          {"port", std::move(port)},
          {"fwmark", std::move(fwmark)},
          {"group", std::move(group)},
          {"members", view.members},
          {"scheduler", view.scheduler},
          {"forwarding", config::to_string(view.forwarding)},
          {"persistence_timeout", view.persistence_timeout},
          {"quorum_up", view.quorum_up},
          {"real_servers", std::move(servers)}};
}

std::string head_text(const Head& head) {
  json::array instances;
  for (const auto& instance : head.instances) instances.emplace_back(instance_json(instance));
  json::array groups;
  for (const auto& group : head.sync_groups) groups.emplace_back(group_json(group));
  const json::object object{
      {"version", 1},
      {"node", {{"name", head.node.name}, {"pid", head.node.pid}, {"version", head.node.version}}},
      {"config",
       {{"file", head.config.file},
        {"loaded_at", to_rfc3339(head.config.loaded_at)},
        {"stale", head.config.stale},
        {"reason", head.config.reason},
        {"errors", head.config.errors}}},
      {"kernel",
       {{"ipvs", head.kernel.ipvs},
        {"ipvs_writes", head.kernel.ipvs_writes},
        {"ipvs_errors", head.kernel.ipvs_errors},
        {"ipvs_drift", head.kernel.ipvs_drift},
        {"address_writes", head.kernel.address_writes},
        {"address_drift", head.kernel.address_drift},
        {"routing_writes", head.kernel.routing_writes},
        {"routing_drift", head.kernel.routing_drift},
        {"filter_writes", head.kernel.filter_writes},
        {"filter_drift", head.kernel.filter_drift},
        {"sysctl_drift", head.kernel.sysctl_drift},
        {"sysctl_problems",
         json::array(head.kernel.sysctl_problems.begin(), head.kernel.sysctl_problems.end())}}},
      {"stray_packets",
       {{"unknown_vrid", head.stray_packets.unknown_vrid}, {"unreadable", head.stray_packets.unreadable}}},
      {"advert_lateness", lateness_json(head.lateness)},
      {"instances", std::move(instances)},
      {"sync_groups", std::move(groups)}};
  std::string text = json::serialize(object);
  text.back() = ',';  // the closing brace comes with the last piece
  return text + "\"virtual_servers\":[";
}

}  // namespace

std::string admin_text(const std::string& service, const RealServerView& view) {
  json::value in_kernel = nullptr;
  if (view.in_kernel) in_kernel = *view.in_kernel;
  return json::serialize(json::object{{"service", service},
                                      {"address", view.endpoint.address.to_string()},
                                      {"port", view.endpoint.port},
                                      {"in_kernel", std::move(in_kernel)},
                                      {"admin", admin_json(view)}});
}

std::string to_rfc3339(WallTime when) {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
  const auto seconds = static_cast<std::time_t>(since_epoch / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return fmt::format("{}.{:03}Z", std::string_view(text.data(), size), since_epoch % 1000);
}

std::string JsonStream::next() {
  if (stage_ == Stage::Head) {
    stage_ = Stage::Services;
    return head_text(source_->head());
  }
  std::string text;
  std::size_t servers = 0;
  while (index_ < source_->virtual_servers() && servers < kServersPerPiece) {
    if (index_ > 0) text += ',';
    const VirtualServerView view = source_->virtual_server(index_++);
    servers += view.real_servers.size() + 1;
    text += json::serialize(virtual_server_json(view));
  }
  if (index_ >= source_->virtual_servers()) {
    stage_ = Stage::Done;
    text += "]}\n";
  }
  return text;
}

}  // namespace hald::status
