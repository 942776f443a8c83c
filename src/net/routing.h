// SPDX-License-Identifier: Apache-2.0
// Routing: the kernel's routes and rules, as a seam. Tables may be big, so a dump is fetched piece by piece;
// a change is answered at once. It keeps nothing, judges nothing and retries nothing: route_reconciler.h and
// rule_reconciler.h do. Production is NetlinkRouting; tests use fakes::FakeRouting.
#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "net/route.h"
#include "net/rule.h"

namespace hald::net {

/// One change of the kernel's routes or rules.
template <typename Entry>
struct RoutingOperation {
  enum class What : unsigned char {
    Add,
    Replace,  ///< the first of its like; routes only
    Remove    ///< exactly this one
  };
  What what = What::Add;
  Entry entry;
  Placement placement = Placement::Prepend;  ///< of Add
  friend bool operator==(const RoutingOperation&, const RoutingOperation&) = default;
};
using RouteOperation = RoutingOperation<Route>;
using RuleOperation = RoutingOperation<Rule>;

/// The kernel tells of a change, whoever made it.
template <typename Entry>
struct RoutingEvent {
  Entry entry;
  bool removed = false;
  bool replaced = false;  ///< something else, which is not named, went for it
};
using RouteEvent = RoutingEvent<Route>;
using RuleEvent = RoutingEvent<Rule>;

/// A dump under way; destroying it ends it.
template <typename Entry>
class RoutingDump {
 public:
  using Take = std::function<void(Entry)>;

  RoutingDump() = default;
  RoutingDump(const RoutingDump&) = delete;
  RoutingDump& operator=(const RoutingDump&) = delete;
  virtual ~RoutingDump() = default;
  /// Hands over the next entries, some hundred at most, in the kernel's order. False after the last one. An
  /// error ends the dump; so does a table that changed meanwhile (EAGAIN).
  [[nodiscard]] virtual Result<bool> next(const Take& take) = 0;
};

class Routing {
 public:
  template <typename Entry>
  struct Receiver {
    std::function<void(const RoutingEvent<Entry>&)> event;
    std::function<void()> overrun;  ///< the kernel dropped some: only a dump tells what is true now
  };

  virtual ~Routing() = default;
  /// A table that does not exist is empty.
  [[nodiscard]] virtual Result<std::unique_ptr<RoutingDump<Route>>> dump_routes(Family family,
                                                                                std::uint32_t table) = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<RoutingDump<Rule>>> dump_rules(Family family) = 0;
  /// The error carries the kernel's errno. The links of a route must have indexes.
  [[nodiscard]] virtual Result<void> write(const RouteOperation& operation) = 0;
  [[nodiscard]] virtual Result<void> write(const RuleOperation& operation) = 0;
  /// From now on events go to `receiver`, from the loop. One receiver of each kind at a time.
  virtual void receive(Receiver<Route> receiver) = 0;
  virtual void receive(Receiver<Rule> receiver) = 0;
};

}  // namespace hald::net
