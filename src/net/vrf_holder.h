// SPDX-License-Identifier: Apache-2.0
// VrfHolder: a Holder in front of another one that turns the name of a route's VRF into its routing table. A
// VRF may come late, go, or come again with another table: the owners whose routes name it are declared anew
// whenever that changes. While it is missing its routes are left out, without an error, as any other route
// waits for its interface.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/log.h"
#include "net/holder.h"
#include "net/interfaces.h"

namespace hald::net {

class VrfHolder : public Holder {
 public:
  /// All references must outlive the holder.
  VrfHolder(Holder& next, Interfaces& interfaces, log::Logger& logger);

  void hold(const std::string& owner, Holdings holdings) override;
  void release(const std::string& owner, Holdings holdings) override;
  void forget(const std::string& owner) override;

 private:
  using Tables = std::map<std::string, std::uint32_t>;  // 0: there is no such VRF
  struct Declared {
    bool held = false;
    Holdings holdings;  // as the owner said it
    Tables tables;      // as they were told to the next one
  };

  void declare(const std::string& owner, bool held, Holdings holdings);
  void pass_on(const std::string& owner, const Declared& declared);
  void pass_on(const std::string& owner, bool held, Holdings holdings);
  void look_again(const std::string& name);
  void warn_of_missing(const std::string& owner, const Tables& tables);
  [[nodiscard]] Tables tables_of(const std::vector<WantedRoute>& routes) const;

  Holder& next_;
  Interfaces& interfaces_;
  log::Logger& logger_;
  std::map<std::string, Declared> declared_;  // of the owners with a route that names a VRF
  Subscription subscription_;
};

}  // namespace hald::net
