// SPDX-License-Identifier: Apache-2.0
#include "app/server_side.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "checker/core/quorum.h"
#include "ipvs/core/members.h"

namespace hald::app {
namespace {

/// Real servers evaluated in one turn of the loop: some hundred microseconds.
constexpr std::size_t kServersPerSlice = 1000;

const config::ServerGroup* group_of(const config::Config& config, const config::GroupServer& server) {
  const auto found = std::find_if(config.server_groups.begin(), config.server_groups.end(),
                                  [&](const auto& group) { return group.name == server.group; });
  return found == config.server_groups.end() ? nullptr : &*found;
}

}  // namespace

std::string real_server_name(const checker::ServiceId& service, const Endpoint& endpoint) {
  const auto protocol = checker::protocol_of(service).value_or(config::Protocol::Tcp);
  return config::to_string(config::ServiceKey{config::ServiceAddress{protocol, endpoint}});
}

ServerSide::ServerSide(Scheduler& scheduler, log::Logger& logger, std::unique_ptr<ipvs::Kernel> kernel,
                       checker::Probes& probes, std::uint64_t seed)
    : scheduler_(scheduler),
      logger_(logger),
      kernel_(std::move(kernel)),
      reconciler_(scheduler, logger, *kernel_),
      runner_(scheduler, logger, probes, seed,
              [this](const checker::ServiceId& service, const Endpoint& endpoint, bool alive,
                     const std::string& reason) { verdict(service, endpoint, alive, reason); }),
      drains_(scheduler, logger, *kernel_, [this](const auto& place) { drain_ended(place); }) {
  reconciler_.on_settled([this](const ipvs::Reconciler::Settled& result) { settled(result); });
}

void ServerSide::apply(std::shared_ptr<const config::Config> config) {
  previous_ = std::exchange(config_, std::move(config));
  ++generation_;
  next_index_ = 0;
  next_member_ = 0;
  claimed_.clear();
  runner_.apply(config_);
  // compat: at the start alone, and what the file wants is adopted all the same.
  if (generation_ == 1 && config_->global.lvs_flush) reconciler_.clear_others();
  reconciler_.begin_desired();
  reconciler_.own(carried_keys_);
  apply_slice();
}

void ServerSide::apply_slice() {
  const std::size_t count = checker::service_count(*config_);
  std::size_t work = 0;
  while (next_index_ < count && work < kServersPerSlice) {
    if (!reach(checker::service_at(*config_, next_index_), work)) break;
    ++next_index_;
    next_member_ = 0;
  }
  if (next_index_ == count) return finish_apply();
  slice_ = scheduler_.after(Duration::zero(), [this] { apply_slice(); });
}

/// False: there are members of the group left for the next slice.
bool ServerSide::reach(const checker::ServiceRef& server, std::size_t& work) {
  Running& running = running_[server.id()];
  if (running.generation != generation_) {
    if (running.started && running.generation + 1 == generation_)
      tell_removed(checker::service_at(*previous_, running.index), &*server, running);
    running.index = next_index_;
    running.generation = generation_;
    if (server.group() != nullptr) running.members = claim_members(*server.group());
    resume(server, running);
    if (!running.started) tell_initial(server);
  }
  const ipvs::ServiceInput input = evaluate(server, running);
  const std::size_t cost = server->real_servers.size() + 1;
  if (const auto* own = server.own()) {
    work += cost;
    reconciler_.want(ipvs::desired_service(*own, input));
    return true;
  }
  for (; next_member_ < running.members.size(); ++next_member_, work += cost) {
    if (work >= kServersPerSlice) return false;
    reconciler_.want(ipvs::desired_member(*server.group(), running.members[next_member_], input));
  }
  return true;
}

/// What nobody else stands for: the first one in the file serves an address, those by themselves before
/// groups.
std::vector<config::ServiceKey> ServerSide::claim_members(const config::GroupServer& server) {
  const auto* group = group_of(*config_, server);
  if (group == nullptr) return {};
  auto members = ipvs::member_keys(*group, server);
  const std::size_t all = members.size();
  std::erase_if(members, [this](const config::ServiceKey& key) {
    const auto single = running_.find(key);
    const bool taken = single != running_.end() && single->second.generation == generation_;
    return taken || !claimed_.insert(key).second;
  });
  if (members.size() < all) {
    logger_.warning(fmt::format("{} of the {} addresses of VS {} belong to another virtual server already",
                                all - members.size(), all, config::name_of(server)));
  }
  return members;
}

void ServerSide::resume(const config::Config& former, CarriedServers carried) {
  runner_.resume(std::move(carried.servers));
  for (auto& quorum : carried.quorums) carried_quorums_.emplace(std::move(quorum.service), quorum.up);
  for (std::size_t i = 0; i < checker::service_count(former); ++i) {
    const checker::ServiceRef server = checker::service_at(former, i);
    if (const auto* own = server.own()) {
      carried_keys_.push_back(own->key);
    } else if (const auto* group = group_of(former, *server.group())) {
      const auto members = ipvs::member_keys(*group, *server.group());
      carried_keys_.insert(carried_keys_.end(), members.begin(), members.end());
    }
  }
}

void ServerSide::resume(const checker::ServiceRef& server, Running& running) {
  if (running.started || carried_quorums_.empty()) return;
  const auto carried = carried_quorums_.find(checker::to_string(server.id()));
  if (carried == carried_quorums_.end()) return;
  running.started = true;
  running.quorum_up = carried->second;
}

CarriedServers ServerSide::carry() const {
  CarriedServers out;
  for (const auto& [id, running] : running_) {
    if (running.started) out.quorums.push_back({checker::to_string(id), running.quorum_up});
  }
  out.servers = runner_.carry();
  return out;
}

void ServerSide::finish_apply() {
  tell_gone_services();
  previous_.reset();
  claimed_.clear();
  carried_quorums_.clear();
  carried_keys_.clear();
  std::erase_if(running_, [this](const auto& entry) { return entry.second.generation != generation_; });
  reconciler_.commit_desired();
  arm_admin_tick();
}

void ServerSide::verdict(const checker::ServiceId& service, const Endpoint& endpoint, bool alive,
                         const std::string& reason) {
  if (const auto server = find(service)) tell_server(*server, endpoint, alive, reason);
  reevaluate(service);
}

void ServerSide::reevaluate(const checker::ServiceId& service) {
  const auto found = running_.find(service);
  // A service that the apply() under way has not reached yet is evaluated when it gets there.
  if (found == running_.end() || found->second.generation != generation_) return;
  const checker::ServiceRef server = checker::service_at(*config_, found->second.index);
  const ipvs::ServiceInput input = evaluate(server, found->second);
  if (const auto* own = server.own()) return reconciler_.update(ipvs::desired_service(*own, input));
  for (const config::ServiceKey& member : found->second.members)
    reconciler_.update(ipvs::desired_member(*server.group(), member, input));
}

/// What is known of the real servers now.
/// compat: without a sorry server the live real servers stay in the table when the quorum is lost.
ipvs::ServiceInput ServerSide::evaluate(const checker::ServiceRef& server, Running& running) {
  ipvs::ServiceInput input;
  input.in.reserve(server->real_servers.size());
  input.admin = admin_effects(server);
  const checker::ServiceId id = server.id();
  std::uint64_t live_weight = 0;
  for (std::size_t i = 0; i < server->real_servers.size(); ++i) {
    const auto& real_server = server->real_servers[i];
    const bool alive = runner_.alive(id, real_server);
    input.in.push_back(alive);
    const auto effect = input.admin.empty() ? ipvs::AdminEffect{} : input.admin[i];
    if (alive) live_weight += static_cast<std::uint64_t>(ipvs::weight_of(effect, real_server.weight));
  }
  fold_quorum(server, running, live_weight);
  input.quorum_up = running.quorum_up;
  return input;
}

void ServerSide::fold_quorum(const checker::ServiceRef& server, Running& running, std::uint64_t live_weight) {
  const checker::QuorumParams params{server->quorum, server->hysteresis};
  const bool was_up = running.quorum_up;
  const bool first = !running.started;
  running.started = true;
  running.quorum_up = first ? checker::initial_quorum(params, live_weight)
                            : checker::fold_quorum(was_up, params, live_weight);
  if (first ? !running.quorum_up && !server->sorry_server : running.quorum_up == was_up) return;
  tell_quorum(server, running.quorum_up, live_weight, first);
}

/// compat: at the start a quorum that is there is gained, and one that is not there is worth a word only if
/// there is a sorry server.
void ServerSide::tell_quorum(const checker::ServiceRef& server, bool up, std::uint64_t live_weight,
                             bool at_start) {
  const std::string name = checker::to_string(server.id());
  const std::string text =
      up ? fmt::format("Gained quorum {}+{}={} <= {}", server->quorum, server->hysteresis,
                       std::uint64_t{server->quorum} + server->hysteresis, live_weight)
         : fmt::format("{} {}-{}={} > {}", at_start ? "Starting with quorum down" : "Lost quorum",
                       server->quorum, server->hysteresis, std::int64_t{server->quorum} - server->hysteresis,
                       live_weight);
  const std::string line = fmt::format("{} for VS {}", text, name);
  if (up && !at_start) {  // at the start that is what is to be expected, maybe thousands of times
    logger_.info(line, {{"virtual_server", name}});
  } else if (!up) {
    logger_.warning(line, {{"virtual_server", name}});
  }
  if (!up || !at_start) log_sorry_server(server, up);
  if (observer_.on_quorum) observer_.on_quorum({server, up, text});
}

/// What the quorum does to the sorry server, and that to the others.
void ServerSide::log_sorry_server(const checker::ServiceRef& server, bool quorum_up) const {
  if (!server->sorry_server) return;
  const config::SorryServer& sorry = *server->sorry_server;
  const std::string name = checker::to_string(server.id());
  const char* const act =
      quorum_up ? (sorry.inhibit ? "Disabling" : "Removing") : (sorry.inhibit ? "Enabling" : "Adding");
  logger_.info(fmt::format("{} sorry server {} {} VS {}", act, real_server_name(server.id(), sorry.endpoint),
                           quorum_up ? "from" : "to", name),
               {{"virtual_server", name}});
  logger_.info(fmt::format("{} the pool for VS {}",
                           quorum_up ? "Adding alive servers to" : "Removing alive servers from", name),
               {{"virtual_server", name}});
}

void ServerSide::log_verdict(const checker::ServiceId& id, const config::RealServer& real_server, bool alive,
                             const std::string& reason) const {
  const std::string name = real_server_name(id, real_server.endpoint);
  const std::string service = checker::to_string(id);
  const bool stays = real_server.inhibit_on_failure;
  const char* const act = alive ? (stays ? "Enabling" : "Adding") : (stays ? "Disabling" : "Removing");
  const char* const where = stays ? "of" : (alive ? "to" : "from");
  logger_.info(fmt::format("{} service {} {} VS {}", act, name, where, service),
               {{"real_server", name}, {"virtual_server", service}, {"reason", reason}});
}

void ServerSide::tell_server(const checker::ServiceRef& server, const Endpoint& endpoint, bool alive,
                             const std::string& reason) const {
  const auto found = std::find_if(server->real_servers.begin(), server->real_servers.end(),
                                  [&](const auto& each) { return each.endpoint == endpoint; });
  if (found == server->real_servers.end()) return;
  log_verdict(server.id(), *found, alive, reason);
  if (observer_.on_server) observer_.on_server({server, *found, alive, reason});
}

void ServerSide::tell_initial(const checker::ServiceRef& server) const {
  if (!observer_.on_server || !config_->global.rs_init_notifies) return;
  const checker::ServiceId id = server.id();
  for (const auto& real_server : server->real_servers) {
    if (runner_.alive(id, real_server))
      observer_.on_server({server, real_server, true, "in from the start", true});
  }
}

/// What a reload takes away while it is alive goes down.
void ServerSide::tell_removed(const checker::ServiceRef& before, const config::Service* now,
                              const Running& running) const {
  if (!observer_.on_server) return;
  std::set<Endpoint> stay;
  if (now != nullptr) {
    for (const auto& server : now->real_servers) stay.insert(server.endpoint);
  }
  const auto* own = before.own();
  for (const auto& server : before->real_servers) {
    if (stay.contains(server.endpoint)) continue;
    if (own == nullptr && running.members.empty()) continue;
    const auto held = in_kernel(own != nullptr ? own->key : running.members.front(), server);
    const bool inhibited = server.inhibit_on_failure && held == 0 && server.weight > 0;
    if (held && !inhibited) observer_.on_server({before, server, false, "Removing"});
  }
}

void ServerSide::tell_gone_services() const {
  for (const auto& [id, running] : running_) {
    if (running.generation + 1 != generation_) continue;
    const auto server = checker::service_at(*previous_, running.index);
    tell_removed(server, nullptr, running);
    if (running.quorum_up && observer_.on_quorum) observer_.on_quorum({server, false, "Removing"});
  }
}

/// compat: scripts, pipes and mails hear of a stop only with `omega`.
void ServerSide::tell_the_end() const {
  if (!config_ || !observer_.on_server) return;
  for (std::size_t i = 0; i < checker::service_count(*config_); ++i) {
    const auto server = checker::service_at(*config_, i);
    if (!server->omega || !running_.contains(server.id())) continue;
    for (const auto& real_server : server->real_servers) {
      if (runner_.alive(server.id(), real_server))
        observer_.on_server({server, real_server, false, "Shutting down"});
    }
    observer_.on_quorum({server, false, "Shutting down"});
  }
}

/// As configured now. While an apply() is under way an index may still be that of the configuration before.
std::optional<checker::ServiceRef> ServerSide::find(const checker::ServiceId& service) const {
  const auto known = running_.find(service);
  if (known != running_.end() && known->second.generation == generation_)
    return checker::service_at(*config_, known->second.index);
  for (std::size_t i = 0; i < checker::service_count(*config_); ++i) {
    const auto server = checker::service_at(*config_, i);
    if (server.id() == service) return server;
  }
  return {};
}

/// The server as the kernel knows it in the service with that key.
Endpoint ServerSide::endpoint_under(const config::ServiceKey& key, const config::RealServer& server) {
  Endpoint endpoint = server.endpoint;
  if (server.method.forwarding == config::Forwarding::Nat) return endpoint;
  const auto* address = std::get_if<config::ServiceAddress>(&key);
  endpoint.port = address == nullptr ? std::uint16_t{0} : address->endpoint.port;
  return endpoint;
}

/// The weight in the kernel, under one of the keys of the service.
std::optional<std::int32_t> ServerSide::in_kernel(const config::ServiceKey& key,
                                                  const config::RealServer& server) const {
  return reconciler_.in_kernel(key, endpoint_under(key, server));
}

void ServerSide::settled(const ipvs::Reconciler::Settled& result) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(result.took).count();
  const std::string text =
      fmt::format("IPVS table ({}): {} services with {} real servers in place, {} writes in {} ms",
                  kernel_->name(), result.services, result.destinations, result.writes, took);
  if (result.failing == 0) return logger_.info(text);
  logger_.warning(
      fmt::format("{}, {} services are refused by the kernel and tried again", text, result.failing));
}

void ServerSide::stop(bool keep_table, std::function<void(std::size_t left)> done) {
  slice_.cancel();
  touch_.cancel();
  tick_.cancel();
  tell_the_end();
  runner_.stop();
  if (keep_table) return done(0);
  const bool everything = config_ && config_->global.lvs_flush_on_stop == config::LvsFlushOnStop::All;
  reconciler_.remove_all(std::move(done), everything);
}

}  // namespace hald::app
