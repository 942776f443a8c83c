// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/auth_ah.h"

#include <algorithm>
#include <array>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/bytes.h"
#include "vrrp/core/checksum.h"

namespace hald::vrrp {
namespace {

constexpr std::uint8_t kAhLength = ah_size / 4 - 2;  // as the header counts itself
constexpr std::size_t kIcvSize = 12;
constexpr std::size_t kSmallestHeader = 20;

// Offsets in the IPv4 header.
constexpr std::size_t kTosAt = 1;
constexpr std::size_t kLengthAt = 2;
constexpr std::size_t kFragmentAt = 6;
constexpr std::size_t kTtlAt = 8;
constexpr std::size_t kProtocolAt = 9;
constexpr std::size_t kChecksumAt = 10;
constexpr std::size_t kSourceAt = 12;

using Bytes = std::vector<std::uint8_t>;
using Icv = std::array<std::uint8_t, kIcvSize>;

void put_u16(Bytes& bytes, std::size_t at, std::size_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8U);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}

void renew_checksum(Bytes& datagram, std::size_t header) {
  put_u16(datagram, kChecksumAt, 0);
  put_u16(datagram, kChecksumAt, InternetChecksum().add(std::span(datagram).first(header)).value());
}

std::size_t header_size_of(std::span<const std::uint8_t> datagram) {
  return static_cast<std::size_t>(datagram[0] & 0x0fU) * 4;
}

/// Over the datagram with everything zero that routers may change, and the digest itself.
Icv icv_of(Bytes datagram, const AuthData& key, bool any_ttl) {
  const std::size_t header = header_size_of(datagram);
  datagram[kTosAt] = 0;
  put_u16(datagram, kFragmentAt, 0);
  put_u16(datagram, kChecksumAt, 0);
  if (any_ttl) datagram[kTtlAt] = 0;
  std::fill_n(datagram.begin() + static_cast<std::ptrdiff_t>(header + ah_size - kIcvSize), kIcvSize,
              std::uint8_t{0});
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  ::HMAC(::EVP_md5(), key.data(), static_cast<int>(key.size()), datagram.data(), datagram.size(),
         digest.data(), nullptr);
  Icv out{};
  std::copy_n(digest.begin(), out.size(), out.begin());
  return out;
}

}  // namespace

std::string_view to_string(AhFault fault) {
  switch (fault) {
    case AhFault::Malformed: return "no usable authentication header";
    case AhFault::WrongIcv: return "wrong digest";
    case AhFault::WrongSpi: return "the security index is not the sender's address";
  }
  return "";
}

std::vector<std::uint8_t> add_ah(std::span<const std::uint8_t> datagram, const AuthData& key,
                                 std::uint32_t sequence, bool any_ttl) {
  const std::size_t header = header_size_of(datagram);
  Writer out;
  out.append(datagram.first(header));
  out.u8(protocol_number);
  out.u8(kAhLength);
  out.u16(0);
  out.append(datagram.subspan(kSourceAt, 4));  // the security index is the sender's address
  out.u32(sequence);
  out.append(Icv{});
  out.append(datagram.subspan(header));
  Bytes sealed = std::move(out).finish();
  sealed[kProtocolAt] = protocol_number_ah;
  put_u16(sealed, kLengthAt, sealed.size());
  const Icv icv = icv_of(sealed, key, any_ttl);
  std::copy(icv.begin(), icv.end(),
            sealed.begin() + static_cast<std::ptrdiff_t>(header + ah_size - kIcvSize));
  renew_checksum(sealed, header);
  return sealed;
}

std::variant<AhPacket, AhFault> open_ah(std::span<const std::uint8_t> datagram, const AuthData& key,
                                        bool any_ttl) {
  if (datagram.size() < kSmallestHeader) return AhFault::Malformed;
  const std::size_t header = header_size_of(datagram);
  if (header < kSmallestHeader || datagram.size() < header + ah_size) return AhFault::Malformed;
  // What the kernel delivers may have padding behind it that the sender never saw.
  const std::size_t length = static_cast<std::size_t>(datagram[kLengthAt]) << 8U | datagram[kLengthAt + 1];
  if (length < header + ah_size || length > datagram.size()) return AhFault::Malformed;
  const auto whole = datagram.first(length);
  Reader reader(whole.subspan(header));
  const std::uint8_t next = reader.u8();
  const std::uint8_t own_length = reader.u8();
  reader.take(2);
  const auto index = reader.take(4);
  AhPacket out;
  out.sequence = reader.u32();
  const auto icv = reader.take(kIcvSize);
  if (!reader.ok() || next != protocol_number || own_length != kAhLength) return AhFault::Malformed;
  const Icv expected = icv_of(Bytes(whole.begin(), whole.end()), key, any_ttl);
  if (::CRYPTO_memcmp(expected.data(), icv.data(), expected.size()) != 0) return AhFault::WrongIcv;
  if (!std::equal(index.begin(), index.end(), whole.begin() + kSourceAt)) return AhFault::WrongSpi;
  out.datagram.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(header));
  const auto message = whole.subspan(header + ah_size);
  out.datagram.insert(out.datagram.end(), message.begin(), message.end());
  out.datagram[kProtocolAt] = protocol_number;
  put_u16(out.datagram, kLengthAt, out.datagram.size());
  renew_checksum(out.datagram, header);
  return out;
}

}  // namespace hald::vrrp
