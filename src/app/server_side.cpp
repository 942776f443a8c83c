// SPDX-License-Identifier: Apache-2.0
#include "app/server_side.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "checker/core/quorum.h"
#include "ipvs/core/desired.h"

namespace hald::app {
namespace {

/// Real servers evaluated in one turn of the loop: some hundred microseconds.
constexpr std::size_t kServersPerSlice = 1000;

}  // namespace

std::string real_server_name(const config::ServiceKey& key, const Endpoint& endpoint) {
  const auto* service = std::get_if<config::ServiceAddress>(&key);
  const auto protocol = service == nullptr ? config::Protocol::Tcp : service->protocol;
  return config::to_string(config::ServiceKey{config::ServiceAddress{protocol, endpoint}});
}

ServerSide::ServerSide(Scheduler& scheduler, log::Logger& logger, std::unique_ptr<ipvs::Kernel> kernel,
                       checker::Probes& probes, std::uint64_t seed)
    : scheduler_(scheduler),
      logger_(logger),
      kernel_(std::move(kernel)),
      reconciler_(scheduler, logger, *kernel_),
      runner_(scheduler, logger, probes, seed,
              [this](const config::ServiceKey& key, const Endpoint& endpoint, bool alive,
                     const std::string& reason) { verdict(key, endpoint, alive, reason); }) {
  reconciler_.on_settled([this](const ipvs::Reconciler::Settled& result) { settled(result); });
}

void ServerSide::apply(std::shared_ptr<const config::Config> config) {
  previous_ = std::exchange(config_, std::move(config));
  ++generation_;
  next_index_ = 0;
  runner_.apply(config_);
  reconciler_.begin_desired();
  apply_slice();
}

void ServerSide::apply_slice() {
  const auto& servers = config_->virtual_servers;
  std::size_t work = 0;
  while (next_index_ < servers.size() && work < kServersPerSlice) {
    const config::VirtualServer& server = servers[next_index_];
    Running& running = running_[server.key];
    if (running.started && running.generation + 1 == generation_)
      tell_removed(previous_->virtual_servers[running.index], &server);
    running.index = next_index_++;
    running.generation = generation_;
    if (!running.started) tell_initial(server);
    reconciler_.want(evaluate(server, running));
    work += server.real_servers.size() + 1;
  }
  if (next_index_ == servers.size()) return finish_apply();
  slice_ = scheduler_.after(Duration::zero(), [this] { apply_slice(); });
}

void ServerSide::finish_apply() {
  tell_gone_services();
  previous_.reset();
  std::erase_if(running_, [this](const auto& entry) { return entry.second.generation != generation_; });
  reconciler_.commit_desired();
}

void ServerSide::verdict(const config::ServiceKey& key, const Endpoint& endpoint, bool alive,
                         const std::string& reason) {
  if (const auto* server = find(key)) tell_server(*server, endpoint, alive, reason);
  const auto found = running_.find(key);
  // A service that the apply() under way has not reached yet is evaluated when it gets there.
  if (found == running_.end() || found->second.generation != generation_) return;
  reconciler_.update(evaluate(config_->virtual_servers[found->second.index], found->second));
}

/// What the kernel should hold for a virtual server now.
/// compat: without a sorry server the live real servers stay in the table when the quorum is lost.
ipvs::Service ServerSide::evaluate(const config::VirtualServer& server, Running& running) {
  ipvs::ServiceInput input;
  input.in.reserve(server.real_servers.size());
  std::uint64_t live_weight = 0;
  for (const auto& real_server : server.real_servers) {
    const bool alive = runner_.alive(server.key, real_server);
    input.in.push_back(alive);
    if (alive) live_weight += static_cast<std::uint64_t>(real_server.weight);
  }
  fold_quorum(server, running, live_weight);
  input.quorum_up = running.quorum_up;
  return ipvs::desired_service(server, input);
}

void ServerSide::fold_quorum(const config::VirtualServer& server, Running& running,
                             std::uint64_t live_weight) {
  const checker::QuorumParams params{server.quorum, server.hysteresis};
  const bool was_up = running.quorum_up;
  const bool first = !running.started;
  running.started = true;
  running.quorum_up = first ? checker::initial_quorum(params, live_weight)
                            : checker::fold_quorum(was_up, params, live_weight);
  if (first ? !running.quorum_up && !server.sorry_server : running.quorum_up == was_up) return;
  tell_quorum(server, running.quorum_up, live_weight, first);
}

/// compat: at the start a quorum that is there is gained, and one that is not there is worth a word only if
/// there is a sorry server.
void ServerSide::tell_quorum(const config::VirtualServer& server, bool up, std::uint64_t live_weight,
                             bool at_start) {
  const std::string name = config::to_string(server.key);
  const std::string text =
      up ? fmt::format("Gained quorum {}+{}={} <= {}", server.quorum, server.hysteresis,
                       std::uint64_t{server.quorum} + server.hysteresis, live_weight)
         : fmt::format("{} {}-{}={} > {}", at_start ? "Starting with quorum down" : "Lost quorum",
                       server.quorum, server.hysteresis, std::int64_t{server.quorum} - server.hysteresis,
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
void ServerSide::log_sorry_server(const config::VirtualServer& server, bool quorum_up) const {
  if (!server.sorry_server) return;
  const config::SorryServer& sorry = *server.sorry_server;
  const std::string name = config::to_string(server.key);
  const char* const act =
      quorum_up ? (sorry.inhibit ? "Disabling" : "Removing") : (sorry.inhibit ? "Enabling" : "Adding");
  logger_.info(fmt::format("{} sorry server {} {} VS {}", act, real_server_name(server.key, sorry.endpoint),
                           quorum_up ? "from" : "to", name),
               {{"virtual_server", name}});
  logger_.info(fmt::format("{} the pool for VS {}",
                           quorum_up ? "Adding alive servers to" : "Removing alive servers from", name),
               {{"virtual_server", name}});
}

void ServerSide::log_verdict(const config::VirtualServer& server, const config::RealServer& real_server,
                             bool alive, const std::string& reason) const {
  const std::string name = real_server_name(server.key, real_server.endpoint);
  const std::string service = config::to_string(server.key);
  const bool stays = real_server.inhibit_on_failure;
  const char* const act = alive ? (stays ? "Enabling" : "Adding") : (stays ? "Disabling" : "Removing");
  const char* const where = stays ? "of" : (alive ? "to" : "from");
  logger_.info(fmt::format("{} service {} {} VS {}", act, name, where, service),
               {{"real_server", name}, {"virtual_server", service}, {"reason", reason}});
}

void ServerSide::tell_server(const config::VirtualServer& server, const Endpoint& endpoint, bool alive,
                             const std::string& reason) const {
  const auto found = std::find_if(server.real_servers.begin(), server.real_servers.end(),
                                  [&](const auto& each) { return each.endpoint == endpoint; });
  if (found == server.real_servers.end()) return;
  log_verdict(server, *found, alive, reason);
  if (observer_.on_server) observer_.on_server({server, *found, alive, reason});
}

void ServerSide::tell_initial(const config::VirtualServer& server) const {
  if (!observer_.on_server || !config_->global.rs_init_notifies) return;
  for (const auto& real_server : server.real_servers) {
    if (runner_.alive(server.key, real_server))
      observer_.on_server({server, real_server, true, "in from the start", true});
  }
}

/// What a reload takes away while it is alive goes down.
void ServerSide::tell_removed(const config::VirtualServer& before, const config::VirtualServer* now) const {
  if (!observer_.on_server) return;
  std::set<Endpoint> stay;
  if (now != nullptr) {
    for (const auto& server : now->real_servers) stay.insert(server.endpoint);
  }
  for (const auto& server : before.real_servers) {
    if (stay.contains(server.endpoint)) continue;
    const auto held = reconciler_.in_kernel(before.key, server.endpoint);
    const bool inhibited = server.inhibit_on_failure && held == 0 && server.weight > 0;
    if (held && !inhibited) observer_.on_server({before, server, false, "Removing"});
  }
}

void ServerSide::tell_gone_services() const {
  for (const auto& [key, running] : running_) {
    if (running.generation + 1 != generation_) continue;
    const auto& server = previous_->virtual_servers[running.index];
    tell_removed(server, nullptr);
    if (running.quorum_up && observer_.on_quorum) observer_.on_quorum({server, false, "Removing"});
  }
}

/// compat: scripts, pipes and mails hear of a stop only with `omega`.
void ServerSide::tell_the_end() const {
  if (!config_ || !observer_.on_server) return;
  for (const auto& server : config_->virtual_servers) {
    const auto running = running_.find(server.key);
    if (!server.omega || running == running_.end()) continue;
    for (const auto& real_server : server.real_servers) {
      if (runner_.alive(server.key, real_server))
        observer_.on_server({server, real_server, false, "Shutting down"});
    }
    observer_.on_quorum({server, false, "Shutting down"});
  }
}

/// As configured now. While an apply() is under way an index may still be that of the configuration before.
const config::VirtualServer* ServerSide::find(const config::ServiceKey& key) const {
  const auto known = running_.find(key);
  const auto& servers = config_->virtual_servers;
  if (known != running_.end() && known->second.generation == generation_)
    return &servers[known->second.index];
  const auto found =
      std::find_if(servers.begin(), servers.end(), [&](const auto& each) { return each.key == key; });
  return found == servers.end() ? nullptr : &*found;
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
  tell_the_end();
  runner_.stop();
  if (keep_table) return done(0);
  reconciler_.remove_all(std::move(done));
}

status::VirtualServerView ServerSide::view(const config::VirtualServer& server) const {
  status::VirtualServerView view;
  view.key = server.key;
  view.scheduler = server.scheduler;
  view.forwarding = server.method.forwarding;
  view.persistence_timeout = server.persistence_timeout;
  const auto found = running_.find(server.key);
  view.quorum_up = found != running_.end() && found->second.quorum_up;
  view.real_servers.reserve(server.real_servers.size());
  for (const auto& real_server : server.real_servers)
    view.real_servers.push_back(this->view(server.key, real_server));
  return view;
}

status::RealServerView ServerSide::view(const config::ServiceKey& key,
                                        const config::RealServer& server) const {
  checker::ServerView seen = runner_.view(key, server);
  return {server.endpoint,
          server.weight,
          server.method.forwarding,
          seen.alive,
          seen.since,
          std::move(seen.reason),
          reconciler_.in_kernel(key, server.endpoint),
          std::move(seen.checks)};
}

}  // namespace hald::app
