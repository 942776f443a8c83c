// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "ipvsadm/core/arguments.h"
#include "ipvsadm/core/command.h"
#include "ipvsadm/core/words.h"

namespace hald::ipvsadm {
namespace {

using config::Protocol;
using ipvs::service_flag::OnePacket;
using ipvs::service_flag::Persistent;
using Wrong = std::optional<Ended>;  ///< nothing: go on

constexpr std::uint32_t kLongestTimeout = 31 * 86400;
constexpr std::uint32_t kDefaultPersistence = 360;
constexpr std::uint32_t kMostInt = std::numeric_limits<std::int32_t>::max();
constexpr std::uint32_t kLongestSync = 65535 - 20 - 8;
/// What the kernel keeps of the name of a scheduler, an engine or an interface.
constexpr std::size_t kNameLength = 15;

Ended fail(std::string text) {
  return {kWrongArguments, std::move(text) + "\n"};
}

Command nothing_yet() {
  Command out;
  out.service.settings.scheduler.clear();
  out.server.forwarding = ipvs::Forwarding::Direct;
  return out;
}

class Parser {
 public:
  Parser(const std::string& program, std::vector<std::string> words, Names& names)
      : program_(program), words_(std::move(words)), names_(names) {}

  std::variant<Command, Ended> run() {
    if (auto ended = take_verb(words_.next())) return *ended;
    for (;;) {
      const Words::Step step = words_.next();
      if (!step.wrong.empty())
        return Ended{kFailed, fmt::format("{}: {}\n", words_.last(), step.wrong), false};
      if (step.tag == 0) break;
      if (auto ended = take_option(step)) return *ended;
    }
    if (auto ended = take_rest()) return *ended;
    if (auto ended = judge_scheduler_flags()) return *ended;
    if (auto ended = judge()) return *ended;
    return std::move(command_);
  }

 private:
  Wrong verb(Verb verb) {
    command_.verb = verb;
    return std::nullopt;
  }

  Wrong take_verb(const Words::Step& step) {
    switch (step.tag) {
      case 'A': return verb(Verb::AddService);
      case 'E': return verb(Verb::EditService);
      case 'D': return verb(Verb::DeleteService);
      case 'a': return verb(Verb::AddServer);
      case 'e': return verb(Verb::EditServer);
      case 'd': return verb(Verb::DeleteServer);
      case 'C': return verb(Verb::Flush);
      case 'L':
      case 'l': return verb(Verb::List);
      case 'Z': return verb(Verb::Zero);
      case 'R': return verb(Verb::Restore);
      case 'S': return verb(Verb::Save);
      case kSet: return verb(Verb::Set);
      case kStartDaemon:
        return take_role(*step.argument, Verb::StartDaemon, "illegal start-daemon parameter specified");
      case kStopDaemon: return take_role(*step.argument, Verb::StopDaemon, "illegal start_daemon specified");
      case 'h': return Ended{0, help(program_)};
      case 'v': return Ended{0, version()};
      default: return try_help(program_);
    }
  }

  Wrong take_role(const std::string& role, Verb which, const char* complaint) {
    if (role != "master" && role != "backup") return fail(complaint);
    command_.daemon.role = role == "master" ? ipvs::SyncRole::Master : ipvs::SyncRole::Backup;
    return verb(which);
  }

  /// Each option stands at most once.
  Wrong once(Option option) {
    if (command_.options.has(option))
      return fail(fmt::format("multiple '{}' options specified", name_of(option)));
    command_.options.add(option);
    return std::nullopt;
  }

  Wrong take_option(const Words::Step& step) {
    const std::string argument = step.argument.value_or("");
    switch (step.tag) {
      case 't': return take_service(argument, Protocol::Tcp);
      case 'u': return take_service(argument, Protocol::Udp);
      case kSctpService: return take_service(argument, Protocol::Sctp);
      case 'f': return take_mark(argument);
      case '6': return take_v6();
      case 's': return take_name(Option::Scheduler, argument, command_.service.settings.scheduler);
      case kEngine: return take_name(Option::Engine, argument, command_.service.settings.persistence_engine);
      case 'p': return take_persistent(step.argument);
      case 'M': return take_mask(argument);
      case 'o': return take_flag(Option::OnePacket, OnePacket);
      case 'b': return take_scheduler_flags(argument);
      case 'r': return take_server(argument);
      case 'g': return take_forwarding(ipvs::Forwarding::Direct);
      case 'i': return take_forwarding(ipvs::Forwarding::Tunnel);
      case 'm': return take_forwarding(ipvs::Forwarding::Nat);
      case 'w': return take_weight(argument);
      case 'x':
        return take_number(Option::UpperThreshold, argument, 0, kMostInt, "illegal u_threshold specified",
                           command_.server.upper_threshold);
      case 'y':
        return take_number(Option::LowerThreshold, argument, 0, kMostInt, "illegal l_threshold specified",
                           command_.server.lower_threshold);
      default: return take_listing(step.tag, argument);
    }
  }

  Wrong take_listing(int tag, const std::string& argument) {
    switch (tag) {
      case 'n': return once(Option::Numeric);
      case 'c': return once(Option::Connection);
      case kTimeout: return once(Option::Timeout);
      case kDaemon: return once(Option::Daemon);
      case kStats: return once(Option::Stats);
      case kRate: return once(Option::Rate);
      case kThresholds: return once(Option::Thresholds);
      case kPersistentConn: return once(Option::PersistentConn);
      case kTunnelInfo: return once(Option::TunnelInfo);
      case kNoSort: return once(Option::NoSort);
      case kExact: return once(Option::Exact);
      case kSort: return std::nullopt;
      default: return take_tunnel(tag, argument);
    }
  }

  Wrong take_tunnel(int tag, const std::string& argument) {
    switch (tag) {
      case kTunnelType: return take_tunnel_type(argument);
      case kTunnelPort:
        return take_number(Option::TunnelPort, argument, 1, 65535, "illegal tunnel port specified",
                           command_.server.tunnel_port);
      case kTunnelNoChecksum: return take_checksum(Option::TunnelNoChecksum, 0);
      case kTunnelChecksum: return take_checksum(Option::TunnelChecksum, 1);
      case kTunnelRemoteChecksum: return take_checksum(Option::TunnelRemoteChecksum, 2);
      default: return take_daemon(tag, argument);
    }
  }

  Wrong take_daemon(int tag, const std::string& argument) {
    ipvs::SyncDaemon& daemon = command_.daemon;
    switch (tag) {
      case kMulticastInterface: return take_name(Option::MulticastInterface, argument, daemon.interface);
      case kSyncId:
        return take_number(Option::SyncId, argument, 0, 255, "illegal syncid specified", daemon.id);
      case kSyncMaxLength:
        return take_number(Option::SyncMaxLength, argument, 1, kLongestSync, "illegal sync-maxlen specified",
                           daemon.max_length);
      case kMulticastPort:
        return take_number(Option::MulticastPort, argument, 1, 65535, "illegal mcast-port specified",
                           daemon.port);
      case kMulticastTtl:
        return take_number(Option::MulticastTtl, argument, 1, 255, "illegal mcast-ttl specified", daemon.ttl);
      case kMulticastGroup: return take_group(argument);
      default: return fail(fmt::format("invalid option `{}'", words_.last()));
    }
  }

  template <typename Number>
  static void store(std::uint32_t value, Number& out) {
    out = static_cast<Number>(value);
  }
  template <typename Number>
  static void store(std::uint32_t value, std::optional<Number>& out) {
    out = static_cast<Number>(value);
  }

  template <typename Field>
  Wrong take_number(Option option, const std::string& text, std::uint32_t least, std::uint32_t most,
                    const char* complaint, Field& out) {
    if (auto wrong = once(option)) return wrong;
    const auto value = number(text, least, most);
    if (!value) return fail(complaint);
    store(*value, out);
    return std::nullopt;
  }

  Wrong take_name(Option option, const std::string& text, std::string& out) {
    if (auto wrong = once(option)) return wrong;
    out = text.substr(0, kNameLength);
    return std::nullopt;
  }

  Wrong take_flag(Option option, std::uint32_t flag) {
    command_.service.settings.flags |= flag;
    return once(option);
  }

  Wrong take_service(const std::string& text, Protocol protocol) {
    if (auto wrong = once(Option::Service)) return wrong;
    const auto found = host_port(text, protocol, names_);
    if (!found) return fail("illegal virtual server address[:port] specified");
    command_.service.key =
        config::ServiceAddress{protocol, Endpoint{found->address, found->port.value_or(0)}};
    if (!found->address.is_v4()) command_.service.mask = ipvs::full_mask(Family::IPv6);
    return std::nullopt;
  }

  Wrong take_mark(const std::string& text) {
    if (auto wrong = once(Option::Service)) return wrong;
    const auto mark = number(text, 1, std::numeric_limits<std::uint32_t>::max());
    if (!mark) return fail(fmt::format("invalid fwmark value `{}' specified", text));
    command_.service.key = config::FirewallMark{*mark, Family::IPv4};
    return std::nullopt;
  }

  Wrong take_v6() {
    auto* const mark = std::get_if<config::FirewallMark>(&command_.service.key);
    if (mark == nullptr) return fail("-6 used before -f\n");
    mark->family = Family::IPv6;
    command_.service.mask = ipvs::full_mask(Family::IPv6);
    return std::nullopt;
  }

  Wrong take_persistent(const std::optional<std::string>& text) {
    if (auto wrong = once(Option::Persistent)) return wrong;
    command_.service.settings.flags |= Persistent;
    command_.service.settings.timeout = kDefaultPersistence;
    return text ? take_timeout(*text, 1, command_.service.settings.timeout) : std::nullopt;
  }

  template <typename Field>
  Wrong take_timeout(const std::string& text, std::uint32_t least, Field& out) {
    const auto seconds = number(text, least, kLongestTimeout);
    if (!seconds) return fail(fmt::format("invalid timeout value `{}' specified", text));
    store(*seconds, out);
    return std::nullopt;
  }

  Wrong take_mask(const std::string& text) {
    if (auto wrong = once(Option::Netmask)) return wrong;
    const bool v4 = config::family_of(command_.service.key) == Family::IPv4;
    const auto mask = v4 ? mask_v4(text, names_) : mask_v6(text);
    if (!mask)
      return fail(v4 ? "illegal virtual server persistent mask specified" : "illegal ipv6 netmask specified");
    command_.service.mask = *mask;
    return std::nullopt;
  }

  Wrong take_scheduler_flags(const std::string& text) {
    scheduler_flags_ = text;
    return once(Option::SchedulerFlags);
  }

  /// Which flags fit can be said only when all is read.
  Wrong judge_scheduler_flags() {
    const auto flags = scheduler_flags(scheduler_flags_, command_.service.settings.scheduler);
    if (!flags.complaint.empty()) return fail(flags.complaint);
    command_.service.settings.flags |= flags.flags;
    return std::nullopt;
  }

  [[nodiscard]] const config::ServiceAddress* address() const {
    return std::get_if<config::ServiceAddress>(&command_.service.key);
  }

  Wrong take_server(const std::string& text) {
    if (auto wrong = once(Option::Server)) return wrong;
    const auto found = host_port(text, address() != nullptr ? address()->protocol : Protocol::Tcp, names_);
    if (!found) return fail("illegal real server address[:port] specified");
    // compat: the service's port as far as it is known by now.
    const std::uint16_t otherwise = address() != nullptr ? address()->endpoint.port : std::uint16_t{0};
    command_.server.endpoint = Endpoint{found->address, found->port.value_or(otherwise)};
    return std::nullopt;
  }

  Wrong take_forwarding(ipvs::Forwarding forwarding) {
    if (auto wrong = once(Option::Forward)) return wrong;
    command_.server.forwarding = forwarding;
    return std::nullopt;
  }

  Wrong take_weight(const std::string& text) {
    if (auto wrong = once(Option::Weight)) return wrong;
    const auto weight = number(text, 0, kMostInt);
    if (!weight) return fail("illegal weight specified");
    command_.server.weight = static_cast<std::int32_t>(*weight);
    return std::nullopt;
  }

  Wrong take_tunnel_type(const std::string& text) {
    if (auto wrong = once(Option::TunnelType)) return wrong;
    if (text == "ipip") {
      command_.server.tunnel_type = ipvs::TunnelType::Ipip;
    } else if (text == "gue") {
      command_.server.tunnel_type = ipvs::TunnelType::Gue;
    } else if (text == "gre") {
      command_.server.tunnel_type = ipvs::TunnelType::Gre;
    } else {
      return fail("illegal tunnel type specified");
    }
    return std::nullopt;
  }

  Wrong take_checksum(Option option, std::uint16_t flags) {
    if (auto wrong = once(option)) return wrong;
    command_.server.tunnel_flags |= flags;
    return std::nullopt;
  }

  Wrong take_group(const std::string& text) {
    if (auto wrong = once(Option::MulticastGroup)) return wrong;
    const auto group = Address::parse(text);
    const bool v4 = text.find(':') == std::string::npos;
    if (!group || !group->is_multicast())
      return fail(fmt::format("invalid {} mcast-group `{}'", v4 ? "IPv4" : "IPv6", text));
    command_.daemon.group = *group;
    return std::nullopt;
  }

  Wrong take_rest() {
    if (command_.verb == Verb::Set) {
      for (auto* const timeout :
           {&command_.timeouts.tcp, &command_.timeouts.tcp_fin, &command_.timeouts.udp}) {
        const auto text = words_.leftover();
        if (!text) return fail("--set option requires 3 timeout values");
        if (auto wrong = take_timeout(*text, 0, *timeout)) return wrong;
      }
    }
    if (const auto text = words_.leftover()) return fail(fmt::format("unexpected argument {}", *text));
    return std::nullopt;
  }

  Wrong judge() {
    if (const std::string complaint = illegal(command_.verb, command_.options); !complaint.empty())
      return fail(complaint);
    switch (command_.verb) {
      case Verb::AddService:
      case Verb::EditService: return judge_service();
      case Verb::AddServer:
      case Verb::EditServer: return judge_server();
      case Verb::List: return judge_listing();
      case Verb::StartDaemon:
        if (command_.daemon.interface.empty()) command_.daemon.interface = "eth0";
        return std::nullopt;
      default: return std::nullopt;
    }
  }

  Wrong judge_service() {
    ipvs::ServiceSettings& settings = command_.service.settings;
    if (address() != nullptr && address()->endpoint.port == 0 && (settings.flags & Persistent) == 0)
      return fail("Zero port specified for non-persistent service");
    if (address() != nullptr && address()->protocol != Protocol::Udp && (settings.flags & OnePacket) != 0)
      return fail("One-Packet Scheduling is only for UDP virtual services");
    if (settings.scheduler.empty()) settings.scheduler = "wlc";
    return std::nullopt;
  }

  Wrong judge_server() {
    ipvs::Destination& server = command_.server;
    const Options& options = command_.options;
    const bool tunnel = server.forwarding == ipvs::Forwarding::Tunnel;
    if (address() != nullptr && server.forwarding != ipvs::Forwarding::Nat)
      server.endpoint.port = address()->endpoint.port;
    if (server.endpoint.address.family() != config::family_of(command_.service.key) && !tunnel)
      return fail("Different address family is allowed only for tunneling servers");
    const bool tunnel_options = options.has(Option::TunnelType) || options.has(Option::TunnelPort) ||
                                options.has(Option::TunnelNoChecksum) ||
                                options.has(Option::TunnelChecksum) ||
                                options.has(Option::TunnelRemoteChecksum);
    if (tunnel_options && !tunnel) return fail("Tunnel options conflict with forward method");
    if (!tunnel) return std::nullopt;
    const std::string complaint = illegal_tunnel(server.tunnel_type, options);
    return complaint.empty() ? std::nullopt : Wrong(fail(complaint));
  }

  Wrong judge_listing() {
    const Options& options = command_.options;
    const bool other =
        options.has(Option::Connection) || options.has(Option::Timeout) || options.has(Option::Daemon);
    const bool columns =
        options.has(Option::Stats) || options.has(Option::Rate) || options.has(Option::Thresholds);
    const bool persistent = options.has(Option::PersistentConn) && !options.has(Option::Connection);
    if (other && (columns || persistent)) return fail("options conflicts in the list command");
    return std::nullopt;
  }

  const std::string& program_;
  Words words_;
  Names& names_;
  Command command_ = nothing_yet();
  std::string scheduler_flags_;
};

}  // namespace

Ended try_help(const std::string& program) {
  return {kFailed, fmt::format("Try `{0} -h' or '{0} --help' for more information.\n", program)};
}

std::variant<Command, Ended> parse(const std::string& program, std::vector<std::string> words, Names& names) {
  if (words.empty()) return Command();
  return Parser(program, std::move(words), names).run();
}

}  // namespace hald::ipvsadm
