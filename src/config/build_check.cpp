// SPDX-License-Identifier: Apache-2.0
#include "config/build_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/overloaded.h"
#include "config/build_lvs.h"
#include "config/codes.h"

namespace hald::config {
namespace {

template <typename T>
std::optional<T> either(const std::optional<T>& first, const std::optional<T>& second) {
  return first ? first : second;
}

void mismatch(const Word& word, const Address& other, std::string_view message, Values& values) {
  values.diagnostics().error(word.where(), code::kFamilyMismatch,
                             fmt::format("{} is not {} like {}: {}", quote(word.text),
                                         to_string(other.family()), other.to_string(), message));
}

std::optional<Endpoint> local_end(const PathWords& words, const Address& target, Values& values) {
  const bool fits = words.bind_ip && words.bind_ip->family() == target.family();
  if (words.bind_ip && !fits) {
    // compat: keepalived finds this out only when the check runs.
    values.diagnostics().warning(words.bind_where, code::kFamilyMismatch,
                                 fmt::format("`bindto` is {} and the target {}: it is ignored",
                                             to_string(words.bind_ip->family()), to_string(target.family())));
  }
  if (fits && (words.bind_port != 0 || !words.bind_ip->is_unspecified())) {
    return Endpoint{*words.bind_ip, words.bind_port};
  }
  if (words.bind_port == 0) return {};
  return Endpoint{target.is_v4() ? Address() : Address::v6({}), words.bind_port};
}

struct PlainCheck : PathWords {};

const BlockBinding<PlainCheck>& plain_words(BlockId block) {
  static const BlockBinding<PlainCheck> kTcp(
      BlockId::TcpCheck,
      joined(path_words<PlainCheck>(),
             {{"nb_get_retry",
               [](PlainCheck& into, const Node& node, Values& values) { take(values, node, into.retry); },
               nullptr}}));
  static const BlockBinding<PlainCheck> kPing(BlockId::PingCheck, path_words<PlainCheck>());
  return block == BlockId::TcpCheck ? kTcp : kPing;
}

template <typename T>
void build_plain(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values) {
  PlainCheck words;
  words.server = context.target.address;
  plain_words(block.keyword().block).read(words, block, values);
  T check;
  if (settle_path(words, context, {}, block, check, values)) into.push_back(std::move(check));
}

void print_plain(std::string_view name, BlockId block, const NetworkCheck& check, Document& out) {
  PlainCheck words;
  unsettle_path(check, words);
  Document inside;
  plain_words(block).print(words, inside);
  out.push_back(many(block_item(name, {}, std::move(inside))));
}

}  // namespace

RhythmWords RhythmWords::inside(const RhythmWords& outer) const {
  RhythmWords out;
  out.delay_loop = either(delay_loop, outer.delay_loop);
  out.delay_before_retry = either(delay_before_retry, outer.delay_before_retry);
  out.connect_timeout = either(connect_timeout, outer.connect_timeout);
  out.warmup = either(warmup, outer.warmup);
  out.retry = either(retry, outer.retry);
  out.alpha = either(alpha, outer.alpha);
  return out;
}

void read_connect_ip(PathWords& into, const Node& node, Values& values) {
  const Word& word = node.arguments().front();
  const auto address = values.loose_address(word, "the line is ignored");
  if (!address) return;
  into.connect_ip = address;
  if (!into.bind_ip || into.bind_ip->family() == address->family()) return;
  mismatch(word, *into.bind_ip, "`bindto` is ignored", values);
  into.bind_ip.reset();
}

void read_bindto(PathWords& into, const Node& node, Values& values) {
  const Word& word = node.arguments().front();
  const auto address = values.loose_address(word, "the line is ignored");
  if (!address) return;
  // compat: what counts is where the check goes by the lines above.
  const auto& target = either(into.connect_ip, into.server);
  if (target && target->family() != address->family()) {
    mismatch(word, *target, "the line is ignored", values);
    return;
  }
  into.bind_ip = address;
  into.bind_where = word.where();
}

void read_bind_if(PathWords& into, const Node& node, Values& values) {
  if (auto name = values.interface(node.arguments().front())) into.bind_interface = std::move(*name);
}

void put_port(std::uint16_t port, const Keyword& keyword, Document& out) {
  if (port != 0) put(port, keyword, out);
}

Shared<CheckSettings> SettingsPool::share(CheckSettings settings) {
  for (const auto& each : recent_) {
    if (*each == settings) return each;
  }
  Shared<CheckSettings>& place = recent_[next_++ % recent_.size()];
  place = Shared(std::move(settings));
  return place;
}

CheckTiming timing_of(const RhythmWords& words, const KindDefaults& kind) {
  CheckTiming out;
  out.delay_loop = words.delay_loop.value_or(out.delay_loop);
  out.connect_timeout = words.connect_timeout.value_or(out.connect_timeout);
  out.warmup = words.warmup.value_or(out.delay_loop);
  out.retry = words.retry.value_or(kind.retry);
  const Duration pause = kind.delay_before_retry.count() != 0 ? kind.delay_before_retry : out.delay_loop;
  out.delay_before_retry = words.delay_before_retry.value_or(pause);
  return out;
}

bool settle_path(const PathWords& words, const CheckContext& context, const KindDefaults& kind,
                 const Node& block, NetworkCheck& into, Values& values) {
  into.target = {words.connect_ip.value_or(context.target.address),
                 words.connect_port.value_or(context.target.port)};
  const RhythmWords rhythm = words.inside(context.outer);
  CheckSettings settings;
  settings.timing = timing_of(rhythm, kind);
  settings.bind = local_end(words, into.target.address, values);
  settings.bind_interface = words.bind_interface;
  settings.mark = words.mark;
  settings.alpha = rhythm.alpha.value_or(false);
  settings.log_all_failures = words.log_all_failures;
  into.settings = context.pool.share(std::move(settings));
  if (into.target.address.is_link_local() && !into.target.address.is_v4() && words.bind_interface.empty()) {
    values.diagnostics().error(block.where(), code::kBadAddress,
                               fmt::format("{} is a link-local address, and no interface is given: "
                                           "the check is ignored",
                                           into.target.address.to_string()),
                               "write `bind_if INTERFACE`");
    return false;
  }
  const bool has_ports = block.keyword().block != BlockId::PingCheck;
  if (into.target.port == 0 && has_ports) {
    // compat: keepalived says nothing, connects to port 0 and finds the server dead for ever.
    values.diagnostics().warning(block.where(), code::kNoCheckPort,
                                 "there is no port to check: the server will count as dead",
                                 "give a connect_port, or a port to the real server");
  }
  return true;
}

void unsettle(const CheckSettings& settings, RhythmWords& into) {
  into.delay_loop = settings.timing.delay_loop;
  into.delay_before_retry = settings.timing.delay_before_retry;
  into.connect_timeout = settings.timing.connect_timeout;
  into.warmup = settings.timing.warmup;
  into.retry = settings.timing.retry;
  into.alpha = settings.alpha;
}

void unsettle_path(const NetworkCheck& check, PathWords& into) {
  const CheckSettings& settings = *check.settings;
  unsettle(settings, into);
  into.connect_ip = check.target.address;
  into.connect_port = check.target.port;
  if (settings.bind) {
    if (!settings.bind->address.is_unspecified()) into.bind_ip = settings.bind->address;
    into.bind_port = settings.bind->port;
  }
  into.bind_interface = settings.bind_interface;
  into.mark = settings.mark;
  into.log_all_failures = settings.log_all_failures;
}

bool is_check(BlockId block) {
  switch (block) {
    case BlockId::TcpCheck:
    case BlockId::PingCheck:
    case BlockId::HttpGet:
    case BlockId::SslGet:
    case BlockId::UdpCheck:
    case BlockId::DnsCheck:
    case BlockId::SmtpCheck:
    case BlockId::MiscCheck:
    case BlockId::FileCheck:
    case BlockId::BfdCheck: return true;
    default: return false;
  }
}

void build_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values) {
  switch (block.keyword().block) {
    case BlockId::TcpCheck: return build_plain<TcpCheck>(block, context, into, values);
    case BlockId::PingCheck: return build_plain<PingCheck>(block, context, into, values);
    case BlockId::HttpGet:
    case BlockId::SslGet: return build_http_check(block, context, into, values);
    case BlockId::UdpCheck: return build_udp_check(block, context, into, values);
    case BlockId::DnsCheck: return build_dns_check(block, context, into, values);
    case BlockId::SmtpCheck: return build_smtp_check(block, context, into, values);
    case BlockId::MiscCheck: return build_misc_check(block, context, into, values);
    case BlockId::FileCheck: return build_file_check(block, context, into, values);
    case BlockId::BfdCheck: return build_bfd_check(block, context, into, values);
    default: return;
  }
}

void print_check(const Check& check, Document& out) {
  std::visit(
      Overloaded{[&](const TcpCheck& tcp) { print_plain("TCP_CHECK", BlockId::TcpCheck, tcp, out); },
                 [&](const PingCheck& ping) { print_plain("PING_CHECK", BlockId::PingCheck, ping, out); },
                 [&](const auto& boxed) { print(*boxed, out); }},
      check);
}

}  // namespace hald::config
