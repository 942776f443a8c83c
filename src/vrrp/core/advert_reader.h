// SPDX-License-Identifier: Apache-2.0
// AdvertReader: which packets are adverts that one instance may act upon: authentication first (AH,
// auth_hmac), then everything that decode() checks, then where a unicast advert comes from. What a sender's
// newest number was is all the state; a packet that is dropped leaves nothing else behind.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "config/model.h"
#include "vrrp/core/auth_hmac.h"
#include "vrrp/core/packet.h"

namespace hald::vrrp {

/// What is true of this router while it reads.
struct ReaderContext {
  Address own_address;  ///< unspecified: we have none
  bool owner = false;   ///< our priority is 255 now
  TimePoint now;
  WallTime wall_now;
};

class AdvertReader {
 public:
  explicit AdvertReader(const config::VrrpInstance& settings) { configure(settings); }
  /// Keeps what it knows of the senders' numbers while the peers stay the same.
  void configure(const config::VrrpInstance& settings);
  [[nodiscard]] std::variant<Received, Dropped> read(const Packet& packet, const ReaderContext& context);

  /// The highest AH number of any advert that was not dropped.
  [[nodiscard]] std::uint32_t highest_ah() const { return highest_ah_; }

 private:
  struct AhMark {
    std::uint32_t sequence = 0;
    TimePoint heard;
  };
  [[nodiscard]] std::variant<Received, Dropped> read_plain(const Packet& packet,
                                                           const ReaderContext& context);
  [[nodiscard]] std::variant<Received, Dropped> read_ah(const Packet& packet, const ReaderContext& context);
  [[nodiscard]] std::optional<Dropped> check_trailer(const Trailer& trailer, WallTime now);
  [[nodiscard]] bool is_replay(const Address& source, std::uint32_t sequence, TimePoint now);
  [[nodiscard]] std::optional<Dropped> check_peer(const Received& received) const;

  Expectation expected_;
  std::vector<Address> advertised_;
  std::vector<config::UnicastPeer> peers_;
  bool check_source_ = false;
  bool owner_ignores_ = false;
  bool by_ah_ = false;
  Duration patience_{};  // how long a sender must have been silent to begin its numbers anew
  std::optional<HmacSettings> hmac_;
  bool trailer_required_ = false;
  std::optional<HmacReceiver> hmac_receiver_;
  std::map<Address, AhMark> ah_marks_;
  std::uint32_t highest_ah_ = 0;
};

}  // namespace hald::vrrp
