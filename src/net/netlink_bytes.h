// SPDX-License-Identifier: Apache-2.0
// Netlink as bytes, for every family: MessageReader splits a datagram, AttributeReader walks attributes
// without ever leaving its span, MessageWriter appends messages and nested attributes to a buffer that may
// hold many messages. Numbers are in the machine's order unless a name says otherwise. What is read is read
// as if a stranger had written it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hald::net {

using Bytes = std::span<const std::uint8_t>;

/// A number, or one of the kernel's plain structs, at the start of `bytes`; nothing if they are too few.
template <typename Value>
[[nodiscard]] std::optional<Value> number_at(Bytes bytes) {
  static_assert(std::is_trivially_copyable_v<Value>);
  Value value{};
  if (bytes.size() < sizeof value) return std::nullopt;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

/// Where what follows `size` octets begins: netlink keeps to multiples of four.
[[nodiscard]] constexpr std::size_t padded(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

/// `bytes` behind its first `count`, or nothing.
[[nodiscard]] inline Bytes behind(Bytes bytes, std::size_t count) {
  return bytes.subspan(std::min(count, bytes.size()));
}

struct Attribute {
  std::uint16_t type = 0;
  Bytes payload;

  /// Zero if the payload is too short.
  template <typename Number>
  [[nodiscard]] Number number() const {
    return number_at<Number>(payload).value_or(Number{});
  }
  [[nodiscard]] std::uint16_t be16() const { return static_cast<std::uint16_t>(big_endian(2)); }
  [[nodiscard]] std::uint32_t be32() const { return static_cast<std::uint32_t>(big_endian(4)); }
  [[nodiscard]] std::uint64_t be64() const { return big_endian(8); }
  /// Up to the first NUL, or all of it.
  [[nodiscard]] std::string text() const {
    const std::string_view all(reinterpret_cast<const char*>(payload.data()), payload.size());
    return std::string(all.substr(0, all.find('\0')));
  }

 private:
  [[nodiscard]] std::uint64_t big_endian(std::size_t size) const {
    std::uint64_t value = 0;
    if (payload.size() < size) return value;
    for (const std::uint8_t byte : payload.first(size)) value = value << 8U | byte;
    return value;
  }
};

class AttributeReader {
 public:
  explicit AttributeReader(Bytes bytes) : rest_(bytes) {}

  /// Nothing at the end, and at the first attribute that is not whole.
  [[nodiscard]] std::optional<Attribute> next() {
    const auto length = number_at<std::uint16_t>(rest_);
    if (!length || *length < kHeader || *length > rest_.size()) return std::nullopt;
    Attribute attribute;
    attribute.type = *number_at<std::uint16_t>(rest_.subspan(2)) & kTypeMask;
    attribute.payload = rest_.subspan(kHeader, *length - kHeader);
    rest_ = behind(rest_, padded(*length));
    return attribute;
  }

 private:
  static constexpr std::uint16_t kHeader = 4;
  static constexpr std::uint16_t kTypeMask = 0x3fff;  ///< without "nested" and "network byte order"
  Bytes rest_;
};

/// One message of a datagram.
struct NetlinkMessage {
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t sequence = 0;
  Bytes body;

  /// The struct that opens the body.
  template <typename Header>
  [[nodiscard]] std::optional<Header> header() const {
    return number_at<Header>(body);
  }
  /// The attributes behind that struct.
  template <typename Header>
  [[nodiscard]] AttributeReader attributes() const {
    return AttributeReader(behind(body, padded(sizeof(Header))));
  }
};

/// Splits a datagram into messages; stops at the first one that is not whole.
class NetlinkReader {
 public:
  explicit NetlinkReader(Bytes datagram) : rest_(datagram) {}

  [[nodiscard]] std::optional<NetlinkMessage> next() {
    const auto length = number_at<std::uint32_t>(rest_);
    if (!length || *length < kHeader || *length > rest_.size()) return std::nullopt;
    NetlinkMessage message;
    message.type = *number_at<std::uint16_t>(rest_.subspan(4));
    message.flags = *number_at<std::uint16_t>(rest_.subspan(6));
    message.sequence = *number_at<std::uint32_t>(rest_.subspan(kSequence));
    message.body = rest_.subspan(kHeader, *length - kHeader);
    rest_ = behind(rest_, padded(*length));
    return message;
  }

  static constexpr std::size_t kHeader = 16;
  static constexpr std::size_t kSequence = 8;  ///< where in a message its sequence number lies

 private:
  Bytes rest_;
};

class MessageWriter {
 public:
  explicit MessageWriter(std::vector<std::uint8_t>& out) : out_(out) {}

  void begin(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence = 0) {
    message_ = out_.size();
    native(std::uint32_t{0});
    native(type);
    native(flags);
    native(sequence);
    native(std::uint32_t{0});  // the kernel's own address, and ours, which it fills in
  }
  void end() { patch(message_, static_cast<std::uint32_t>(out_.size() - message_)); }
  /// The struct that opens a message's body.
  template <typename Header>
  void header(const Header& value) {
    native(value);
    pad();
  }

  [[nodiscard]] std::size_t begin_nest(std::uint16_t type) {
    const std::size_t start = out_.size();
    native(std::uint16_t{0});
    native(static_cast<std::uint16_t>(type | 0x8000U));
    return start;
  }
  void end_nest(std::size_t start) { patch(start, static_cast<std::uint16_t>(out_.size() - start)); }

  void put(std::uint16_t type, Bytes payload) {
    native(static_cast<std::uint16_t>(payload.size() + 4));
    native(type);
    raw(payload);
    pad();
  }
  template <typename Number>
  void number(std::uint16_t type, Number value) {
    std::array<std::uint8_t, sizeof value> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    put(type, bytes);
  }
  void be16(std::uint16_t type, std::uint16_t value) { big_endian<2>(type, value); }
  void be32(std::uint16_t type, std::uint32_t value) { big_endian<4>(type, value); }
  void be64(std::uint16_t type, std::uint64_t value) { big_endian<8>(type, value); }
  void text(std::uint16_t type, const std::string& value) {
    put(type, {reinterpret_cast<const std::uint8_t*>(value.c_str()), value.size() + 1});
  }

  /// A plain struct inside an attribute, whose length may be known only later.
  template <typename Value>
  [[nodiscard]] std::size_t append(const Value& value) {
    const std::size_t start = out_.size();
    native(value);
    return start;
  }
  template <typename Value>
  void patch(std::size_t offset, Value value) {
    std::memcpy(out_.data() + offset, &value, sizeof value);
  }
  [[nodiscard]] std::size_t size() const { return out_.size(); }

 private:
  template <typename Value>
  void native(const Value& value) {
    static_assert(std::is_trivially_copyable_v<Value>);
    std::array<std::uint8_t, sizeof value> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    raw(bytes);
  }
  template <std::size_t Size>
  void big_endian(std::uint16_t type, std::uint64_t value) {
    std::array<std::uint8_t, Size> bytes{};
    for (std::size_t i = 0; i < Size; ++i)
      bytes[i] = static_cast<std::uint8_t>(value >> (8 * (Size - 1 - i)));
    put(type, bytes);
  }
  // Not inline: g++ 12 sees overflows at -O3 where it knows how few bytes come.
  void raw(Bytes bytes);
  void pad();

  std::vector<std::uint8_t>& out_;
  std::size_t message_ = 0;
};

}  // namespace hald::net
