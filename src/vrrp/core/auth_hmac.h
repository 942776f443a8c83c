// SPDX-License-Identifier: Apache-2.0
// auth_hmac, keepalived's authentication of adverts: 28 octets behind the VRRP message that hold a key
// number, a sequence made of the sender's clock, and the first half of an HMAC-SHA256 over message, sender
// and trailer. Here are the octets and the rules against replay; whether an advert without a trailer is taken
// is decided by the mode (config) and by packet. Wall-clock time is an argument: it is what the sequence is
// made of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/time.h"

namespace hald::vrrp {

constexpr std::size_t hmac_trailer_size = 28;
using HmacTrailer = std::array<std::uint8_t, hmac_trailer_size>;

struct HmacKey {
  std::uint8_t id = 0;               ///< 1..255, the same on all routers
  std::vector<std::uint8_t> secret;  ///< 32..64 octets
  friend bool operator==(const HmacKey&, const HmacKey&) = default;
};

/// Seconds since 1970 (32 bits, they wrap), 1/65536 seconds (16 bits), a counter (16 bits).
using HmacSequence = std::uint64_t;
[[nodiscard]] HmacSequence sequence_at(WallTime now);

/// Of whom and of what the message speaks; a part of what is authenticated.
struct HmacSubject {
  std::uint8_t version = 3;
  std::uint8_t vrid = 0;
  Address source;
};

/// The trailer for `message`, which is the VRRP message with its checksum, at least 8 octets.
[[nodiscard]] HmacTrailer make_trailer(const HmacKey& key, const HmacSubject& subject,
                                       std::span<const std::uint8_t> message, HmacSequence sequence);

struct HmacSettings {
  std::vector<HmacKey> keys;
  std::uint8_t active_key = 0;  ///< id of the key to send with
  Duration window{};            ///< how far a sender's clock may be from ours; whole seconds
  bool by_time = true;          ///< false: `anti_replay monotonic`, no clock is compared
  [[nodiscard]] const HmacKey* find(std::uint8_t id) const;
};

/// Numbers adverts. One number serves all copies of one advert.
class HmacSender {
 public:
  /// Later than every number before, and the clock's unless that stands still or went back. After the clock
  /// was put back by more than the window, numbers start from the clock again: receivers would refuse the old
  /// ones as too far ahead.
  [[nodiscard]] HmacSequence next(const HmacSettings& settings, WallTime now);

 private:
  HmacSequence last_ = 0;
};

enum class HmacFault : std::uint8_t {
  Malformed,   ///< unknown type, or reserved octets in use
  Stale,       ///< the sender's clock is further away than the window
  UnknownKey,  ///< no key of that number here
  WrongHmac,   ///< another secret, or a forged message
  Replayed     ///< not newer than what this sender sent before
};
/// In words: "replayed".
[[nodiscard]] std::string_view to_string(HmacFault fault);

/// Remembers what each sender sent last. Bounded: of senders that no peer is configured for, the four heard
/// last are known.
class HmacReceiver {
 public:
  explicit HmacReceiver(const std::vector<Address>& peers = {});

  /// Nothing if the trailer is in order; then its sequence is the sender's newest. In keepalived's order:
  /// form, window, key, HMAC, replay. Nothing is remembered of a trailer that fails.
  [[nodiscard]] std::optional<HmacFault> check(const HmacSettings& settings, const HmacSubject& subject,
                                               std::span<const std::uint8_t> message,
                                               std::span<const std::uint8_t, hmac_trailer_size> trailer,
                                               WallTime now);

 private:
  struct Mark {
    Address sender;
    std::optional<HmacSequence> newest;
    std::uint64_t used = 0;  // when, in checks
  };
  Mark& mark_of(const Address& sender);

  std::vector<Mark> peers_;
  std::array<Mark, 4> others_{};
  std::uint64_t checks_ = 0;
};

}  // namespace hald::vrrp
