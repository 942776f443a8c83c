// SPDX-License-Identifier: Apache-2.0
// Claims: who declared what about a set of things in the kernel (the addresses of one device, the routes, the
// rules), and what follows for each of them. Pure book-keeping for the reconcilers: a thing is to be present
// if any owner holds it, and absent if one was declared, or was held by a declaration that is gone, and
// nobody holds it. A Wish is known by key_of(wish).
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hald::net {

/// Everything known about one declared thing.
template <typename Wish>
struct Claim {
  struct Owner {
    bool held = false;
    Wish wanted;
  };
  std::map<std::string, Owner> owners;
  std::uint64_t order = 0;  ///< of the last declaration: the order in which missing ones are added
  Wish last;                ///< as it was declared last, also when nobody declares it any more
  bool leaving = false;     ///< held by a declaration that is gone; until found absent
  bool confirmed = false;   ///< found as declared; until the declaration changes
  bool postponed = false;   ///< the kernel refused; until the retry or a new declaration

  /// What is to be present, or nullptr if it is to be absent. Of several holders the first by name decides.
  [[nodiscard]] const Wish* held() const {
    for (const auto& [name, owner] : owners) {
      if (owner.held) return &owner.wanted;
    }
    return nullptr;
  }
};

template <typename Wish>
class Claims {
 public:
  using Key = std::decay_t<decltype(key_of(std::declval<const Wish&>()))>;
  using Keys = std::vector<Key>;

  /// Replaces what `owner` declared, which may be nothing. Returns the key of everything concerned, in the
  /// order of declaration; if nothing is new, their state is left as it was.
  Keys declare(const std::string& owner, bool held, std::vector<Wish> wishes) {
    std::set<Key> seen;
    wishes.erase(std::remove_if(wishes.begin(), wishes.end(),
                                [&](const Wish& wanted) { return !seen.insert(key_of(wanted)).second; }),
                 wishes.end());
    Declaration fresh{held, std::move(wishes)};
    const auto known = declarations_.find(owner);
    const Declaration before = known != declarations_.end() ? known->second : Declaration{};
    Keys concerned;
    if (fresh == before) {
      for (const auto& wanted : fresh.wishes) concerned.push_back(key_of(wanted));
      return concerned;
    }
    claim(owner, fresh, concerned);
    withdraw(owner, before, seen, concerned);
    if (fresh.wishes.empty()) {
      declarations_.erase(owner);
    } else {
      declarations_[owner] = std::move(fresh);
    }
    return concerned;
  }

  [[nodiscard]] bool knows(const std::string& owner) const { return declarations_.count(owner) > 0; }
  [[nodiscard]] bool empty() const { return claims_.empty(); }
  [[nodiscard]] Keys all() const {
    Keys out;
    out.reserve(claims_.size());
    for (const auto& [key, claim] : claims_) out.push_back(key);
    return out;
  }
  [[nodiscard]] Claim<Wish>* find(const Key& key) {
    const auto found = claims_.find(key);
    return found == claims_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const Claim<Wish>* find(const Key& key) const {
    const auto found = claims_.find(key);
    return found == claims_.end() ? nullptr : &found->second;
  }
  void erase(const Key& key) { claims_.erase(key); }
  /// What was seen does not hold any more (the device is gone or another one). Returns the keys of the claims
  /// that vanished with it, because nobody had declared them any longer.
  Keys forget_seen() {
    Keys out;
    for (auto entry = claims_.begin(); entry != claims_.end();) {
      auto& claim = entry->second;
      claim.leaving = claim.confirmed = claim.postponed = false;
      if (claim.owners.empty()) out.push_back(entry->first);
      entry = claim.owners.empty() ? claims_.erase(entry) : std::next(entry);
    }
    return out;
  }
  void resume_postponed() {
    for (auto& [key, claim] : claims_) claim.postponed = false;
  }

 private:
  struct Declaration {
    bool held = false;
    std::vector<Wish> wishes;
    friend bool operator==(const Declaration&, const Declaration&) = default;
  };

  void claim(const std::string& owner, const Declaration& declaration, Keys& concerned) {
    for (const auto& wanted : declaration.wishes) {
      auto key = key_of(wanted);
      auto& claim = claims_[key];
      claim.owners[owner] = {declaration.held, wanted};
      claim.last = wanted;
      claim.order = ++order_;
      claim.confirmed = claim.postponed = false;
      concerned.push_back(std::move(key));
    }
  }

  /// What `owner` declared before and no longer does: the last word on what it held is that it must go.
  void withdraw(const std::string& owner, const Declaration& before, const std::set<Key>& still,
                Keys& concerned) {
    for (const auto& wanted : before.wishes) {
      auto key = key_of(wanted);
      if (still.count(key) > 0) continue;
      auto& claim = claims_[key];
      claim.owners.erase(owner);
      claim.leaving = claim.leaving || before.held;
      claim.confirmed = claim.postponed = false;
      if (claim.owners.empty() && !claim.leaving) claims_.erase(key);
      concerned.push_back(std::move(key));
    }
  }

  std::map<std::string, Declaration> declarations_;
  std::map<Key, Claim<Wish>> claims_;
  std::uint64_t order_ = 0;
};

}  // namespace hald::net
