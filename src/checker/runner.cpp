// SPDX-License-Identifier: Apache-2.0
#include "checker/runner.h"

#include <algorithm>

#include <fmt/format.h>

#include "checker/check_run.h"
#include "checker/core/check.h"

namespace hald::checker {
namespace {

/// Work done in one go, in units of looking at a real server without checks; one with checks costs more,
/// because a check that starts or ends is logged. All in all well under a millisecond.
constexpr std::size_t kSlice = 2000;
constexpr std::size_t kServerWithChecks = 10;

/// compat: a real server is named by the service's protocol, and "none" stands for a firewall mark's.
std::string_view protocol_word(const ServiceId& id) {
  const auto protocol = protocol_of(id);
  return protocol ? config::to_string(*protocol) : "none";
}

/// Under which a real server of the run before is found.
std::string carried_key(const std::string& service, const Endpoint& endpoint) {
  return service + " " + endpoint.to_string();
}

}  // namespace

/// A real server that has checks.
struct Runner::Server final : RunOwner {
  Server(Runner& runner_, const ServiceId& service_, const Endpoint& endpoint_)
      : runner(runner_), service(service_), endpoint(endpoint_), since(runner_.scheduler_.wall_now()) {}

  [[nodiscard]] std::string server_name() const override {
    return fmt::format("[{}]:{}:{}", endpoint.address.to_string(), protocol_word(service), endpoint.port);
  }
  [[nodiscard]] std::string service_name() const override { return to_string(service); }
  void state_changed() override { runner.judge(*this); }
  [[nodiscard]] std::size_t failed() const {
    return static_cast<std::size_t>(
        std::count_if(runs.begin(), runs.end(), [](const auto& run) { return !run->up(); }));
  }
  [[nodiscard]] std::string reason() const;

  Runner& runner;
  const ServiceId& service;  // the key of the map's node
  Endpoint endpoint;
  bool alive = true;
  std::uint32_t generation = 0;
  WallTime since;
  std::vector<std::unique_ptr<CheckRun>> runs;
};

struct Runner::Service {
  std::unordered_map<Endpoint, Server> servers;
  std::uint32_t generation = 0;
};

/// How far apply() has come.
struct Runner::Work {
  std::size_t service = 0;  // of the new configuration
  std::size_t server = 0;
  /// Older configurations: their checks still run until reached, and what is gone is found through them.
  std::vector<std::shared_ptr<const config::Config>> previous;
  std::size_t gone = 0;  // a service of previous.back()
};

std::string Runner::Server::reason() const {
  if (runs.empty()) return "no checks";
  const CheckRun* telling = runs.front().get();
  for (const auto& run : runs) {
    if (!run->up() && telling->up()) telling = run.get();
  }
  const auto dead = failed();
  if (dead == 0 || runs.size() == 1) return telling->story();
  return fmt::format("{} of {} checks failed; {}", dead, runs.size(), telling->story());
}

Runner::Runner(Scheduler& scheduler, log::Logger& logger, Probes& probes, std::uint64_t seed,
               Observer observer)
    : context_(std::make_unique<RunContext>(RunContext{scheduler, logger, probes, rng_})),
      scheduler_(scheduler),
      logger_(logger),
      rng_(seed),
      observer_(std::move(observer)) {}

Runner::~Runner() = default;

void Runner::apply(std::shared_ptr<const config::Config> config) {
  auto work = std::make_unique<Work>();
  if (work_) work->previous = std::move(work_->previous);
  if (config_) work->previous.push_back(std::move(config_));
  config_ = std::move(config);
  context_->log_all_failures = config_->global.checker_log_all_failures;
  work_ = std::move(work);
  ++generation_;
  this->work();
}

void Runner::resume(Carried carried) {
  for (CarriedServer& server : carried) {
    std::string key = carried_key(server.service, server.endpoint);
    carried_.emplace(std::move(key), std::move(server));
  }
}

void Runner::resume(Server& server) const {
  const auto found = carried_.find(carried_key(to_string(server.service), server.endpoint));
  if (found == carried_.end()) return;
  std::vector<const CarriedCheck*> left;
  for (const CarriedCheck& check : found->second.checks) left.push_back(&check);
  for (const auto& run : server.runs) {
    const auto same = std::find_if(left.begin(), left.end(),
                                   [&](const CarriedCheck* check) { return check->what == run->what(); });
    if (same == left.end()) continue;
    run->resume(**same);
    left.erase(same);
  }
  server.since = found->second.since;
}

Carried Runner::carry() const {
  Carried out;
  for (const auto& [id, service] : services_) {
    for (const auto& [endpoint, server] : service.servers) {
      CarriedServer carried{to_string(id), endpoint, server.since, {}};
      for (const auto& run : server.runs) {
        if (auto check = run->carry()) carried.checks.push_back(std::move(*check));
      }
      if (!carried.checks.empty()) out.push_back(std::move(carried));
    }
  }
  return out;
}

void Runner::stop() {
  next_slice_.cancel();
  work_.reset();
  services_.clear();
  config_.reset();
  checks_ = 0;
}

void Runner::work() {
  std::size_t budget = kSlice;
  if (visit_some(budget) && sweep_some(budget)) {
    work_.reset();
    carried_.clear();
    return;
  }
  next_slice_ = scheduler_.at(scheduler_.now(), [this] { work(); });
}

/// True when the whole new configuration was visited.
bool Runner::visit_some(std::size_t& budget) {
  const std::size_t count = service_count(*config_);
  for (; work_->service < count; ++work_->service, work_->server = 0) {
    const ServiceRef service = service_at(*config_, work_->service);
    const ServiceId id = service.id();
    for (; work_->server < service->real_servers.size(); ++work_->server) {
      if (budget == 0) return false;
      const auto& server = service->real_servers[work_->server];
      budget -= std::min(budget, count_run(server) == 0 ? 1 : kServerWithChecks);
      visit(id, *service, server);
    }
    sweep(id);
  }
  return true;
}

/// True when nothing of the older configurations is left.
bool Runner::sweep_some(std::size_t& budget) {
  for (auto& previous = work_->previous; !previous.empty(); previous.pop_back(), work_->gone = 0) {
    const std::size_t count = service_count(*previous.back());
    for (; work_->gone < count; ++work_->gone) {
      if (budget == 0) return false;
      --budget;
      const auto found = services_.find(service_at(*previous.back(), work_->gone).id());
      if (found == services_.end() || found->second.generation == generation_) continue;
      budget -= std::min(budget, kServerWithChecks * found->second.servers.size());
      for (const auto& [endpoint, server] : found->second.servers) checks_ -= server.runs.size();
      services_.erase(found);
    }
  }
  return true;
}

void Runner::visit(const ServiceId& key, const config::Service& service,
                   const config::RealServer& real_server) {
  auto found = services_.find(key);
  if (count_run(real_server) == 0) {
    if (found != services_.end()) drop_checks(found->second, real_server.endpoint);
    return;
  }
  if (found == services_.end()) found = services_.try_emplace(key).first;
  found->second.generation = generation_;
  const auto [entry, fresh] =
      found->second.servers.try_emplace(real_server.endpoint, *this, found->first, real_server.endpoint);
  Server& server = entry->second;
  if (!fresh && server.generation == generation_) return;  // written twice: the first one counts
  server.generation = generation_;
  OuterHosts hosts{{}, service.virtualhost};
  if (real_server.extras) hosts.server = real_server.extras->virtualhost;
  adopt(server, real_server, hosts, !fresh);
}

/// Keeps the runs of unchanged checks, in the new order, starts new ones and ends the rest.
void Runner::adopt(Server& server, const config::RealServer& real_server, const OuterHosts& hosts,
                   bool existed) {
  // A new check of a server that runs already goes with what the server is: it neither revives nor kills.
  auto old = std::move(server.runs);
  server.runs.clear();
  const std::size_t count = count_run(real_server);
  server.runs.reserve(count);
  checks_ = checks_ + count - old.size();
  for (const auto& check : real_server.checks) {
    if (!is_run(check)) continue;
    const auto kept =
        std::find_if(old.begin(), old.end(), [&](const auto& run) { return run && run->same_as(check); });
    if (kept != old.end()) {
      (*kept)->follow(check, hosts);
      server.runs.push_back(std::move(*kept));
      continue;
    }
    const bool down = existed ? !server.alive : settings_of(check)->alpha;
    server.runs.push_back(std::make_unique<CheckRun>(*context_, server, check, hosts, down));
    logger_.info(fmt::format("Activating healthchecker for service {} for VS {}", server.server_name(),
                             to_string(server.service)));
  }
  if (existed) return judge(server);
  if (!carried_.empty()) resume(server);
  server.alive = server.failed() == 0;
}

/// The server is still wanted, but nothing is asked of it any more.
void Runner::drop_checks(Service& service, const Endpoint& real_server) {
  const auto found = service.servers.find(real_server);
  if (found == service.servers.end() || found->second.generation == generation_) return;
  checks_ -= found->second.runs.size();
  found->second.runs.clear();
  judge(found->second);
  service.servers.erase(found);
}

/// Ends the checks of real servers that the service no longer has.
void Runner::sweep(const ServiceId& key) {
  const auto found = services_.find(key);
  if (found == services_.end()) return;
  auto& servers = found->second.servers;
  for (auto server = servers.begin(); server != servers.end();) {
    if (server->second.generation == generation_) {
      ++server;
      continue;
    }
    checks_ -= server->second.runs.size();
    server = servers.erase(server);
  }
  if (servers.empty()) services_.erase(found);
}

void Runner::judge(Server& server) {
  const bool alive = server.failed() == 0;
  if (alive == server.alive) return;
  server.alive = alive;
  server.since = scheduler_.wall_now();
  if (observer_) observer_(server.service, server.endpoint, alive, server.reason());
}

const Runner::Server* Runner::find(const ServiceId& service, const Endpoint& real_server) const {
  const auto found = services_.find(service);
  if (found == services_.end()) return nullptr;
  const auto server = found->second.servers.find(real_server);
  return server == found->second.servers.end() ? nullptr : &server->second;
}

bool Runner::alive(const ServiceId& service, const config::RealServer& real_server) const {
  if (count_run(real_server) == 0) return true;
  const Server* server = find(service, real_server.endpoint);
  if (server != nullptr) return server->alive;
  if (!carried_.empty()) {
    const auto before = carried_.find(carried_key(to_string(service), real_server.endpoint));
    if (before != carried_.end())
      return std::all_of(before->second.checks.begin(), before->second.checks.end(),
                         [](const CarriedCheck& check) { return check.up; });
  }
  return !starts_dead(real_server);
}

ServerView Runner::view(const ServiceId& service, const config::RealServer& real_server) const {
  ServerView out;
  out.alive = alive(service, real_server);
  if (count_run(real_server) == 0) {
    out.reason = "no checks";
    return out;
  }
  const Server* server = find(service, real_server.endpoint);
  if (server == nullptr) {
    out.reason = "checks are about to start";
    return out;
  }
  out.reason = server->reason();
  out.since = server->since;
  out.checks.reserve(server->runs.size());
  for (const auto& run : server->runs) out.checks.push_back(run->view());
  return out;
}

}  // namespace hald::checker
