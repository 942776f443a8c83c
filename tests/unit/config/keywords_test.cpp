// SPDX-License-Identifier: Apache-2.0
#include "config/keywords.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace hald::config {
namespace {

TEST(Keywords, BlocksStandInTheOrderOfTheirIds) {
  std::size_t next = 1;
  for (const Block& block : all_blocks()) {
    EXPECT_EQ(static_cast<std::size_t>(block.id), next++);
    EXPECT_EQ(&block_of(block.id), &block);
    EXPECT_FALSE(block.words.empty());
  }
}

TEST(Keywords, EveryRowIsWhole) {
  for (const Block& block : all_blocks()) {
    std::set<std::string_view> names;
    for (const Keyword& row : block.words) {
      SCOPED_TRACE(std::string(block.path) + "/" + std::string(row.name));
      EXPECT_TRUE(names.insert(row.name).second) << "twice";
      EXPECT_LE(row.min_arguments, row.max_arguments);
      EXPECT_TRUE(row.help.ends_with('.'));
      EXPECT_EQ(row.max_arguments > 0, !row.arguments.empty());
      if (row.type == ValueType::Block) {
        EXPECT_NE(row.block, BlockId::None);
        EXPECT_NE(block_of(row.block).kind, BlockKind::Options);
      } else if (row.block != BlockId::None) {
        EXPECT_EQ(block_of(row.block).kind, BlockKind::Options);
      }
      EXPECT_EQ(row.type == ValueType::Choice, !row.choices.empty());
      const bool has_range = row.type == ValueType::Number || row.type == ValueType::Time;
      EXPECT_EQ(has_range, row.range.min < row.range.max);
      EXPECT_TRUE(row.choices.empty() || !row.code.empty());
    }
  }
}

TEST(Keywords, EveryBlockIsOpenedByAWordOfItsName) {
  for (const Block& block : all_blocks().subspan(2)) {
    bool opened = false;
    for (const Block& outer : all_blocks()) {
      const Keyword* row = find_keyword(outer, block.name());
      opened = opened || (row != nullptr && row->block == block.id);
    }
    EXPECT_TRUE(opened) << block.path;
  }
}

TEST(Keywords, NearestWordForgivesTyposAndCase) {
  const Block& instance = block_of(BlockId::VrrpInstance);
  EXPECT_EQ(nearest_word(instance, "prioritty"), "priority");
  EXPECT_EQ(nearest_word(instance, "priotiry"), "priority");
  EXPECT_EQ(nearest_word(instance, "PRIORITY"), "priority");
  EXPECT_EQ(nearest_word(instance, "virtual_roter"), "virtual_routes");
  EXPECT_EQ(nearest_word(instance, "xyzzy"), "");
  EXPECT_EQ(nearest_word(instance, std::string(1000, 'p')), "");
  EXPECT_EQ(nearest_word(block_of(BlockId::RealServer), "tcp_check"), "TCP_CHECK");
  // An old word is no advice.
  EXPECT_EQ(nearest_word(block_of(BlockId::TcpCheck), "nb_get_retries"), "");
}

TEST(Keywords, RangesInWords) {
  const Block& instance = block_of(BlockId::VrrpInstance);
  EXPECT_EQ(range_text(*find_keyword(instance, "priority")), "1..255");
  EXPECT_EQ(range_text(*find_keyword(instance, "advert_int")), "0.01..255");
  EXPECT_EQ(range_text(*find_keyword(instance, "state")), "");
}

TEST(Keywords, WordsThatStandOnlyAtTheTop) {
  EXPECT_TRUE(only_at_top("vrrp_instance"));
  EXPECT_TRUE(only_at_top("virtual_server_group"));
  EXPECT_FALSE(only_at_top("track_file"));  // also in an instance
  EXPECT_FALSE(only_at_top("priority"));
  EXPECT_FALSE(only_at_top("nonsense"));
}

}  // namespace
}  // namespace hald::config
