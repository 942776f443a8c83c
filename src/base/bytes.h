// SPDX-License-Identifier: Apache-2.0
// Reader and Writer: the only way hald's codecs touch the bytes of the wire. A Reader never reads past its
// end: it turns bad and yields zeroes, so a codec reads its fields straight through and asks ok() once.
// All numbers are big endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hald {

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t remaining() const { return rest_.size(); }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  /// The next `count` octets, or an empty span (and a bad Reader) if there are fewer.
  std::span<const std::uint8_t> take(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

 private:
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : take(count)) value = value << 8U | byte;
    return value;
  }

  std::span<const std::uint8_t> rest_;
  bool ok_ = true;
};

class Writer {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value) { number(value, 2); }
  void u32(std::uint32_t value) { number(value, 4); }
  void append(std::span<const std::uint8_t> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void zeroes(std::size_t count) { bytes_.insert(bytes_.end(), count, 0); }
  /// Overwrites two octets written before, for a checksum or a length known only at the end.
  void patch_u16(std::size_t offset, std::uint16_t value) {
    bytes_.at(offset) = static_cast<std::uint8_t>(value >> 8U);
    bytes_.at(offset + 1) = static_cast<std::uint8_t>(value);
  }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::span<const std::uint8_t> view() const { return bytes_; }
  [[nodiscard]] std::vector<std::uint8_t> finish() && { return std::move(bytes_); }

 private:
  void number(std::uint32_t value, unsigned count) {
    for (unsigned shift = 8 * count; shift > 0; shift -= 8)
      u8(static_cast<std::uint8_t>(value >> (shift - 8)));
  }

  std::vector<std::uint8_t> bytes_;
};

}  // namespace hald
