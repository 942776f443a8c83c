// SPDX-License-Identifier: Apache-2.0
// AnnouncePaces: the least gaps between announcements on an interface, or on a garp_group of them, shared by
// all instances there (vrrp_garp_interval, vrrp_gna_interval, garp_group). Switches drop what comes faster.
// Adverts never ask it.
#pragma once

#include <map>
#include <string>

#include "base/ip.h"
#include "base/time.h"
#include "config/model.h"

namespace hald::vrrp {

class AnnouncePaces {
 public:
  /// Gaps that are running go on.
  void configure(const config::Config& config);
  /// Zero: one announcement of the family may leave on the device now, and is counted as sent. Else how long
  /// to wait before asking again; nothing is counted.
  [[nodiscard]] Duration take(const std::string& device, Family family, TimePoint now);

 private:
  struct Gaps {
    Duration arp{};  ///< 0: none
    Duration advertisement{};
  };
  struct Pace {
    std::string name;  ///< of the first interface of a group; what it is shared under
    Gaps gaps;
  };
  [[nodiscard]] Pace pace_of(const std::string& device) const;

  Gaps global_;
  std::map<std::string, Pace> grouped_;                       // by device
  std::map<std::pair<std::string, Family>, TimePoint> next_;  // nothing may leave before
};

}  // namespace hald::vrrp
