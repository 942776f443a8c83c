// SPDX-License-Identifier: Apache-2.0
// Good configurations broken at random: whatever comes out, loading ends, keeps the promises of the model
// and says only what can be shown. The seed is printed; HALD_TEST_SEED repeats a run.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/delta.h"
#include "config/load.h"
#include "config/render.h"
#include "fakes/cpu_time.h"

namespace hald::config {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> seeds() {
  std::vector<std::string> out;
  for (const char* folder : {"/etc/examples", "/tests/golden/cases"}) {
    for (const auto& entry : fs::recursive_directory_iterator(HALD_SOURCE_DIR + std::string(folder))) {
      if (entry.path().extension() != ".conf") continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      out.push_back(text.str());
    }
  }
  return out;
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string mutate(const std::vector<std::string>& from) {
    std::string text = from[below(from.size())];
    for (std::size_t n = 1 + below(8); n > 0; --n) change(text, from);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  void change(std::string& text, const std::vector<std::string>& from) {
    static const std::vector<std::string> kPieces{"{",
                                                  "}",
                                                  "\"",
                                                  "\n",
                                                  "#",
                                                  "!",
                                                  "\\",
                                                  " ",
                                                  "$",
                                                  "${",
                                                  "@",
                                                  "~SEQ(",
                                                  "/",
                                                  "-1",
                                                  "99999999999999999999",
                                                  "0",
                                                  "1.5",
                                                  "virtual_server ",
                                                  "real_server ",
                                                  "TCP_CHECK {",
                                                  "vrrp_instance ",
                                                  "include ",
                                                  "include *\n",
                                                  "$A=x\n",
                                                  "$A",
                                                  "fe80::1",
                                                  "fwmark 0 ",
                                                  "group g "};
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = std::min(below(40), text.size() - at);
    switch (below(6)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, text.substr(at, length)); break;
      case 2: text.insert(at, kPieces[below(kPieces.size())]); break;
      case 3: text.insert(at, 1, static_cast<char>(below(256))); break;
      case 4: text.resize(at); break;
      default: {
        const std::string& other = from[below(from.size())];
        const std::size_t begin = below(other.size());
        text.insert(at, other.substr(begin, below(400)));
      }
    }
  }

  std::mt19937_64 random_;
};

void check_instance(const VrrpInstance& instance) {
  EXPECT_FALSE(instance.name.empty());
  EXPECT_TRUE(!instance.interface.empty() || (instance.unicast && instance.source));
  EXPECT_LE(instance.interface.size(), 15U);
  EXPECT_GE(instance.vrid, 1);
  EXPECT_GE(instance.priority, 1);
  EXPECT_TRUE(instance.version == 2 || instance.version == 3);
  EXPECT_TRUE(instance.family == Family::IPv4 || instance.version == 3);
  const auto unit = instance.version == 2 ? Duration(std::chrono::seconds(1)) : std::chrono::milliseconds(10);
  EXPECT_EQ(instance.advert_interval % unit, Duration::zero());
  EXPECT_GE(instance.advert_interval, unit);
  EXPECT_LE(instance.advert_interval, instance.version == 2 ? 255 * unit : 4095 * unit);
  EXPECT_LE(instance.preempt_delay, std::chrono::seconds(1000));
  EXPECT_TRUE(instance.down_timer_adverts >= 1 && instance.down_timer_adverts <= 100);
  EXPECT_EQ(instance.auth_type != AuthType::None, !instance.auth_password.empty());
  EXPECT_LE(instance.auth_password.size(), 8U);
  for (const auto& address : instance.addresses) {
    EXPECT_EQ(address.prefix.address.family(), instance.family);
    EXPECT_LE(address.prefix.length, instance.family == Family::IPv4 ? 32 : 128);
    EXPECT_FALSE(address.device.empty());
    EXPECT_LE(address.label.size(), 15U);
  }
}

void check_service(const VirtualServer& service) {
  const Family family = family_of(service.key);
  EXPECT_FALSE(service.real_servers.empty());
  EXPECT_FALSE(service.scheduler.empty());
  EXPECT_GE(service.quorum, 1U);
  EXPECT_LT(service.hysteresis, service.quorum);
  EXPECT_LE(service.persistence_prefix, family == Family::IPv4 ? 32 : 128);
  std::set<Endpoint> seen;
  for (const auto& server : service.real_servers) {
    EXPECT_TRUE(server.weight >= 0 && server.weight <= 2'147'483'647);
    EXPECT_TRUE(server.method.forwarding == Forwarding::Tunnel || server.endpoint.address.family() == family);
    EXPECT_TRUE(seen.insert(server.endpoint).second);
    for (const auto& check : server.checks) {
      const auto* tcp = std::get_if<TcpCheck>(&check);
      if (tcp == nullptr) continue;
      const CheckSettings& settings = *tcp->settings;
      EXPECT_GT(settings.timing.delay_loop, Duration::zero());
      EXPECT_GT(settings.timing.connect_timeout, Duration::zero());
      EXPECT_TRUE(!settings.bind || settings.bind->address.family() == tcp->target.address.family());
    }
  }
}

void check(const Loaded& loaded) {
  ASSERT_NE(loaded.config, nullptr);
  for (const auto& instance : loaded.config->instances) check_instance(instance);
  for (const auto& service : loaded.config->virtual_servers) check_service(service);
  EXPECT_TRUE(delta(*loaded.config, *loaded.config).empty());
  for (const auto& each : loaded.diagnostics.all()) {
    for (const char byte : render(loaded.diagnostics, each)) {
      ASSERT_TRUE(static_cast<unsigned char>(byte) >= 0x20 || byte == '\n');
    }
  }
}

TEST(Mutation, WhateverIsWrittenLoadingEndsWell) {
  const char* given = std::getenv("HALD_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  fmt::print("seed {}\n", seed);
  Mutator mutator(seed);
  const auto from = seeds();
  ASSERT_FALSE(from.empty());
  for (int n = 0; n < 1500 && !::testing::Test::HasFailure(); ++n) {
    const std::string text = mutator.mutate(from);
    SCOPED_TRACE(fmt::format("seed {} step {}\n{}", seed, n, text));
    check(load_text(text, "t"));
  }
}

double seconds_to_load(const std::string& text) {
  double best = 1e9;
  for (int i = 0; i < 2; ++i) {
    const double start = fakes::cpu_seconds();
    const auto loaded = load_text(text, "t");
    best = std::min(best, fakes::cpu_seconds() - start);
  }
  return best;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// Ten times the text takes about ten times the time; a square would take a hundred.
TEST(Mutation, TimeGrowsWithTheSizeOnly) {
  const std::string service = "virtual_server 10.0.0.1 80 { lb_algo rr\nlb_kind NAT\nprotocol TCP\n";
  const std::string instance = "vrrp_instance A { interface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n";
  for (const std::string part : {"x",
                                 "}",
                                 "{",
                                 "a{",
                                 "\"",
                                 "${",
                                 "a b\n",
                                 "prioritty 5\n",
                                 "}\n",
                                 "{\n",
                                 "a{ a{\n",
                                 "\"\n",
                                 "${\n",
                                 "$A=x\n$A\n",
                                 "@x y\n",
                                 "#\n",
                                 "global_defs {\n",
                                 "real_server 10.0.0.2 80 { }\n",
                                 "10.0.0.1 dev eth0\n",
                                 "~SEQ(\n",
                                 "include x\n"}) {
    for (const std::string& before : {std::string(), service, instance}) {
      const double small = seconds_to_load(before + repeated(part, 500));
      const double big = seconds_to_load(before + repeated(part, 5000));
      EXPECT_LT(big, 40 * small + 0.02) << "after '" << before << "' many of '" << part << "'";
    }
  }
}

}  // namespace
}  // namespace hald::config
