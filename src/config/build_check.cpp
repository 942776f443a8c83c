// SPDX-License-Identifier: Apache-2.0
#include "config/build_check.h"

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {
namespace {

template <typename T>
void set(std::optional<T>& field, const std::optional<T>& value) {
  if (value) field = value;
}

template <typename T>
std::optional<T> either(const std::optional<T>& first, const std::optional<T>& second) {
  return first ? first : second;
}

/// The words of a check about where it goes and where it comes from.
struct PathDraft {
  std::optional<Address> connect_ip;
  std::optional<std::uint16_t> connect_port;
  std::optional<Address> bind_ip;
  Position bind_where;
  std::uint16_t bind_port = 0;

  void read(const Node& node, Values& values) {
    switch (node.meaning()) {
      case Meaning::ConnectIp: set(connect_ip, values.address(node)); return;
      case Meaning::ConnectPort:
        if (const auto port = values.number(node)) connect_port = static_cast<std::uint16_t>(*port);
        return;
      case Meaning::BindIp:
        set(bind_ip, values.address(node));
        bind_where = node.arguments().front().where();
        return;
      case Meaning::BindPort:
        if (const auto port = values.number(node)) bind_port = static_cast<std::uint16_t>(*port);
        return;
      default: return;
    }
  }
};

std::optional<Endpoint> local_end(const PathDraft& path, const Address& target, Diagnostics& diagnostics) {
  if (path.bind_ip && path.bind_ip->family() == target.family())
    return Endpoint{*path.bind_ip, path.bind_port};
  if (path.bind_ip) {
    diagnostics.error(path.bind_where, code::kFamilyMismatch,
                      fmt::format("`bindto` is {} and the target {}: it is ignored",
                                  to_string(path.bind_ip->family()), to_string(target.family())));
  }
  if (path.bind_port == 0) return {};
  return Endpoint{target.is_v4() ? Address() : Address::v6({}), path.bind_port};
}

}  // namespace

bool CheckDraft::read(const Node& node, Values& values) {
  switch (node.meaning()) {
    case Meaning::DelayLoop: set(delay_loop, values.time(node)); return true;
    case Meaning::DelayBeforeRetry: set(delay_before_retry, values.time(node)); return true;
    case Meaning::ConnectTimeout: set(connect_timeout, values.time(node)); return true;
    case Meaning::Warmup: set(warmup, values.time(node)); return true;
    case Meaning::Retry:
      if (const auto value = values.number(node)) retry = static_cast<std::uint32_t>(*value);
      return true;
    case Meaning::Alpha: set(alpha, values.boolean(node)); return true;
    default: return false;
  }
}

CheckDraft CheckDraft::inside(const CheckDraft& outer) const {
  CheckDraft out;
  out.delay_loop = either(delay_loop, outer.delay_loop);
  out.delay_before_retry = either(delay_before_retry, outer.delay_before_retry);
  out.connect_timeout = either(connect_timeout, outer.connect_timeout);
  out.warmup = either(warmup, outer.warmup);
  out.retry = either(retry, outer.retry);
  out.alpha = either(alpha, outer.alpha);
  return out;
}

CheckTiming CheckDraft::timing() const {
  CheckTiming out;
  out.delay_loop = delay_loop.value_or(out.delay_loop);
  out.delay_before_retry = delay_before_retry.value_or(out.delay_before_retry);
  out.connect_timeout = connect_timeout.value_or(out.connect_timeout);
  out.warmup = warmup.value_or(out.delay_loop);
  out.retry = retry.value_or(out.retry);
  return out;
}

std::optional<BuiltCheck> build_check(const Node& block, const Endpoint& target, const CheckDraft& outer,
                                      Values& values) {
  CheckDraft rhythm;
  PathDraft path;
  for (const Node node : block.children()) {
    if (!rhythm.read(node, values)) path.read(node, values);
  }
  TcpCheck check;
  rhythm = rhythm.inside(outer);
  check.timing = rhythm.timing();
  check.target = {path.connect_ip.value_or(target.address), path.connect_port.value_or(target.port)};
  check.bind = local_end(path, check.target.address, values.diagnostics());
  if (check.target.address.is_link_local() && !check.target.address.is_v4()) {
    values.diagnostics().error(block.where(), code::kBadAddress,
                               fmt::format("{} is a link-local address, and no interface is given: "
                                           "the check is ignored",
                                           check.target.address.to_string()));
    return {};
  }
  if (check.target.port == 0) {
    // compat: keepalived says nothing, connects to port 0 and finds the server dead for ever.
    values.diagnostics().error(block.where(), code::kNoCheckPort,
                               "there is no port to check: the server will count as dead",
                               "give a connect_port, or a port to the real server");
  }
  return BuiltCheck{check, rhythm.alpha.value_or(false)};
}

}  // namespace hald::config
