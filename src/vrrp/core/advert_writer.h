// SPDX-License-Identifier: Apache-2.0
// AdvertWriter: how the adverts of one instance are put on the wire: one datagram to its group, or a copy for
// each unicast peer, sealed as its configuration says (PASS, AH, auth_hmac, the forms of the version 3
// checksum). Pure: the clock that auth_hmac numbers by is an argument.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "config/model.h"
#include "vrrp/core/auth_hmac.h"
#include "vrrp/core/packet.h"

namespace hald::vrrp {

class AdvertWriter {
 public:
  struct Copy {
    Address destination;
    /// IPv4: it is in the datagram already. Nothing: the kernel's for the kind of address.
    std::optional<std::uint8_t> hop_limit;
    /// IPv4: the datagram from its IP header on. IPv6: the VRRP message.
    std::vector<std::uint8_t> bytes;
  };

  explicit AdvertWriter(const config::VrrpInstance& settings) { configure(settings); }
  /// Numbers go on from where they were: receivers would take a second start for a replay.
  void configure(const config::VrrpInstance& settings);
  /// None for a unicast instance without peers.
  [[nodiscard]] std::vector<Copy> write(std::uint8_t priority, const Address& source, WallTime now);
  /// AH numbers go on after this one. compat: keepalived keeps one number for all that it sends and hears, so
  /// whoever follows another MASTER with lower ones is not heard.
  void go_on_after(std::uint32_t ah_sequence);
  [[nodiscard]] std::uint32_t ah_sequence() const { return ah_sequence_; }
  /// This peer was heard with the checksum of version 3 unicast adverts as it was before keepalived 1.3.6,
  /// and understands no other. True if that is news.
  bool use_old_checksum(const Address& peer);

  [[nodiscard]] const std::vector<Address>& advertised() const { return advert_.addresses; }

 private:
  [[nodiscard]] std::vector<std::uint8_t> message(const Sealing& sealing,
                                                  const std::optional<HmacSequence>& sequence) const;
  [[nodiscard]] std::vector<std::uint8_t> datagram(std::vector<std::uint8_t> message, const Sealing& sealing);
  [[nodiscard]] bool speaks_old(const Address& destination) const;

  Advert advert_;  // but for the priority
  Sealing sealing_;
  std::vector<Address> destinations_;
  Address group_;  // what old checksums are made with
  bool unicast_ = false;
  config::UnicastChecksum unicast_checksum_ = config::UnicastChecksum::Automatic;
  std::optional<std::uint8_t> unicast_ttl_;
  std::optional<HmacSettings> hmac_;  // nothing: adverts are not signed
  std::set<Address> old_checksum_;
  HmacSender hmac_sender_;
  std::uint32_t ah_sequence_ = 0;
  std::uint16_t identification_ = 0;
};

}  // namespace hald::vrrp
