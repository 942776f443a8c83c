// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/auth_hmac.h"

#include <algorithm>
#include <chrono>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace hald::vrrp {
namespace {

constexpr std::uint8_t kTrailerType = 1;
constexpr std::size_t kSignedPart = 12;  // of the trailer, in front of the HMAC
constexpr std::size_t kHmacSize = hmac_trailer_size - kSignedPart;
constexpr std::size_t kChecksumAt = 6;
constexpr std::size_t kSubjectSize = 20;

std::uint64_t read_number(std::span<const std::uint8_t> bytes) {
  std::uint64_t out = 0;
  for (const std::uint8_t byte : bytes) out = out << 8U | byte;
  return out;
}

void write_number(std::uint64_t value, std::span<std::uint8_t> bytes) {
  for (std::size_t i = bytes.size(); i > 0; --i, value >>= 8U)
    bytes[i - 1] = static_cast<std::uint8_t>(value);
}

std::array<std::uint8_t, kSubjectSize> subject_bytes(const HmacSubject& subject) {
  std::array<std::uint8_t, kSubjectSize> out{};
  out[0] = subject.source.is_v4() ? 4 : 6;
  out[1] = subject.version;
  out[2] = subject.vrid;
  std::copy(subject.source.bytes().begin(), subject.source.bytes().end(), out.begin() + 4);
  return out;
}

/// Over the subject, the message without its checksum, the signed part, and zeros where the HMAC will be.
std::array<std::uint8_t, kHmacSize> hmac_of(const HmacKey& key, const HmacSubject& subject,
                                            std::span<const std::uint8_t> message,
                                            std::span<const std::uint8_t> signed_part) {
  const auto head = subject_bytes(subject);
  std::vector<std::uint8_t> text(head.begin(), head.end());
  const auto append = [&text](std::span<const std::uint8_t> part) {
    text.insert(text.end(), part.begin(), part.end());
  };
  append(message.first(kChecksumAt));
  text.insert(text.end(), 2, 0);
  append(message.subspan(kChecksumAt + 2));
  append(signed_part);
  text.insert(text.end(), kHmacSize, 0);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  ::HMAC(::EVP_sha256(), key.secret.data(), static_cast<int>(key.secret.size()), text.data(), text.size(),
         digest.data(), nullptr);
  std::array<std::uint8_t, kHmacSize> out{};
  std::copy_n(digest.begin(), out.size(), out.begin());
  return out;
}

/// Serial numbers: `a` is newer than `b` if the way forward from `b` is the shorter one (RFC 1982).
bool newer(HmacSequence a, HmacSequence b) {
  return static_cast<std::int64_t>(a - b) > 0;
}

/// How many seconds `sequence` is ahead of `now`; negative: behind.
std::chrono::seconds ahead(HmacSequence sequence, WallTime now) {
  const auto there = static_cast<std::uint32_t>(sequence >> 32U);
  const auto here = static_cast<std::uint32_t>(sequence_at(now) >> 32U);
  return std::chrono::seconds(static_cast<std::int32_t>(there - here));
}

bool inside(std::chrono::seconds distance, Duration window) {
  return distance <= window && -distance <= window;
}

}  // namespace

std::string_view to_string(HmacFault fault) {
  switch (fault) {
    case HmacFault::Malformed: return "malformed";
    case HmacFault::Stale: return "clock outside the window";
    case HmacFault::UnknownKey: return "unknown key";
    case HmacFault::WrongHmac: return "wrong HMAC";
    case HmacFault::Replayed: return "replayed";
  }
  return "";
}

HmacSequence sequence_at(WallTime now) {
  const auto since = now.time_since_epoch();
  const auto whole = std::chrono::floor<std::chrono::seconds>(since);
  const auto part = std::chrono::duration_cast<std::chrono::nanoseconds>(since - whole).count();
  const auto fraction = (static_cast<std::uint64_t>(part) << 16U) / 1'000'000'000U;
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(whole.count())) << 32U | fraction << 16U;
}

HmacTrailer make_trailer(const HmacKey& key, const HmacSubject& subject,
                         std::span<const std::uint8_t> message, HmacSequence sequence) {
  HmacTrailer out{};
  out[0] = kTrailerType;
  out[1] = key.id;
  write_number(sequence, std::span(out).subspan(4, 8));
  const auto hmac = hmac_of(key, subject, message, std::span(out).first(kSignedPart));
  std::copy(hmac.begin(), hmac.end(), out.begin() + kSignedPart);
  return out;
}

const HmacKey* HmacSettings::find(std::uint8_t id) const {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [id](const HmacKey& key) { return key.id == id; });
  return found == keys.end() ? nullptr : &*found;
}

HmacSequence HmacSender::next(const HmacSettings& settings, WallTime now) {
  const HmacSequence clock = sequence_at(now);
  const bool stranded = settings.by_time && ahead(last_, now) > settings.window;
  last_ = newer(clock, last_) || stranded ? clock : last_ + 1;
  return last_;
}

HmacReceiver::HmacReceiver(const std::vector<Address>& peers) {
  for (const Address& peer : peers) peers_.push_back({peer, {}, 0});
}

HmacReceiver::Mark& HmacReceiver::mark_of(const Address& sender) {
  const auto same = [&sender](const Mark& mark) { return mark.sender == sender; };
  if (const auto peer = std::find_if(peers_.begin(), peers_.end(), same); peer != peers_.end()) return *peer;
  auto* slot = std::find_if(others_.begin(), others_.end(),
                            [&](const Mark& mark) { return mark.used > 0 && same(mark); });
  if (slot == others_.end()) {
    slot = std::min_element(others_.begin(), others_.end(),
                            [](const Mark& a, const Mark& b) { return a.used < b.used; });
    *slot = {sender, {}, 0};
  }
  slot->used = ++checks_;
  return *slot;
}

std::optional<HmacFault> HmacReceiver::check(const HmacSettings& settings, const HmacSubject& subject,
                                             std::span<const std::uint8_t> message,
                                             std::span<const std::uint8_t, hmac_trailer_size> trailer,
                                             WallTime now) {
  if (trailer[0] != kTrailerType || trailer[2] != 0 || trailer[3] != 0) return HmacFault::Malformed;
  const HmacSequence sequence = read_number(trailer.subspan(4, 8));
  // The cheap test first: a flood of old captures must not cost a digest each.
  if (settings.by_time && !inside(ahead(sequence, now), settings.window)) return HmacFault::Stale;
  const HmacKey* key = settings.find(trailer[1]);
  if (key == nullptr) return HmacFault::UnknownKey;
  if (message.size() < kChecksumAt + 2) return HmacFault::Malformed;
  const auto expected = hmac_of(*key, subject, message, trailer.first(kSignedPart));
  if (::CRYPTO_memcmp(expected.data(), trailer.data() + kSignedPart, expected.size()) != 0)
    return HmacFault::WrongHmac;
  Mark& mark = mark_of(subject.source);
  // A mark outside the window tells nothing: the window refuses what it would, and a sender whose clock was
  // set right must be heard again.
  if (mark.newest && settings.by_time && !inside(ahead(*mark.newest, now), settings.window))
    mark.newest.reset();
  if (mark.newest && !newer(sequence, *mark.newest)) return HmacFault::Replayed;
  mark.newest = sequence;
  return {};
}

}  // namespace hald::vrrp
