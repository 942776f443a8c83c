// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/advert_reader.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/overloaded.h"
#include "vrrp/core/auth_ah.h"
#include "vrrp/core/dialect.h"
#include "vrrp/core/timing.h"

namespace hald::vrrp {
namespace {

/// So many senders are known by their AH numbers; what is in order only a holder of the password can make.
constexpr std::size_t most_ah_marks = 256;

std::vector<Address> addresses_of(const std::vector<config::UnicastPeer>& peers) {
  std::vector<Address> out;
  out.reserve(peers.size());
  for (const auto& peer : peers) out.push_back(peer.address);
  return out;
}

/// The sender of a packet as the IP header says it.
std::optional<Address> source_of(const Packet& packet) {
  const auto envelope = peek(packet);
  if (!envelope) return std::nullopt;
  return envelope->source;
}

}  // namespace

void AdvertReader::configure(const config::VrrpInstance& settings) {
  const bool other_peers = !hmac_receiver_ || peers_ != settings.peers;
  advertised_ = advertised_addresses(settings);
  peers_ = settings.peers;
  if (other_peers) hmac_receiver_.emplace(addresses_of(peers_));
  expected_ = Expectation{};
  expected_.version = settings.version;
  expected_.vrid = settings.vrid;
  expected_.interval = settings.advert_interval;
  expected_.auth_type = settings.auth_type;
  if (settings.auth_type != config::AuthType::None) expected_.auth = auth_data(settings.auth_password);
  expected_.allow_empty_list = advertised_.empty();
  expected_.unicast = settings.unicast;
  if (settings.unicast && settings.unicast_checksum != config::UnicastChecksum::New)
    expected_.old_destination = group_of(settings);
  check_source_ = settings.unicast && settings.check_unicast_source;
  owner_ignores_ = settings.owner_ignore_adverts;
  by_ah_ = settings.auth_type == config::AuthType::Ah;
  patience_ = master_down_time(settings.version, 1, settings.advert_interval, settings.down_timer_adverts);
  hmac_.reset();
  if (settings.auth_hmac) hmac_ = hmac_settings(*settings.auth_hmac);
  trailer_required_ = settings.auth_hmac && settings.auth_hmac->mode == config::HmacAuth::Mode::Enforce;
}

std::variant<Received, Dropped> AdvertReader::read(const Packet& packet, const ReaderContext& context) {
  expected_.addresses = advertised_;
  if (packet.ah != by_ah_) {
    return Dropped{Drop::AuthType, source_of(packet),
                   by_ah_ ? "it has no authentication header" : "it has an authentication header"};
  }
  return by_ah_ ? read_ah(packet, context) : read_plain(packet, context);
}

std::variant<Received, Dropped> AdvertReader::read_plain(const Packet& packet, const ReaderContext& context) {
  expected_.own_address.reset();
  if (!context.own_address.is_unspecified()) expected_.own_address = context.own_address;
  expected_.owner_ignores = owner_ignores_ && context.owner;
  expected_.check_trailer = nullptr;
  if (hmac_) {
    expected_.check_trailer = [&](const Trailer& trailer) {
      return check_trailer(trailer, context.wall_now);
    };
  }
  auto decoded = decode(packet, expected_);
  if (const auto* received = std::get_if<Received>(&decoded); received != nullptr && check_source_) {
    if (auto dropped = check_peer(*received)) return std::move(*dropped);
  }
  return decoded;
}

std::variant<Received, Dropped> AdvertReader::read_ah(const Packet& packet, const ReaderContext& context) {
  auto opened = open_ah(packet.bytes, expected_.auth, expected_.unicast);
  if (const auto* fault = std::get_if<AhFault>(&opened)) {
    const Drop why = *fault == AhFault::Malformed ? Drop::Length : Drop::AuthFailure;
    return Dropped{why, source_of(packet), std::string(to_string(*fault))};
  }
  const auto& inside = std::get<AhPacket>(opened);
  Packet plain = packet;
  plain.ah = false;
  plain.bytes = inside.datagram;
  // Our own, looped back, is told apart by decode(); its number is no replay.
  const auto source = source_of(plain);
  if (source && *source != context.own_address && is_replay(*source, inside.sequence, context.now))
    return Dropped{Drop::AuthFailure, source, "replayed"};
  auto read = read_plain(plain, context);
  if (std::holds_alternative<Received>(read)) highest_ah_ = std::max(highest_ah_, inside.sequence);
  return read;
}

bool AdvertReader::is_replay(const Address& source, std::uint32_t sequence, TimePoint now) {
  const auto found = ah_marks_.find(source);
  if (found != ah_marks_.end() && sequence <= found->second.sequence && now - found->second.heard < patience_)
    return true;
  if (found == ah_marks_.end() && ah_marks_.size() >= most_ah_marks) ah_marks_.clear();
  ah_marks_[source] = AhMark{sequence, now};
  return false;
}

std::optional<Dropped> AdvertReader::check_trailer(const Trailer& trailer, WallTime now) {
  if (trailer.bytes.empty()) {
    if (!trailer_required_) return std::nullopt;
    return Dropped{Drop::AuthType, trailer.source, "it has no auth_hmac trailer"};
  }
  const HmacSubject subject{expected_.version, expected_.vrid, trailer.source};
  const auto bytes = trailer.bytes.first<hmac_trailer_size>();
  const auto fault = hmac_receiver_->check(*hmac_, subject, trailer.message, bytes, now);
  if (!fault) return std::nullopt;
  return Dropped{Drop::AuthFailure, trailer.source, fmt::format("auth_hmac: {}", to_string(*fault))};
}

std::optional<Dropped> AdvertReader::check_peer(const Received& received) const {
  const auto peer = std::find_if(peers_.begin(), peers_.end(), [&](const config::UnicastPeer& each) {
    return each.address == received.source;
  });
  if (peer == peers_.end()) return Dropped{Drop::UnknownPeer, received.source, {}};
  if (received.hop_limit >= peer->min_ttl && received.hop_limit <= peer->max_ttl) return std::nullopt;
  return Dropped{
      Drop::Ttl, received.source,
      fmt::format("received {}, expected {} to {}", received.hop_limit, peer->min_ttl, peer->max_ttl)};
}

}  // namespace hald::vrrp
