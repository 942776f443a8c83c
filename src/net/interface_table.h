// SPDX-License-Identifier: Apache-2.0
// InterfaceTable: Interfaces over Rtnl. A dump at start, the kernel's events from then on, a new dump after
// an overrun. Interfaces may vanish, come later and be renamed. Subscribers are told on a later turn of the
// loop and once per interface, so that nobody is called back in the middle of what he is doing.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "net/backoff.h"
#include "net/rtnl.h"
#include "net/watchers.h"

namespace hald::net {

class InterfaceTable : public Interfaces {
 public:
  /// All references must outlive the table, which becomes the receiver of `rtnl`'s events.
  InterfaceTable(Rtnl& rtnl, Scheduler& scheduler, log::Logger& logger);
  ~InterfaceTable() override;
  InterfaceTable(const InterfaceTable&) = delete;
  InterfaceTable& operator=(const InterfaceTable&) = delete;

  /// The first dump. Call once, before anything else.
  [[nodiscard]] Result<void> start();
  /// Takes in every event that the kernel has queued, so that what is read next is true now.
  void refresh() { rtnl_.drain(); }
  /// Forgets what it believes and dumps anew, for one who was told by the kernel that it is wrong.
  [[nodiscard]] Result<void> look_again();
  /// As addresses(), without a copy: valid until the next refresh(), look_again() or turn of the loop.
  [[nodiscard]] const std::vector<InterfaceAddress>& list(int index) const;
  /// All interfaces there are now.
  [[nodiscard]] std::vector<Link> links() const;
  /// Counted since the start: notifications that the kernel dropped, each of which led to a dump.
  [[nodiscard]] unsigned long overruns() const { return overruns_; }

  [[nodiscard]] const Link* find(std::string_view name) const override;
  [[nodiscard]] const Link* find(int index) const override;
  [[nodiscard]] std::vector<InterfaceAddress> addresses(int index) const override;
  [[nodiscard]] Subscription subscribe(std::function<void(const std::string& name)> changed) override;

 private:
  struct Interface {
    Link link;
    std::vector<InterfaceAddress> addresses;
  };
  using Table = std::map<int, Interface>;

  void take(const RtnlEvent& event);
  void take_link(const LinkEvent& event);
  void take_address(const AddressEvent& event);
  void take_overrun();
  void update(const Link& link);
  void remove(int index);
  void replace(const std::vector<Link>& links, const std::vector<InterfaceAddress>& addresses);
  void dump_or_retry();
  void touch(const std::string& name);
  void tell();

  Rtnl& rtnl_;
  Scheduler& scheduler_;
  log::Logger& logger_;
  Table table_;
  std::vector<Table::node_type> gone_;  // until the next turn, for those who hold a Link*
  std::set<std::string> changed_;
  Watchers watchers_;
  TimerHandle telling_;
  TimerHandle retry_;
  Backoff backoff_{std::chrono::milliseconds(100), std::chrono::seconds(10)};
  unsigned long overruns_ = 0;
};

}  // namespace hald::net
