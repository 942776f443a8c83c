// SPDX-License-Identifier: Apache-2.0
// Cuts and garbles netlink messages and hands each result to a decoder, in a buffer of exactly its size, so
// that the sanitizers catch one octet too many.
#pragma once

#include <cstring>
#include <functional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "net/netlink_bytes.h"

namespace hald::fakes {

inline void garble(const std::vector<std::vector<std::uint8_t>>& messages,
                   const std::function<void(const net::NetlinkMessage&)>& decode) {
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  for (const auto& message : messages) {
    for (int round = 0; round < 20000; ++round) {
      const auto size = static_cast<std::uint32_t>(16 + random() % (message.size() - 16 + 1));
      std::vector<std::uint8_t> bytes(message.begin(), message.begin() + size);
      for (unsigned flips = random() % 4; flips > 0; --flips)
        bytes[random() % size] = static_cast<std::uint8_t>(random());
      std::memcpy(bytes.data(), &size, sizeof size);
      net::NetlinkReader reader(bytes);
      while (const auto one = reader.next()) decode(*one);
    }
  }
}

}  // namespace hald::fakes
