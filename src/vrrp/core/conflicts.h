// SPDX-License-Identifier: Apache-2.0
// Conflicts: what the adverts of others say against the one thing VRRP promises, that a virtual router has
// one MASTER with one list of addresses. It only remembers and judges: no election asks it, and a packet that
// is dropped may be named here without touching anything else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/time.h"

namespace hald::vrrp {

struct Conflict {
  enum class Kind : std::uint8_t {
    TwoMasters,      ///< heard as MASTER for longer than any election takes
    TwoOwners,       ///< both are configured as address owner
    OtherAddresses,  ///< its list is not ours: another virtual router with our VRID, or a mistake
  };
  Kind kind = Kind::TwoMasters;
  Address source;
  std::uint8_t priority = 0;  ///< of its latest advert; 0 if that was dropped
  std::uint64_t count = 0;    ///< its adverts since it began
  TimePoint since;
  TimePoint last;
  Duration patience{};            ///< after so long a silence it is over
  bool alarmed = false;           ///< it has lasted long enough to be told
  std::string dropped{};          ///< why its adverts do not count; empty: they do
  std::vector<Address> theirs{};  ///< OtherAddresses: the list
};
/// "two_masters".
[[nodiscard]] std::string_view to_string(Conflict::Kind kind);
/// A phrase about the other router, without a full stop.
[[nodiscard]] std::string explain(const Conflict& conflict);

/// An advert of another router, and what we are after having heard it.
struct RivalAdvert {
  Address source;
  std::uint8_t priority = 0;
  bool we_are_master = false;
  bool we_are_owner = false;
  std::optional<bool> list_differs{};  ///< nothing: nobody compared
  std::vector<Address> addresses{};    ///< when the list differs
  std::string dropped{};               ///< why it does not count
  /// How long every router, whatever its priority, waits for a silent MASTER.
  Duration patience{};
};

class Conflicts {
 public:
  /// Those that have just become worth an alarm.
  [[nodiscard]] std::vector<Conflict> heard(const RivalAdvert& advert, TimePoint now);
  /// Takes out what is over, and returns what of it had been alarmed.
  [[nodiscard]] std::vector<Conflict> end_silent(TimePoint now);
  /// We are no longer MASTER, and so nobody is it beside us.
  [[nodiscard]] std::vector<Conflict> end_two_masters();
  /// When end_silent() may find something; nothing if there is nothing.
  [[nodiscard]] std::optional<TimePoint> next_end() const;
  [[nodiscard]] const std::vector<Conflict>& all() const { return conflicts_; }

  /// So many are remembered at the same time: whoever makes up addresses gains nothing by it.
  static constexpr std::size_t most = 16;

 private:
  Conflict* find(Conflict::Kind kind, const Address& source);
  template <typename Test>
  std::vector<Conflict> end_if(Test test);
  void note(Conflict::Kind kind, const RivalAdvert& advert, TimePoint now, std::vector<Conflict>& alarms);

  std::vector<Conflict> conflicts_;
};

}  // namespace hald::vrrp
