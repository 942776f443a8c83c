// SPDX-License-Identifier: Apache-2.0
// AddressClaims: who declared what about the addresses of one device, and what follows for each of them. Pure
// book-keeping for address_reconciler.h: an address is to be present if any owner holds it, and absent if one
// was declared, or was held by a declaration that is gone, and nobody holds it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "net/interfaces.h"

namespace hald::net {

/// Everything known about one declared address.
struct AddressClaim {
  struct Owner {
    bool held = false;
    WantedAddress wanted;
  };
  std::map<std::string, Owner> owners;
  std::uint64_t order = 0;  ///< of the last declaration: the order in which missing ones are added
  bool leaving = false;     ///< held by a declaration that is gone; until found absent
  bool confirmed = false;   ///< found as declared; until the declaration changes
  bool postponed = false;   ///< the kernel refused; until the retry or a new declaration

  /// What is to be present, or nullptr if it is to be absent. Of several holders the first by name decides.
  [[nodiscard]] const WantedAddress* held() const;
};

class AddressClaims {
 public:
  using Prefixes = std::vector<Prefix>;

  /// Replaces what `owner` declared about this device, which may be nothing. Returns every address concerned,
  /// in the order of declaration; if nothing is new, their state is left as it was.
  Prefixes declare(const std::string& owner, bool held, std::vector<WantedAddress> addresses);

  [[nodiscard]] bool knows(const std::string& owner) const { return declarations_.count(owner) > 0; }
  [[nodiscard]] bool empty() const { return claims_.empty(); }
  [[nodiscard]] Prefixes all() const;
  [[nodiscard]] AddressClaim* find(const Prefix& prefix);
  [[nodiscard]] const AddressClaim* find(const Prefix& prefix) const;
  void erase(const Prefix& prefix) { claims_.erase(prefix); }
  /// The device is gone or another one: nothing that was seen there holds any more.
  void forget_seen();
  void resume_postponed();

 private:
  struct Declaration {
    bool held = false;
    std::vector<WantedAddress> addresses;
    friend bool operator==(const Declaration&, const Declaration&) = default;
  };

  void claim(const std::string& owner, const Declaration& declaration, Prefixes& concerned);
  void withdraw(const std::string& owner, const Declaration& before, Prefixes& concerned);

  std::map<std::string, Declaration> declarations_;
  std::map<Prefix, AddressClaim> claims_;
  std::uint64_t order_ = 0;
};

}  // namespace hald::net
