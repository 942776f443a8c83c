// SPDX-License-Identifier: Apache-2.0
// diff, apply and the codec under random tables. HALD_PROPERTY_RUNS and HALD_PROPERTY_SEED change how many
// and which.
#include <cstdlib>

#include <gtest/gtest.h>

#include "fakes/ipvs_tables.h"
#include "ipvs/core/apply.h"
#include "ipvs/core/diff.h"
#include "ipvs/core/service_state.h"
#include "ipvs/genl_codec.h"

namespace hald::ipvs {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

class DiffProperty : public testing::TestWithParam<std::uint64_t> {
 protected:
  fakes::Random random_{GetParam()};
};

std::set<ServiceKey> keys_of(const Table& table) {
  std::set<ServiceKey> out;
  for (const auto& [key, service] : table) out.insert(key);
  return out;
}

TEST_P(DiffProperty, LeadsFromAnyTableToAnyOther) {
  const Table desired = fakes::random_table(random_);
  Table actual = fakes::random_table(random_);
  std::set<ServiceKey> owned = keys_of(desired);
  for (const ServiceKey& key : keys_of(actual)) {
    if (fakes::below(random_, 2) == 0) owned.insert(key);
  }
  Table expected = desired;
  for (const auto& [key, service] : actual) {
    if (!owned.contains(key)) expected.emplace(key, service);
  }
  for (const Op& op : diff(actual, desired, owned)) {
    EXPECT_TRUE(owned.contains(key_of(op))) << "touches what is not owned: " << target_of(op);
    const auto refused = apply(actual, op);
    EXPECT_FALSE(refused) << command_of(op) << " " << target_of(op) << ": " << refused.message();
  }
  EXPECT_EQ(actual, expected);
  EXPECT_TRUE(diff(actual, desired, owned).empty());
}

TEST_P(DiffProperty, NothingIsBrokenBeforeItsReplacementIsMade) {
  const ServiceKey key = fakes::random_key(random_);
  const Service actual = fakes::random_service(random_, key);
  const Service desired = fakes::random_service(random_, key);
  Ops ops;
  diff(&actual, &desired, ops);
  const auto rank = [](const Op& op) {
    if (std::holds_alternative<EditService>(op)) return 0;
    if (std::holds_alternative<AddDestination>(op)) return 1;
    return std::holds_alternative<EditDestination>(op) ? 2 : 3;
  };
  for (std::size_t i = 1; i < ops.size(); ++i) EXPECT_LE(rank(ops[i - 1]), rank(ops[i]));
}

TEST_P(DiffProperty, PiecesOfAnySizeLeadToTheSameEnd) {
  const ServiceKey key = fakes::random_key(random_);
  const Service desired = fakes::random_service(random_, key, 30);
  ServiceState state(desired);
  Table kernel;
  if (fakes::below(random_, 4) == 0) {
    state.learned(std::nullopt);
  } else {
    kernel.emplace(key, fakes::random_service(random_, key, 30));
    state.learned(kernel.at(key));
  }
  for (int i = 0; !state.settled() && i < 100; ++i) {
    const std::size_t limit = 1 + fakes::below(random_, 7);
    Ops ops;
    state.next_ops(ops, limit);
    ASSERT_LE(ops.size(), limit);
    ASSERT_FALSE(ops.empty());
    for (const Op& op : ops) EXPECT_FALSE(apply(kernel, op));
    state.done(ops);
    ASSERT_NE(state.actual(), nullptr);
    EXPECT_EQ(*state.actual(), kernel.at(key)) << "the belief follows the kernel";
  }
  EXPECT_TRUE(state.settled());
  EXPECT_EQ(kernel.at(key), desired);
}

TEST_P(DiffProperty, WhatIsWrittenReadsBackTheSame) {
  const ServiceKey key = fakes::random_key(random_);
  const Service service = fakes::random_service(random_, key);
  std::vector<std::uint8_t> bytes;
  genl::encode(bytes, {31, 1}, AddService{key, service.settings}, false);
  const auto message = genl::MessageReader(bytes, 31).next();
  ASSERT_TRUE(message);
  const auto read = genl::decode_service(message->attributes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->key, key);
  EXPECT_EQ(read->settings, service.settings);
  for (const Destination& real : service.destinations) {
    bytes.clear();
    genl::encode(bytes, {31, 1}, AddDestination{key, real}, true);
    const auto answer = genl::MessageReader(bytes, 31).next();
    ASSERT_TRUE(answer);
    const auto back = genl::decode_destination(answer->attributes, config::family_of(key));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, real);
  }
}

TEST_P(DiffProperty, DamagedRepliesAreReadWithoutHarm) {
  const ServiceKey key = fakes::random_key(random_);
  std::vector<std::uint8_t> bytes;
  for (const Destination& real : fakes::random_service(random_, key).destinations) {
    genl::encode(bytes, {31, 1}, AddDestination{key, real}, false);
  }
  for (std::uint32_t i = fakes::below(random_, 20); i > 0 && !bytes.empty(); --i) {
    bytes[fakes::below(random_, static_cast<std::uint32_t>(bytes.size()))] =
        static_cast<std::uint8_t>(random_());
  }
  bytes.resize(fakes::below(random_, static_cast<std::uint32_t>(bytes.size()) + 1));
  bytes.shrink_to_fit();  // so that a sanitizer sees the very first octet beyond
  genl::MessageReader reader(bytes, 31);
  std::size_t messages = 0;
  while (const auto message = reader.next()) {
    ++messages;
    (void)genl::decode_service(message->attributes);
    (void)genl::decode_destination(message->attributes, Family::IPv6);
    (void)genl::decode_info(message->attributes);
  }
  EXPECT_LE(messages, bytes.size() / 16);
}

INSTANTIATE_TEST_SUITE_P(Seeds, DiffProperty,
                         testing::Range(from_environment("HALD_PROPERTY_SEED", 1),
                                        from_environment("HALD_PROPERTY_SEED", 1) +
                                            from_environment("HALD_PROPERTY_RUNS", 500)));

}  // namespace
}  // namespace hald::ipvs
