// SPDX-License-Identifier: Apache-2.0
// FilterKeeper: desired against actual for hald's own nftables tables. Owners declare which addresses take no
// packets while they are held; the tables are made when the first one is, and go when nobody declares any.
// What was written is listed and remembered as the kernel tells it; when somebody changes the tables, they
// are listed again, and written anew if they differ. No other table is touched, and none at all unless a name
// is configured.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "net/backoff.h"
#include "net/drift.h"
#include "net/filter_table.h"
#include "net/interfaces.h"
#include "net/nftables.h"

namespace hald::net {

class FilterKeeper {
 public:
  /// All references must outlive the keeper.
  FilterKeeper(Nftables& nftables, Interfaces& interfaces, Scheduler& scheduler, log::Logger& logger);
  FilterKeeper(const FilterKeeper&) = delete;
  FilterKeeper& operator=(const FilterKeeper&) = delete;

  void configure(FilterSettings settings);
  /// Replaces what `owner` declared, which may be nothing.
  void declare(const std::string& owner, bool held, std::vector<ClosedAddress> addresses);
  /// Nothing of hald's is in the kernel when it returns: for the end of the process.
  void finish();

  [[nodiscard]] std::uint64_t writes() const { return writes_; }
  /// How often others changed the tables and they were put right.
  [[nodiscard]] std::uint64_t drift() const { return drift_; }

 private:
  struct Declaration {
    bool held = false;
    std::vector<ClosedAddress> addresses;
    friend bool operator==(const Declaration&, const Declaration&) = default;
  };

  [[nodiscard]] FilterTable desired() const;
  [[nodiscard]] std::string link_of(const ClosedAddress& address) const;
  [[nodiscard]] std::string batch_for(const FilterTable& wanted) const;
  void sync();
  void write(const FilterTable& wanted);
  void look();
  void refused(const std::string& error);
  void wait_until(TimePoint when);
  void tell(const FilterTable& before, const FilterTable& after);

  Nftables& nftables_;
  Interfaces& interfaces_;
  Scheduler& scheduler_;
  log::Logger& log_;
  FilterSettings settings_;
  std::map<std::string, Declaration> declarations_;
  /// What the kernel holds; nothing: not known. At first hald has written nothing.
  std::optional<FilterTable> written_ = FilterTable{};
  std::string listing_;  // of what is written, as the kernel tells it
  bool busy_ = false;
  bool changed_ = false;  // perhaps, since it was listed
  bool waiting_ = false;  // for another try
  bool finished_ = false;
  Backoff backoff_{std::chrono::seconds(1), std::chrono::minutes(1)};
  DriftPace pace_;
  TimerHandle retry_;
  std::uint64_t writes_ = 0;
  std::uint64_t drift_ = 0;
  Subscription subscription_;
};

}  // namespace hald::net
