// SPDX-License-Identifier: Apache-2.0
// When gratuitous ARPs (or neighbour advertisements) are repeated: at once and again after a delay on
// becoming MASTER, the same after a losing advert, and periodic refreshes (the garp_* words). A pure
// machine beside the VRRP one: adverts never wait for it.
#pragma once

#include <optional>

#include "base/time.h"
#include "config/model.h"

namespace hald::vrrp {

struct AnnounceState {
  std::optional<TimePoint> delayed_at;  ///< the second batch after becoming MASTER
  std::optional<TimePoint> again_at;    ///< the second batch after a losing advert
  std::optional<TimePoint> refresh_at;
  std::optional<TimePoint> quiet_until;  ///< losing adverts cause no further batch before that
  friend bool operator==(const AnnounceState&, const AnnounceState&) = default;
};

struct AnnounceStep {
  AnnounceState next;
  unsigned repeat = 0;  ///< how often each address is to be announced now; 0: not at all
};

/// A stream of losing adverts yields at most one batch in this time.
constexpr Duration announce_pause = std::chrono::milliseconds(100);

[[nodiscard]] AnnounceStep announce_as_master(const config::Announcing& settings, TimePoint now);
/// Somebody else may have announced our addresses: once more, while everything scheduled stays.
[[nodiscard]] AnnounceStep announce_again(const config::Announcing& settings, const AnnounceState& state,
                                          TimePoint now);
/// What is due at `now`; harmless when nothing is.
[[nodiscard]] AnnounceStep announce_due(const config::Announcing& settings, const AnnounceState& state,
                                        TimePoint now);
[[nodiscard]] std::optional<TimePoint> deadline(const AnnounceState& state);

}  // namespace hald::vrrp
