// SPDX-License-Identifier: Apache-2.0
// bfd_instance: what only shows in the model, and that what is printed reads back.
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "config/build_bfd.h"
#include "config/load.h"
#include "config/render.h"
#include "fakes/cpu_time.h"

namespace hald::config {
namespace {

BfdInstance session(std::string_view words) {
  const auto loaded = load_text("bfd_instance B {\n" + std::string(words) + "\n}\n", "test");
  EXPECT_FALSE(loaded.diagnostics.has_errors()) << report(loaded.diagnostics);
  return loaded.config->bfd_instances.empty() ? BfdInstance{} : loaded.config->bfd_instances.front();
}

TEST(Bfd, WhatIsPrintedReadsBackAsTheSame) {
  for (const auto* name : {"bfd.conf", "bfd_errors.conf"}) {
    SCOPED_TRACE(name);
    std::ostringstream text;
    text << std::ifstream(std::string(HALD_SOURCE_DIR) + "/tests/golden/cases/" + name).rdbuf();
    const auto first = load_text(text.str(), name);
    Document document;
    print_bfd(first.config->bfd_instances, document);
    const auto second = load_text(to_conf(document), "printed");
    EXPECT_EQ(first.config->bfd_instances, second.config->bfd_instances) << to_conf(document);
    EXPECT_EQ(second.diagnostics.verdict(), Verdict::Clean) << report(second.diagnostics);
  }
}

TEST(Bfd, TheTtlDependsOnTheFamily) {
  EXPECT_EQ(session("neighbor_ip 10.0.0.2").ttl, 255);
  EXPECT_EQ(session("neighbor_ip fe80::2").ttl, 64);
  EXPECT_EQ(session("neighbor_ip fe80::2\nhoplimit 9").ttl, 9);
}

TEST(Bfd, TellsBothUnlessOneIsNamed) {
  const BfdInstance both = session("neighbor_ip 10.0.0.2");
  EXPECT_TRUE(both.tells_vrrp && both.tells_checkers);
  const BfdInstance vrrp = session("neighbor_ip 10.0.0.2\nvrrp");
  EXPECT_TRUE(vrrp.tells_vrrp && !vrrp.tells_checkers);
  const BfdInstance named = session("neighbor_ip 10.0.0.2\nvrrp\nchecker");
  EXPECT_TRUE(named.tells_vrrp && named.tells_checkers);
}

TEST(Bfd, IntervalsAreMilliseconds) {
  EXPECT_EQ(session("neighbor_ip 10.0.0.2\nmin_rx 50.5").min_rx, Duration(std::chrono::microseconds(50500)));
  EXPECT_EQ(session("neighbor_ip 10.0.0.2\nmin_tx 4294967").min_tx,
            Duration(std::chrono::milliseconds(4294967)));
}

TEST(Bfd, ManySessionsWithOneNeighborTakeLinearTime) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    text += "bfd_instance b" + std::to_string(i) +
            " {\n neighbor_ip fe80::2\n source_ip fe80::" + std::to_string(i / 10'000) + ":" +
            std::to_string(i % 10'000) + "\n}\n";
  }
  const double start = fakes::cpu_seconds();
  EXPECT_EQ(load_text(text, "test").config->bfd_instances.size(), 20'000U);
  EXPECT_LT(fakes::cpu_seconds() - start, 2.0);
}

}  // namespace
}  // namespace hald::config
