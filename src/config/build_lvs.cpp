// SPDX-License-Identifier: Apache-2.0
#include "config/build_lvs.h"

#include <arpa/inet.h>

#include <algorithm>
#include <bit>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::uint32_t kUsualPersistence = 360;  // seconds
constexpr std::int64_t kMaxMark = UINT32_MAX;
constexpr std::string_view kBlockIgnored = "the block is ignored";
constexpr std::string_view kLineIgnored = "the line is ignored";

/// Puts a draft together: first what holds for all servers, then the servers in their order.
class ServiceBuilder {
 public:
  ServiceBuilder(const Node& block, const CheckSources& sources, SettingsPool& pool, Values& values)
      : block_(block), values_(values), context_{out_.words, {}, {}, {}, false, 0, {}, sources, pool} {}

  std::optional<ServiceDraft> run() {
    if (!header()) return {};
    service_words().read(out_.words, block_, values_);
    context_.family = out_.endpoint ? std::optional(out_.endpoint->address.family()) : std::nullopt;
    context_.port = out_.endpoint ? out_.endpoint->port : std::uint16_t{0};
    context_.usual_method = out_.words.method.value_or(LvsMethod{});
    servers();
    if (out_.servers.empty()) {
      diagnostics().error(out_.where, code::kNoRealServer,
                          fmt::format("{} has no real server: it is ignored", out_.name()));
      return {};
    }
    family();
    out_.method_missing = context_.method_missing;
    out_.odd_ports = std::move(context_.odd_ports);
    return std::move(out_);
  }

 private:
  bool header();
  bool mark(std::span<const Word> arguments);
  bool group(std::span<const Word> arguments);
  bool endpoint(std::span<const Word> arguments);
  void servers();
  void pass_words(std::size_t servers);
  void late(const Node& node);
  void ip_family(const Node& node);
  void granularity(const Word& word);
  void mask(const Word& word);
  void family();

  Diagnostics& diagnostics() { return values_.diagnostics(); }

  Node block_;
  Values& values_;
  ServiceDraft out_;
  ServerContext context_;
  std::size_t method_ = 0;  // of words.methods, to come
  std::size_t late_ = 0;
};

bool ServiceBuilder::header() {
  out_.where = block_.where();
  const auto arguments = block_.arguments();
  if (arguments.front().text == "fwmark") return mark(arguments);
  if (arguments.front().text == "group") return group(arguments);
  return endpoint(arguments);
}

bool ServiceBuilder::mark(std::span<const Word> arguments) {
  const auto value = arguments.size() > 1 ? parse_whole(arguments[1].text) : std::nullopt;
  if (value && *value >= 1 && *value <= kMaxMark) {
    out_.mark = static_cast<std::uint32_t>(*value);
    return true;
  }
  diagnostics().error(arguments.back().where(), code::kBadNumber,
                      fmt::format("fwmark needs a number from 1 to {}", kMaxMark),
                      "the whole block is ignored");
  return false;
}

bool ServiceBuilder::group(std::span<const Word> arguments) {
  if (arguments.size() > 1 && !arguments[1].text.empty()) {
    out_.group = arguments[1].text;
    out_.group_where = arguments[1].where();
    return true;
  }
  diagnostics().error(arguments.back().where(), code::kMissingArgument, "group needs a name",
                      "the whole block is ignored");
  return false;
}

bool ServiceBuilder::endpoint(std::span<const Word> arguments) {
  const auto address = values_.loose_address(arguments.front(), kBlockIgnored);
  const auto port = arguments.size() > 1 ? values_.port(arguments[1]) : std::uint16_t{0};
  if (!address || !port) return false;
  out_.endpoint = Endpoint{*address, *port};
  return true;
}

void ServiceBuilder::servers() {
  out_.servers.reserve(out_.words.servers);
  std::size_t above = 0;
  for (const Node node : block_.children()) {
    if (node.keyword().block != BlockId::RealServer) continue;
    pass_words(above++);
    if (auto server = build_real_server(node, context_, values_)) out_.servers.push_back(std::move(*server));
  }
  pass_words(above);
}

/// Takes over what stands above the server to come.
void ServiceBuilder::pass_words(std::size_t servers) {
  const auto& methods = out_.words.methods;
  for (; method_ < methods.size() && methods[method_].servers <= servers; ++method_)
    context_.method = methods[method_].method;
  const auto& words = out_.words.late;
  for (; late_ < words.size() && words[late_].servers <= servers; ++late_) late(words[late_].node);
}

void ServiceBuilder::late(const Node& node) {
  if (node.keyword().name == "ip_family")
    ip_family(node);
  else
    granularity(node.arguments().front());
}

void ServiceBuilder::ip_family(const Node& node) {
  const auto choice = values_.choice(node);
  if (!choice) return;
  const Family family = *choice == 0 ? Family::IPv4 : Family::IPv6;
  if (!context_.family) context_.family = family;
  if (*context_.family == family) return;
  diagnostics().error(node.arguments().front().where(), code::kFamilyMismatch,
                      fmt::format("the service is {}: {}", to_string(*context_.family), kLineIgnored));
}

/// compat: where nothing else says the family of a firewall mark, the form of the granularity does; and a
/// granularity without a timeout makes the service persistent for 360 s.
void ServiceBuilder::granularity(const Word& word) {
  if (!context_.family)
    context_.family = word.text.find('.') != std::string_view::npos ? Family::IPv4 : Family::IPv6;
  if (*context_.family == Family::IPv4) return mask(word);
  const auto length = parse_whole(word.text);
  if (!length || *length < 1 || *length > 128) {
    diagnostics().error(word.where(), code::kBadMask,
                        fmt::format("{} is no IPv6 network mask: {}", quote(word.text), kLineIgnored),
                        "a prefix length from 1 to 128");
    return;
  }
  out_.words.persistence_prefix = static_cast<std::uint8_t>(*length);
  if (out_.words.persistence_timeout == 0) out_.words.persistence_timeout = kUsualPersistence;
}

void ServiceBuilder::mask(const Word& word) {
  in_addr address{};
  const std::string text(word.text);
  const auto length = parse_whole(word.text);
  const bool is_length = length && *length >= 0 && *length <= 32;
  if (!is_length && ::inet_aton(text.c_str(), &address) == 0) {
    diagnostics().error(word.where(), code::kBadMask,
                        fmt::format("{} is no IPv4 network mask: {}", quote(word.text), kLineIgnored),
                        "255.255.255.0, for example");
    return;
  }
  const std::uint32_t bits = ntohl(address.s_addr);
  if (out_.words.persistence_timeout == 0) out_.words.persistence_timeout = kUsualPersistence;
  if (is_length) {
    out_.words.persistence_prefix = static_cast<std::uint8_t>(*length);
  } else if (std::countl_one(bits) + std::countr_zero(bits) >= 32) {
    out_.words.persistence_prefix = static_cast<std::uint8_t>(std::popcount(bits));
  } else {
    diagnostics().warning(word.where(), code::kBadMask,
                          fmt::format("{} has holes: each client counts by itself", quote(word.text)));
  }
}

/// What is left open by the servers: the sorry server, then tunnels if they agree, IPv4 in the end.
void ServiceBuilder::family() {
  ServiceWords& words = out_.words;
  std::optional<Family>& family = context_.family;
  if (words.sorry) {
    const Family own = words.sorry->endpoint.address.family();
    const bool tunnel = words.sorry_method && words.sorry_method->forwarding == Forwarding::Tunnel;
    if (!tunnel && !family) family = own;
    if (!tunnel && *family != own) {
      diagnostics().error(
          words.sorry_where, code::kFamilyMismatch,
          fmt::format("the service is {} and the sorry server is not: it is ignored", to_string(*family)));
      words.sorry.reset();
    }
  }
  if (!family && out_.group.empty()) {
    const Family first =
        words.sorry ? words.sorry->endpoint.address.family() : out_.servers.front().endpoint.address.family();
    const bool agree =
        std::all_of(out_.servers.begin(), out_.servers.end(),
                    [first](const RealServer& server) { return server.endpoint.address.family() == first; });
    family = agree ? first : Family::IPv4;
  }
  out_.family = family;
}

}  // namespace

std::string ServiceDraft::name() const {
  if (mark) return to_string(ServiceKey{FirewallMark{*mark, Family::IPv4}});
  if (endpoint)
    return to_string(ServiceKey{ServiceAddress{words.protocol.value_or(Protocol::Udp), *endpoint}});
  return "[" + group + "]";
}

std::optional<ServiceDraft> build_service(const Node& block, const CheckSources& sources, SettingsPool& pool,
                                          Values& values) {
  return ServiceBuilder(block, sources, pool, values).run();
}

}  // namespace hald::config
