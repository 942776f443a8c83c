// SPDX-License-Identifier: Apache-2.0
#include "ipvs/memory_kernel.h"

#include <gtest/gtest.h>

#include "fakes/ipvs_tables.h"

namespace hald::ipvs {
namespace {

using fakes::destination;
using fakes::service;

const ServiceKey kWeb = fakes::tcp("10.0.0.3", 80);

TEST(MemoryKernel, ExecutesABatchAndNamesTheOpsItRefuses) {
  MemoryKernel kernel;
  const Ops ops{AddService{kWeb, service(kWeb, {}).settings}, EditDestination{kWeb, destination("10.0.0.7")},
                AddDestination{kWeb, destination("10.0.0.8")}};
  const auto failures = kernel.apply(ops);
  ASSERT_TRUE(failures);
  ASSERT_EQ(failures->size(), 1U);
  EXPECT_EQ(failures->front().index, 1U);
  EXPECT_EQ(failures->front().code, std::errc::no_such_file_or_directory);
  EXPECT_EQ(kernel.writes(), 3U);
  EXPECT_EQ(kernel.table().at(kWeb), service(kWeb, {destination("10.0.0.8")}));
}

TEST(MemoryKernel, ReadsOneService) {
  MemoryKernel kernel;
  EXPECT_FALSE(*kernel.read_service(kWeb));
  ASSERT_TRUE(kernel.apply(Ops{AddService{kWeb, {}}}));
  EXPECT_EQ((*kernel.read_service(kWeb))->key, kWeb);
}

TEST(MemoryKernel, WalksInPiecesWhileTheTableChanges) {
  MemoryKernel kernel;
  Ops ops;
  for (std::uint32_t i = 0; i < 1000; ++i)
    ops.push_back(AddService{config::FirewallMark{i + 1, Family::IPv4}, {}});
  ASSERT_TRUE(kernel.apply(ops));
  const auto walk = *kernel.dump_services();
  std::vector<Service> seen;
  bool more = true;
  while (more) {
    more = *walk->next(seen);
    ASSERT_TRUE(kernel.apply(Ops{DeleteService{seen.back().key}}));
  }
  EXPECT_EQ(seen.size(), 1000U);
}

}  // namespace
}  // namespace hald::ipvs
