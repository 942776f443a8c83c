// SPDX-License-Identifier: Apache-2.0
#include "net/netlink_routing.h"

#include <linux/rtnetlink.h>

#include <cerrno>
#include <system_error>

#include "net/route_codec.h"
#include "net/rule_codec.h"

namespace hald::net {
namespace {

/// Some hundred routes, half a millisecond's work.
constexpr std::size_t kPiece = 16384;

template <typename Entry>
class NetlinkDump : public RoutingDump<Entry> {
 public:
  using Parse = std::optional<RoutingEvent<Entry>> (*)(const NetlinkMessage&);
  using Take = typename RoutingDump<Entry>::Take;

  NetlinkDump(Parse parse, const char* doing) : parse_(parse), doing_(doing), requests_(kPiece) {}

  Result<void> begin(std::vector<std::uint8_t> request) {
    return requests_.begin_dump(std::move(request), doing_);
  }
  Result<bool> next(const Take& take) override {
    const auto piece = requests_.read_piece(doing_, [&](const NetlinkMessage& message) {
      if (auto event = parse_(message)) take(std::move(event->entry));
    });
    if (!piece) return end_of(piece.error());
    if (piece->is_incomplete) return errno_error(EAGAIN, doing_ + std::string(": they keep changing"));
    return !piece->is_last;
  }

 private:
  /// A table that is not there holds nothing.
  static Result<bool> end_of(const Error& error) {
    if (error.code == std::errc::no_such_file_or_directory) return false;
    return error;
  }

  Parse parse_;
  const char* doing_;
  NetlinkRequests requests_;
};

template <typename Entry>
Result<std::unique_ptr<RoutingDump<Entry>>> begin_dump(typename NetlinkDump<Entry>::Parse parse,
                                                       const char* doing, std::vector<std::uint8_t> request) {
  std::unique_ptr<NetlinkDump<Entry>> dump;
  try {
    dump = std::make_unique<NetlinkDump<Entry>>(parse, doing);
  } catch (const std::system_error& problem) {
    return Error{problem.code(), doing};
  }
  if (const auto begun = dump->begin(std::move(request)); !begun) return begun.error();
  return std::unique_ptr<RoutingDump<Entry>>(std::move(dump));
}

template <typename Entry>
const char* verb_of(const RoutingOperation<Entry>& operation) {
  using What = typename RoutingOperation<Entry>::What;
  if (operation.what == What::Add) return "add ";
  return operation.what == What::Replace ? "replace by " : "remove ";
}

template <typename Entry>
NetlinkListener::Receiver decoding(typename NetlinkDump<Entry>::Parse parse,
                                   const Routing::Receiver<Entry>& receiver) {
  NetlinkListener::Receiver out;
  out.message = [parse, event = receiver.event](const NetlinkMessage& message) {
    if (const auto parsed = parse(message); parsed && event) event(*parsed);
  };
  out.overrun = receiver.overrun;
  return out;
}

}  // namespace

Result<std::unique_ptr<RoutingDump<Route>>> NetlinkRouting::dump_routes(Family family, std::uint32_t table) {
  return begin_dump<Route>(parse_route, "list the routes", build_route_dump(family, table));
}

Result<std::unique_ptr<RoutingDump<Rule>>> NetlinkRouting::dump_rules(Family family) {
  return begin_dump<Rule>(parse_rule, "list the rules", build_rule_dump(family));
}

Result<void> NetlinkRouting::write(const RouteOperation& operation) {
  return requests_.change(build_route(operation),
                          verb_of(operation) + ("route " + operation.entry.to_string()));
}

Result<void> NetlinkRouting::write(const RuleOperation& operation) {
  return requests_.change(build_rule(operation),
                          verb_of(operation) + ("rule " + operation.entry.to_string()));
}

void NetlinkRouting::receive(Receiver<Route> receiver) {
  if (!routes_) routes_.emplace(io_, std::initializer_list<unsigned>{RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE});
  routes_->receive(decoding<Route>(parse_route, receiver));
}

void NetlinkRouting::receive(Receiver<Rule> receiver) {
  if (!rules_) rules_.emplace(io_, std::initializer_list<unsigned>{RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE});
  rules_->receive(decoding<Rule>(parse_rule, receiver));
}

}  // namespace hald::net
