// SPDX-License-Identifier: Apache-2.0
// Builds virtual servers, their real servers and groups of virtual addresses, and prints them. What stands in
// a virtual_server holds for all its real servers, wherever it stands; only the forwarding method and the
// family of a firewall mark depend on the order of the lines, as in keepalived. Groups may be defined behind
// the servers that use them, so those are settled when the whole file is read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/build_check.h"
#include "config/lvs_words.h"
#include "config/model.h"
#include "config/script_check.h"
#include "config/values.h"

namespace hald::config {

/// Ports that may have to give way to that of the service: the place of the server, and of its port. No more
/// than messages about them are kept.
using OddPorts = std::vector<std::pair<Position, Position>>;

/// One virtual_server as it stands in the file.
struct ServiceDraft {
  ServiceWords words;
  std::optional<Endpoint> endpoint;  ///< found by address; else by mark or group
  std::optional<std::uint32_t> mark;
  std::string group;
  Place group_where;             ///< where it is named
  std::optional<Family> family;  ///< of the clients, as far as it is known
  bool method_missing = false;   ///< a server has no forwarding method
  std::vector<RealServer> servers;
  OddPorts odd_ports;
  Place where;

  /// "[10.0.0.3]:tcp:80", "FWM 7" or "[web]".
  [[nodiscard]] std::string name() const;
};

class LvsBuilder {
 public:
  /// virtual_server, virtual_server_group and SSL.
  void read(const Node& block, Values& values);
  /// What checks may refer to from now on.
  void know(const TrackFile& file);
  void know(const BfdInstance& session);
  /// Puts all of it into `config`. Once, when all is read.
  void finish(Config& config, Diagnostics& diagnostics);

 private:
  void read_group(const Node& block, Values& values);
  void read_ssl(const Node& block, Values& values);

  CheckSources sources_;
  SettingsPool pool_;
  std::vector<VirtualServer> services_;
  std::vector<ServiceDraft> of_groups_;
  std::vector<ServerGroup> groups_;
  std::optional<Ssl> ssl_;
  Place ssl_where_;
};

/// Drops what cannot be run, which is said.
void check_lvs_scripts(Config& config, ScriptChecks& scripts);

/// All of it, groups first.
void print_lvs(const Config& config, Document& out);

// The parts.

/// What real servers take over from around them, and what they decide for it.
struct ServerContext {
  const ServiceWords& service;
  std::optional<LvsMethod> method;  ///< what lb_kind says above the server
  LvsMethod usual_method;           ///< what holds in the end for those that say nothing
  std::optional<Family> family;
  bool method_missing = false;
  std::uint16_t port = 0;  ///< of the service; 0: it has none of its own
  OddPorts odd_ports;
  const CheckSources& sources;
  SettingsPool& pool;
};

/// Nothing if the block cannot be used.
[[nodiscard]] std::optional<ServiceDraft> build_service(const Node& block, const CheckSources& sources,
                                                        SettingsPool& pool, Values& values);
/// Nothing if the server cannot be used. Adds to what the context gathers.
[[nodiscard]] std::optional<RealServer> build_real_server(const Node& block, ServerContext& context,
                                                          Values& values);
/// Nothing if it is of no use.
[[nodiscard]] std::optional<ServerGroup> build_group(const Node& block, Values& values);

/// What a service that stands by itself comes to. Nothing is left out: what is wrong is put right and said.
[[nodiscard]] VirtualServer settle_service(ServiceDraft draft, Diagnostics& diagnostics);
[[nodiscard]] GroupServer settle_group_service(ServiceDraft draft, const ServerGroup& group,
                                               Diagnostics& diagnostics);

/// What `lb_kind` and `lvs_method` say; nothing if that is not even a method.
[[nodiscard]] std::optional<LvsMethod> read_method(const Node& node, Values& values);
void put(const LvsMethod& from, const Keyword& keyword, Document& out);

/// Whether a line of the group is of this family.
[[nodiscard]] bool has_family(const ServerGroup& group, Family family);

void print_server(const RealServer& server, const LvsMethod& usual, Document& out);
void print_group(const ServerGroup& group, Document& out);

}  // namespace hald::config
