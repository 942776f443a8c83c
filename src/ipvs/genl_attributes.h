// SPDX-License-Identifier: Apache-2.0
// Netlink attributes as bytes: AttributeReader walks them without ever leaving its span, MessageWriter
// appends messages and nested attributes to a buffer that may hold many messages. Numbers are in the
// machine's order unless a name says otherwise.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hald::ipvs::genl {

/// A number at the start of `bytes`, or nothing if they are too few.
template <typename Number>
[[nodiscard]] std::optional<Number> number_at(std::span<const std::uint8_t> bytes) {
  Number value{};
  if (bytes.size() < sizeof value) return std::nullopt;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

struct Attribute {
  std::uint16_t type = 0;
  std::span<const std::uint8_t> payload;

  template <typename Number>
  [[nodiscard]] Number number() const {
    return number_at<Number>(payload).value_or(Number{});
  }
  [[nodiscard]] std::uint16_t be16() const {
    return payload.size() < 2 ? std::uint16_t{0} : static_cast<std::uint16_t>(payload[0] << 8U | payload[1]);
  }
  /// Up to the first NUL, or all of it.
  [[nodiscard]] std::string text() const {
    const std::string_view all(reinterpret_cast<const char*>(payload.data()), payload.size());
    return std::string(all.substr(0, all.find('\0')));
  }
};

class AttributeReader {
 public:
  explicit AttributeReader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  /// Nothing at the end, and at the first attribute that is not whole.
  [[nodiscard]] std::optional<Attribute> next() {
    const auto length = number_at<std::uint16_t>(rest_);
    if (!length || *length < kHeader || *length > rest_.size()) return std::nullopt;
    Attribute attribute;
    attribute.type = *number_at<std::uint16_t>(rest_.subspan(2)) & kTypeMask;
    attribute.payload = rest_.subspan(kHeader, *length - kHeader);
    const std::size_t padded = (*length + std::size_t{3}) & ~std::size_t{3};
    rest_ = rest_.subspan(std::min(padded, rest_.size()));
    return attribute;
  }

 private:
  static constexpr std::uint16_t kHeader = 4;
  static constexpr std::uint16_t kTypeMask = 0x3fff;  ///< without "nested" and "network byte order"
  std::span<const std::uint8_t> rest_;
};

class MessageWriter {
 public:
  explicit MessageWriter(std::vector<std::uint8_t>& out) : out_(out) {}

  void begin(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, std::uint8_t command) {
    message_ = out_.size();
    native(std::uint32_t{0});
    native(type);
    native(flags);
    native(sequence);
    native(std::uint32_t{0});  // the kernel's own address, and ours, which it fills in
    out_.insert(out_.end(), {command, 1, 0, 0});
  }
  void end() { patch(message_, static_cast<std::uint32_t>(out_.size() - message_)); }

  [[nodiscard]] std::size_t begin_nest(std::uint16_t type) {
    const std::size_t start = out_.size();
    native(std::uint16_t{0});
    native(static_cast<std::uint16_t>(type | 0x8000U));
    return start;
  }
  void end_nest(std::size_t start) { patch(start, static_cast<std::uint16_t>(out_.size() - start)); }

  void put(std::uint16_t type, std::span<const std::uint8_t> payload) {
    native(static_cast<std::uint16_t>(payload.size() + 4));
    native(type);
    out_.insert(out_.end(), payload.begin(), payload.end());
    out_.resize((out_.size() + 3) & ~std::size_t{3});
  }
  template <typename Number>
  void number(std::uint16_t type, Number value) {
    std::uint8_t bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    put(type, bytes);
  }
  void be16(std::uint16_t type, std::uint16_t value) {
    const std::uint8_t bytes[2]{static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
    put(type, bytes);
  }
  void text(std::uint16_t type, const std::string& value) {
    put(type, {reinterpret_cast<const std::uint8_t*>(value.c_str()), value.size() + 1});
  }

 private:
  template <typename Number>
  void native(Number value) {
    std::uint8_t bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out_.insert(out_.end(), bytes, bytes + sizeof value);
  }
  template <typename Number>
  void patch(std::size_t offset, Number value) {
    std::memcpy(out_.data() + offset, &value, sizeof value);
  }

  std::vector<std::uint8_t>& out_;
  std::size_t message_ = 0;
};

}  // namespace hald::ipvs::genl
