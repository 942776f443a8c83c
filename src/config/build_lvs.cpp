// SPDX-License-Identifier: Apache-2.0
#include "config/build_lvs.h"

#include <bit>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/validate.h"

namespace hald::config {
namespace {

constexpr std::uint32_t kUsualPersistence = 360;  // seconds
constexpr std::int64_t kMaxMark = UINT32_MAX;
constexpr std::string_view kBlockIgnored = "the block is ignored";

/// What the statements of a virtual server say about the service itself.
class ServiceBuilder {
 public:
  ServiceBuilder(const Node& block, Values& values) : block_(block), values_(values) {}

  std::optional<VirtualServer> run() {
    if (!header()) return {};
    for (const Node node : block_.children()) statement(node);
    protocol();
    method();
    servers();
    if (!drop_unusable_servers(out_, values_.diagnostics())) return {};
    persistence();
    one_packet();
    settle_quorum(out_, quorum_where_, hysteresis_where_, values_.diagnostics());
    return std::move(out_);
  }

 private:
  bool header();
  bool mark(std::span<const Word> arguments);
  bool endpoint(std::span<const Word> arguments);
  void statement(const Node& node);
  void protocol();
  void method();
  void servers();
  void family_of_mark();
  void persistence();
  void granularity();
  void one_packet();

  Diagnostics& diagnostics() { return values_.diagnostics(); }
  [[nodiscard]] std::string name() const { return to_string(out_.key); }
  [[nodiscard]] Position where() const { return block_.where(); }

  Node block_;
  Values& values_;
  ServiceContext context_;
  VirtualServer out_;
  bool protocol_written_ = false;
  std::optional<Protocol> protocol_;
  bool scheduler_known_ = false;
  bool forwarding_known_ = false;
  std::optional<std::uint32_t> persistence_;
  const Word* granularity_ = nullptr;
  Position one_packet_where_;
  Position quorum_where_;
  Position hysteresis_where_;
  std::size_t server_blocks_ = 0;
};

bool ServiceBuilder::header() {
  out_.where = where();
  const auto arguments = block_.arguments();
  const Word& first = arguments.front();
  if (first.text == "fwmark") return mark(arguments);
  if (first.text == "group") {
    diagnostics().error(first.where(), code::kNotBuilt,
                        "virtual_server groups are not supported yet: the block is ignored");
    return false;
  }
  return endpoint(arguments);
}

bool ServiceBuilder::mark(std::span<const Word> arguments) {
  context_.by_mark = true;
  const auto value = arguments.size() > 1 ? parse_whole(arguments[1].text) : std::nullopt;
  if (value && *value >= 1 && *value <= kMaxMark) {
    out_.key = FirewallMark{static_cast<std::uint32_t>(*value), Family::IPv4};
    return true;
  }
  diagnostics().error(arguments.back().where(), code::kBadNumber,
                      fmt::format("fwmark needs a number from 1 to {}", kMaxMark),
                      "the whole block is ignored");
  return false;
}

bool ServiceBuilder::endpoint(std::span<const Word> arguments) {
  const auto address = read_service_address(arguments.front(), values_);
  const auto port = arguments.size() > 1 ? values_.port(arguments[1]) : std::uint16_t{0};
  if (!address || !port) return false;
  context_.family = address->family();
  context_.port = *port;
  out_.key = ServiceAddress{Protocol::Udp, {*address, *port}};
  return true;
}

void ServiceBuilder::statement(const Node& node) {
  if (context_.checks.read(node, values_)) return;
  switch (node.meaning()) {
    case Meaning::RealServer: ++server_blocks_; return;
    case Meaning::Scheduler:
      if (const auto choice = values_.choice(node)) {
        out_.scheduler = node.keyword().choices[*choice];
        scheduler_known_ = true;
      }
      return;
    case Meaning::Forwarding:
      if (const auto forwarding = read_forwarding(node, values_)) {
        out_.forwarding = *forwarding;
        forwarding_known_ = true;
      }
      return;
    case Meaning::Protocol: {
      protocol_written_ = true;
      static constexpr std::array kProtocols{Protocol::Tcp, Protocol::Udp, Protocol::Sctp};
      if (const auto choice = values_.choice(node)) protocol_ = kProtocols[*choice];
      return;
    }
    case Meaning::PersistenceTimeout: {
      const auto value = node.arguments().empty() ? std::int64_t{kUsualPersistence} : values_.number(node);
      if (value) persistence_ = static_cast<std::uint32_t>(*value);
      return;
    }
    case Meaning::PersistenceGranularity: granularity_ = &node.arguments().front(); return;
    case Meaning::OnePacket:
      out_.one_packet = true;
      one_packet_where_ = node.where();
      return;
    case Meaning::Quorum:
      quorum_where_ = node.where();
      if (const auto value = values_.number(node)) out_.quorum = static_cast<std::uint32_t>(*value);
      return;
    case Meaning::Hysteresis:
      hysteresis_where_ = node.where();
      if (const auto value = values_.number(node)) out_.hysteresis = static_cast<std::uint32_t>(*value);
      return;
    case Meaning::Weight:
      if (const auto value = values_.number(node)) context_.weight = static_cast<std::int32_t>(*value);
      return;
    default: return;
  }
}

/// compat: without the word it is UDP, and that is reported.
void ServiceBuilder::protocol() {
  if (auto* service = std::get_if<ServiceAddress>(&out_.key)) {
    service->protocol = protocol_.value_or(Protocol::Udp);
    if (!protocol_) {
      diagnostics().error(where(), code::kNoProtocol, fmt::format("{} has no protocol: UDP is used", name()),
                          "write `protocol TCP` or `protocol UDP`");
    }
  } else if (protocol_written_) {
    diagnostics().error(where(), code::kProtocolIgnored,
                        fmt::format("{} takes every protocol: `protocol` is ignored", name()));
  }
}

void ServiceBuilder::method() {
  context_.forwarding = out_.forwarding;
  if (!scheduler_known_) {
    diagnostics().error(where(), code::kNoScheduler, fmt::format("{} has no lb_algo: wlc is used", name()));
  }
  if (!forwarding_known_) {
    diagnostics().error(where(), code::kNoForwarding, fmt::format("{} has no lb_kind: NAT is used", name()));
  }
}

void ServiceBuilder::servers() {
  out_.real_servers.reserve(server_blocks_);
  for (const Node node : block_.children()) {
    if (node.meaning() != Meaning::RealServer) continue;
    if (auto server = build_real_server(node, context_, values_))
      out_.real_servers.push_back(std::move(*server));
  }
  family_of_mark();
}

/// A firewall mark has the family of its servers; tunnels decide it only if they agree.
void ServiceBuilder::family_of_mark() {
  auto* mark = std::get_if<FirewallMark>(&out_.key);
  if (mark == nullptr || out_.real_servers.empty()) return;
  const Family first = out_.real_servers.front().endpoint.address.family();
  bool agree = true;
  for (const RealServer& server : out_.real_servers)
    agree = agree && server.endpoint.address.family() == first;
  mark->family = context_.family.value_or(agree ? first : Family::IPv4);
  context_.family = mark->family;
}

/// compat: a granularity without a timeout, and a service on all ports, are persistent for 360 s.
void ServiceBuilder::persistence() {
  out_.persistence_prefix = *context_.family == Family::IPv4 ? 32 : 128;
  if (granularity_ != nullptr) granularity();
  if (!persistence_ && !context_.by_mark && context_.port == 0) {
    diagnostics().error(
        where(), code::kPersistenceForced,
        fmt::format("{} serves all ports, so it must be persistent: {} s is used", name(), kUsualPersistence),
        "give it a port, or write `persistence_timeout`");
    persistence_ = kUsualPersistence;
  }
  out_.persistence_timeout = persistence_.value_or(0);
}

void ServiceBuilder::granularity() {
  const bool is_v4 = *context_.family == Family::IPv4;
  const auto mask = Address::parse(granularity_->text);
  const auto length = parse_whole(granularity_->text);
  std::optional<std::uint8_t> prefix;
  if (is_v4 && mask && mask->is_v4()) {
    const std::uint32_t bits = mask->v4_value();
    if (std::countl_one(bits) + std::countr_zero(bits) >= 32)
      prefix = static_cast<std::uint8_t>(std::popcount(bits));
  } else if (length && *length >= (is_v4 ? 0 : 1) && *length <= (is_v4 ? 32 : 128)) {
    prefix = static_cast<std::uint8_t>(*length);
  }
  if (!prefix) {
    diagnostics().error(
        granularity_->where(), code::kBadMask,
        fmt::format("{} is no {} network mask", quote(granularity_->text), is_v4 ? "IPv4" : "IPv6"),
        is_v4 ? "255.255.255.0, for example" : "a prefix length from 1 to 128");
    return;
  }
  out_.persistence_prefix = *prefix;
  if (!persistence_) persistence_ = kUsualPersistence;
}

void ServiceBuilder::one_packet() {
  const auto* service = std::get_if<ServiceAddress>(&out_.key);
  if (!out_.one_packet || service == nullptr || service->protocol == Protocol::Udp) return;
  diagnostics().error(one_packet_where_, code::kOnePacketIgnored, "`ops` is for UDP only: it is ignored");
  out_.one_packet = false;
}

}  // namespace

std::optional<Forwarding> read_forwarding(const Node& node, Values& values) {
  const auto choice = values.choice(node);
  if (!choice) return {};
  static constexpr std::array kForwardings{Forwarding::Nat, Forwarding::Direct, Forwarding::Tunnel};
  const auto options = node.arguments().subspan(1);
  const bool is_plain =
      options.empty() || (kForwardings[*choice] == Forwarding::Tunnel && options.size() == 2 &&
                          options[0].text == "type" && options[1].text == "ipip");
  if (!is_plain) {
    values.diagnostics().error(options.front().where(), code::kNotBuilt,
                               "tunnel options are not supported yet: plain IP in IP is used");
  }
  return kForwardings[*choice];
}

std::optional<Address> read_service_address(const Word& word, Values& values) {
  return values.loose_address(word, kBlockIgnored);
}

std::optional<VirtualServer> build_virtual_server(const Node& block, Values& values) {
  return ServiceBuilder(block, values).run();
}

}  // namespace hald::config
