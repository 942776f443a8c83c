// SPDX-License-Identifier: Apache-2.0
#include "net/sockaddr.h"

#include <gtest/gtest.h>

namespace hald::net {
namespace {

TEST(SocketAddress, ThereAndBack) {
  for (const char* text : {"10.0.0.7", "2001:db8::7"}) {
    const Endpoint endpoint{*Address::parse(text), 8080};
    const auto address = socket_address(endpoint);
    EXPECT_EQ(address.size, endpoint.address.is_v4() ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    const auto back = endpoint_of(address.storage);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, endpoint);
  }
  EXPECT_FALSE(endpoint_of(sockaddr_storage{}));
}

}  // namespace
}  // namespace hald::net
