// SPDX-License-Identifier: Apache-2.0
// The Internet checksum (RFC 1071), fed piece by piece. Pieces but the last have an even length.
#pragma once

#include <cstdint>
#include <span>

namespace hald::vrrp {

class InternetChecksum {
 public:
  InternetChecksum& add(std::span<const std::uint8_t> bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      sum_ += i % 2 == 0 ? static_cast<std::uint32_t>(bytes[i]) << 8U : bytes[i];
    }
    return *this;
  }
  InternetChecksum& add(std::uint32_t number) {
    sum_ += (number >> 16U) + (number & 0xffffU);
    return *this;
  }
  /// What belongs into the checksum field; 0 if a correct checksum was among the bytes.
  [[nodiscard]] std::uint16_t value() const {
    std::uint64_t folded = sum_;
    while (folded > 0xffffU) folded = (folded >> 16U) + (folded & 0xffffU);
    return static_cast<std::uint16_t>(~folded);
  }

 private:
  std::uint64_t sum_ = 0;
};

}  // namespace hald::vrrp
