// SPDX-License-Identifier: Apache-2.0
#include "net/netlink_bytes.h"

#include <gtest/gtest.h>

namespace hald::net {
namespace {

using Buffer = std::vector<std::uint8_t>;

TEST(AttributeReader, StopsAtAnAttributeThatIsNotWhole) {
  const Buffer too_long{9, 0, 1, 0, 1, 2, 3, 4};
  EXPECT_FALSE(AttributeReader(too_long).next());
  const Buffer too_short{3, 0, 1, 0};
  EXPECT_FALSE(AttributeReader(too_short).next());
  const Buffer unpadded{5, 0, 1, 0, 7};
  AttributeReader reader(unpadded);
  EXPECT_EQ(reader.next()->payload.size(), 1U);
  EXPECT_FALSE(reader.next());
}

TEST(AttributeReader, ShortNumbersReadAsZero) {
  const Buffer bytes{6, 0, 1, 0, 1, 2, 0, 0};
  const auto attribute = AttributeReader(bytes).next();
  ASSERT_TRUE(attribute);
  EXPECT_EQ(attribute->number<std::uint32_t>(), 0U);
  EXPECT_EQ(attribute->be32(), 0U);
  EXPECT_EQ(attribute->be64(), 0U);
  EXPECT_EQ(attribute->be16(), 0x0102U);
}

TEST(MessageWriter, WhatIsWrittenIsRead) {
  Buffer out;
  MessageWriter writer(out);
  for (const std::uint32_t sequence : {1U, 2U}) {
    writer.begin(24, 5, sequence);
    writer.header(std::uint8_t{7});  // padded to four
    const auto nest = writer.begin_nest(9);
    writer.text(1, "eth0");
    writer.be64(2, 0x0102030405060708U);
    writer.end_nest(nest);
    writer.end();
  }
  NetlinkReader reader(out);
  for (const std::uint32_t sequence : {1U, 2U}) {
    const auto message = reader.next();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->type, 24U);
    EXPECT_EQ(message->flags, 5U);
    EXPECT_EQ(message->sequence, sequence);
    EXPECT_EQ(message->header<std::uint8_t>(), std::uint8_t{7});
    const auto nest = message->attributes<std::uint8_t>().next();
    ASSERT_TRUE(nest);
    EXPECT_EQ(nest->type, 9U);
    AttributeReader inner(nest->payload);
    EXPECT_EQ(inner.next()->text(), "eth0");
    EXPECT_EQ(inner.next()->be64(), 0x0102030405060708U);
    EXPECT_FALSE(inner.next());
  }
  EXPECT_FALSE(reader.next());
}

TEST(NetlinkReader, StopsAtAMessageThatIsNotWhole) {
  Buffer out;
  MessageWriter writer(out);
  writer.begin(24, 5, 1);
  writer.number(1, std::uint32_t{42});
  writer.end();
  for (std::size_t length = 0; length < out.size(); ++length)
    EXPECT_FALSE(NetlinkReader(Bytes(out.data(), length)).next()) << length;
  Buffer too_short(16, 0);
  too_short[0] = 4;
  EXPECT_FALSE(NetlinkReader(too_short).next());
}

}  // namespace
}  // namespace hald::net
