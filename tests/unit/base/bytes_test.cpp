// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <array>

#include <gtest/gtest.h>

namespace hald {
namespace {

TEST(Reader, ReadsBigEndianNumbers) {
  const std::array<std::uint8_t, 7> bytes{1, 2, 3, 4, 5, 6, 7};
  Reader reader(bytes);
  EXPECT_EQ(reader.u8(), 1);
  EXPECT_EQ(reader.u16(), 0x0203);
  EXPECT_EQ(reader.u32(), 0x04050607U);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.remaining(), 0U);
}

TEST(Reader, TurnsBadAtTheEndAndStaysBad) {
  const std::array<std::uint8_t, 3> bytes{1, 2, 3};
  Reader reader(bytes);
  EXPECT_EQ(reader.u32(), 0U);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.u8(), 0) << "a bad reader yields nothing more, even if a smaller read would fit";
}

TEST(Writer, WritesWhatTheReaderReads) {
  Writer writer;
  writer.u16(0);
  writer.u32(0xdeadbeef);
  writer.u8(9);
  writer.patch_u16(0, 0x1234);
  const auto bytes = std::move(writer).finish();
  Reader reader(bytes);
  EXPECT_EQ(reader.u16(), 0x1234);
  EXPECT_EQ(reader.u32(), 0xdeadbeefU);
  EXPECT_EQ(reader.u8(), 9);
}

}  // namespace
}  // namespace hald
