// SPDX-License-Identifier: Apache-2.0
// SteadyInterfaces: the interfaces as they count for elections. Where the file asks for it
// (interface_up_down_delays), a link that goes down or comes up has to stay so for a while before anybody
// hears of it. An interface that is gone is gone at once, and addresses are never held back.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "net/interfaces.h"
#include "net/watchers.h"

namespace hald::net {

class SteadyInterfaces : public Interfaces {
 public:
  struct Delay {
    std::string name;
    Duration down{};
    Duration up{};
  };

  /// All references must outlive it.
  SteadyInterfaces(Interfaces& actual, Scheduler& scheduler, log::Logger& logger);

  /// What was believed of an interface stays so when its delays change; without any the truth counts at once.
  void configure(const std::vector<Delay>& delays);

  [[nodiscard]] const Link* find(std::string_view name) const override;
  [[nodiscard]] const Link* find(int index) const override;
  [[nodiscard]] std::vector<InterfaceAddress> addresses(int index) const override;
  [[nodiscard]] Subscription subscribe(std::function<void(const std::string& name)> changed) override;

 private:
  struct Held {
    Duration down{};
    Duration up{};
    bool there = false;
    bool usable = false;  ///< believed
    std::optional<TimerHandle> waiting;
    mutable Link shown;
  };

  void changed(const std::string& name);
  void follow(const std::string& name, Held& held);
  void wait(const std::string& name, Held& held, bool usable);
  void settle(const std::string& name, bool usable);
  [[nodiscard]] const Link* show(const Link* link) const;

  Interfaces& actual_;
  Scheduler& scheduler_;
  log::Logger& logger_;
  std::map<std::string, Held, std::less<>> held_;
  Watchers watchers_;
  Subscription subscription_;
};

}  // namespace hald::net
