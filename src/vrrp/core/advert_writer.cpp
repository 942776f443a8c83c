// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/advert_writer.h"

#include <algorithm>
#include <utility>

#include "vrrp/core/auth_ah.h"
#include "vrrp/core/dialect.h"

namespace hald::vrrp {

void AdvertWriter::configure(const config::VrrpInstance& settings) {
  advert_.version = settings.version;
  advert_.vrid = settings.vrid;
  advert_.interval = settings.advert_interval;
  advert_.addresses = advertised_addresses(settings);
  sealing_.checksum = settings.v3_checksum_as_v2 ? ChecksumForm::Message : ChecksumForm::Pseudo;
  sealing_.auth_type = settings.auth_type;
  sealing_.auth =
      settings.auth_type == config::AuthType::None ? AuthData{} : auth_data(settings.auth_password);
  group_ = group_of(settings);
  unicast_ = settings.unicast;
  unicast_checksum_ = settings.unicast_checksum;
  unicast_ttl_ = settings.unicast_ttl;
  destinations_.clear();
  if (!unicast_) destinations_.push_back(group_);
  for (const auto& peer : settings.peers) destinations_.push_back(peer.address);
  hmac_.reset();
  if (settings.auth_hmac && settings.auth_hmac->mode != config::HmacAuth::Mode::ReceiveOnly)
    hmac_ = hmac_settings(*settings.auth_hmac);
}

std::vector<AdvertWriter::Copy> AdvertWriter::write(std::uint8_t priority, const Address& source,
                                                    WallTime now) {
  advert_.priority = priority;
  // One number serves all copies, so that a peer may compare what two ways brought it.
  std::optional<HmacSequence> sequence;
  if (hmac_) sequence = hmac_sender_.next(*hmac_, now);
  if (sealing_.auth_type == config::AuthType::Ah) ++ah_sequence_;
  ++identification_;
  std::vector<Copy> out;
  out.reserve(destinations_.size());
  for (const Address& destination : destinations_) {
    Sealing sealing = sealing_;
    sealing.source = source;
    sealing.destination = destination;
    Copy copy;
    copy.destination = destination;
    if (unicast_) copy.hop_limit = unicast_ttl_;
    copy.bytes = datagram(message(sealing, sequence), sealing);
    out.push_back(std::move(copy));
  }
  return out;
}

void AdvertWriter::go_on_after(std::uint32_t ah_sequence) {
  ah_sequence_ = std::max(ah_sequence_, ah_sequence);
}

bool AdvertWriter::use_old_checksum(const Address& peer) {
  return unicast_checksum_ == config::UnicastChecksum::Automatic && old_checksum_.insert(peer).second;
}

bool AdvertWriter::speaks_old(const Address& destination) const {
  if (!unicast_ || unicast_checksum_ == config::UnicastChecksum::New) return false;
  return unicast_checksum_ == config::UnicastChecksum::Old || old_checksum_.contains(destination);
}

std::vector<std::uint8_t> AdvertWriter::message(const Sealing& sealing,
                                                const std::optional<HmacSequence>& sequence) const {
  Sealing as_summed = sealing;
  if (speaks_old(sealing.destination)) as_summed.destination = group_;
  std::vector<std::uint8_t> out = encode(advert_, as_summed);
  if (!sequence) return out;
  const HmacKey* key = hmac_->find(hmac_->active_key);
  if (key == nullptr) return out;
  const HmacTrailer trailer =
      make_trailer(*key, HmacSubject{advert_.version, advert_.vrid, sealing.source}, out, *sequence);
  out.insert(out.end(), trailer.begin(), trailer.end());
  return out;
}

std::vector<std::uint8_t> AdvertWriter::datagram(std::vector<std::uint8_t> message, const Sealing& sealing) {
  if (sealing.source.family() == Family::IPv6) return message;
  const std::uint8_t ttl = unicast_ ? unicast_ttl_.value_or(multicast_ttl) : multicast_ttl;
  auto plain = ipv4_datagram(message, sealing.source, sealing.destination, identification_, ttl);
  if (sealing.auth_type != config::AuthType::Ah) return plain;
  return add_ah(plain, sealing.auth, ah_sequence_, unicast_);
}

}  // namespace hald::vrrp
