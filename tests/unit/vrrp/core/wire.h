// SPDX-License-Identifier: Apache-2.0
// Helpers of the codec's tests: hexadecimal text to octets, and the packets of a capture file.
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hald::vrrp::testing {

using Bytes = std::vector<std::uint8_t>;

/// Ignores blanks.
inline Bytes hex(std::string_view text) {
  Bytes out;
  int high = -1;
  for (const char c : text) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  return out;
}

/// The Ethernet frames of a capture, a little-endian pcap file.
inline std::vector<Bytes> read_capture(const std::string& name) {
  const std::string path = std::string(HALD_SOURCE_DIR) + "/tests/unit/vrrp/core/captures/" + name + ".pcap";
  std::ifstream in(path, std::ios::binary);
  const Bytes all((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::vector<Bytes> frames;
  constexpr std::size_t file_header = 24;
  constexpr std::size_t record_header = 16;
  for (std::size_t at = file_header; at + record_header <= all.size();) {
    std::uint32_t length = 0;
    std::memcpy(&length, all.data() + at + 8, sizeof(length));
    at += record_header;
    if (at + length > all.size()) break;
    frames.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(at),
                        all.begin() + static_cast<std::ptrdiff_t>(at + length));
    at += length;
  }
  if (frames.empty()) throw std::runtime_error("no packets in " + path);
  return frames;
}

}  // namespace hald::vrrp::testing
