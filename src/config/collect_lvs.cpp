// SPDX-License-Identifier: Apache-2.0
// Takes the blocks about virtual servers as they come, brings groups and their servers together at the end,
// and prints all of it again.
#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "config/build_lvs.h"
#include "config/codes.h"

namespace hald::config {
namespace {

const BlockBinding<Ssl>& ssl_words() {
  static const BlockBinding<Ssl> kWords(BlockId::Ssl,
                                        {field<&Ssl::password>("password"), field<&Ssl::ca>("ca"),
                                         field<&Ssl::certificate>("certificate"), field<&Ssl::key>("key")});
  return kWords;
}

/// Later ones that nothing can refer to, or that have the place of an earlier one. Not an error: keepalived
/// does not look at it.
template <typename Map, typename T, typename KeyOf, typename Describe>
void drop_repeated(std::vector<T>& list, KeyOf key_of, Describe describe, std::string_view code,
                   Diagnostics& diagnostics) {
  Map seen;
  std::erase_if(list, [&](const T& each) {
    const auto [first, is_new] = seen.try_emplace(key_of(each), each.where);
    if (is_new) return false;
    diagnostics
        .warning(each.where, code, fmt::format("there is a {} already: this one is ignored", describe(each)))
        .see(first->second, "the first is here");
    return true;
  });
}

/// Whether a service can be one of this group, and then of which family.
/// compat: keepalived writes a line into its log when it cannot, and is content.
bool join(ServiceDraft& draft, const ServerGroup& group, Diagnostics& diagnostics) {
  const bool v4 = has_family(group, Family::IPv4);
  const bool v6 = has_family(group, Family::IPv6);
  if (draft.family && (v4 || v6) && (v4 != (*draft.family == Family::IPv4) || v6 == v4)) {
    diagnostics
        .warning(draft.group_where, code::kFamilyMismatch,
                 fmt::format("{} is {} and the group is not: it is ignored", draft.name(),
                             to_string(*draft.family)))
        .see(group.where, "the group is here");
    return false;
  }
  const bool open =
      std::any_of(group.marks.begin(), group.marks.end(), [](const GroupMark& mark) { return !mark.family; });
  if (draft.family) return true;
  if (v4 != v6) {
    draft.family = v4 ? Family::IPv4 : Family::IPv6;
  } else if (open) {
    diagnostics.warning(draft.group_where, code::kFamilyMismatch,
                        fmt::format("nothing says the family of {}: IPv4 is used", draft.name()),
                        "write `ip_family inet`, or the family behind the fwmark of the group");
    draft.family = Family::IPv4;
  }
  return true;
}

/// As if all of it had been written.
ServiceWords words_of(const Service& service) {
  ServiceWords out;
  out.scheduler = service.scheduler;
  out.scheduler_flags = service.scheduler_flags;
  out.method = service.method;
  out.persistence_engine = service.persistence_engine;
  out.persistence_timeout = service.persistence_timeout;
  out.one_packet = service.one_packet;
  out.ha_suspend = service.ha_suspend;
  out.omega = service.omega;
  out.smtp_alert = service.smtp_alert;
  out.virtualhost = service.virtualhost;
  out.snmp_name = service.snmp_name;
  out.quorum_up = service.quorum_up;
  out.quorum_down = service.quorum_down;
  out.quorum = service.quorum;
  out.hysteresis = service.hysteresis;
  out.delay_loop = service.delay_loop;
  if (service.sorry_server) {
    out.sorry = *service.sorry_server;
    out.sorry_method = service.sorry_server->method;
  }
  return out;
}

void set_granularity(const Service& service, Family family, ServiceWords& words) {
  words.mask_family = family;
  const unsigned usual = family == Family::IPv4 ? 32 : 128;
  if (service.persistence_prefix != usual) words.persistence_prefix = service.persistence_prefix;
}

void print_service(const Service& service, const ServiceWords& words, std::vector<Atom> head, Document& out) {
  Document inside;
  service_words().print(words, inside);
  for (const RealServer& server : service.real_servers) print_server(server, service.method, inside);
  out.push_back(many(block_item("virtual_server", std::move(head), std::move(inside))));
}

void print_service(const VirtualServer& server, Document& out) {
  ServiceWords words = words_of(server);
  set_granularity(server, family_of(server.key), words);
  if (const auto* mark = std::get_if<FirewallMark>(&server.key)) {
    words.ip_family = mark->family;
    return print_service(server, words, {std::string("fwmark"), std::int64_t{mark->mark}}, out);
  }
  const auto& service = std::get<ServiceAddress>(server.key);
  words.protocol = service.protocol;
  print_service(server, words, {service.endpoint.address.to_string(), std::int64_t{service.endpoint.port}},
                out);
}

void print_service(const GroupServer& server, Document& out) {
  ServiceWords words = words_of(server);
  set_granularity(server, server.family.value_or(Family::IPv4), words);
  words.ip_family = server.family;
  words.protocol = server.protocol;
  print_service(server, words, {std::string("group"), server.group}, out);
}

}  // namespace

void LvsBuilder::know(const TrackFile& file) {
  sources_.track_files.emplace(file.name, CheckSources::TrackFile{file.weight.value, file.weight.reverse});
}

/// compat: a session that names only VRRP is none for checks.
void LvsBuilder::know(const BfdInstance& session) {
  if (session.tells_checkers) sources_.bfd_instances.insert(session.name);
}

void LvsBuilder::read(const Node& block, Values& values) {
  switch (block.keyword().block) {
    case BlockId::VirtualServerGroup: return read_group(block, values);
    case BlockId::Ssl: return read_ssl(block, values);
    default: break;
  }
  auto draft = build_service(block, sources_, pool_, values);
  if (!draft) return;
  if (draft->group.empty())
    services_.push_back(settle_service(std::move(*draft), values.diagnostics()));
  else
    of_groups_.push_back(std::move(*draft));
}

void LvsBuilder::read_group(const Node& block, Values& values) {
  if (auto group = build_group(block, values)) groups_.push_back(std::move(*group));
}

void LvsBuilder::read_ssl(const Node& block, Values& values) {
  if (ssl_) {
    values.diagnostics()
        .error(block.where(), code::kRepeatedWord, "`SSL` stands twice: the block above is ignored")
        .see(ssl_where_, "the first is here");
  }
  ssl_.emplace();
  ssl_where_ = block.where();
  ssl_words().read(*ssl_, block, values);
}

void LvsBuilder::finish(Config& config, Diagnostics& diagnostics) {
  drop_repeated<std::unordered_map<ServiceKey, Position>>(
      services_, [](const VirtualServer& service) { return service.key; },
      [](const VirtualServer& service) { return "virtual_server " + to_string(service.key); },
      code::kDuplicateVirtualServer, diagnostics);
  drop_repeated<std::unordered_map<std::string, Position>>(
      groups_, [](const ServerGroup& group) { return group.name; },
      [](const ServerGroup& group) { return "virtual_server_group " + quote(group.name); },
      code::kDuplicateGroup, diagnostics);
  std::unordered_map<std::string_view, std::pair<const ServerGroup*, std::uint32_t>> groups;
  for (const ServerGroup& group : groups_) groups.emplace(group.name, std::pair(&group, 0U));
  for (ServiceDraft& draft : of_groups_) {
    const auto found = groups.find(draft.group);
    if (found == groups.end()) {
      // compat: keepalived only writes a line into its log.
      diagnostics.warning(draft.group_where, code::kUnknownName,
                          fmt::format("there is no virtual_server_group {}: the virtual_server is ignored",
                                      quote(draft.group)));
      continue;
    }
    auto& [group, number] = found->second;
    if (!join(draft, *group, diagnostics)) continue;
    config.group_servers.push_back(settle_group_service(std::move(draft), *group, diagnostics));
    config.group_servers.back().number = number++;
  }
  config.virtual_servers = std::move(services_);
  config.virtual_servers.shrink_to_fit();
  config.server_groups = std::move(groups_);
  config.ssl = std::move(ssl_);
}

void print_lvs(const Config& config, Document& out) {
  if (config.ssl) {
    Document inside;
    ssl_words().print(*config.ssl, inside);
    out.push_back(block_item("SSL", {}, std::move(inside)));
  }
  for (const ServerGroup& group : config.server_groups) print_group(group, out);
  for (const VirtualServer& server : config.virtual_servers) print_service(server, out);
  for (const GroupServer& server : config.group_servers) print_service(server, out);
}

}  // namespace hald::config
