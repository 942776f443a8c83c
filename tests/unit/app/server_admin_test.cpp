// SPDX-License-Identifier: Apache-2.0
// Orders of operators in the balancing half: they reach the table, outlive reloads, end in time, and a drain
// waits for connections. At every moment the kernel's weight is what file, checks and orders make of it.
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "app/admin_file.h"
#include "app/server_side.h"
#include "config/load.h"
#include "fakes/capture_sink.h"
#include "fakes/fake_probes.h"
#include "fakes/manual_scheduler.h"
#include "ipvs/memory_kernel.h"

namespace hald::app {
namespace {

using namespace std::chrono_literals;

class BusyKernel : public ipvs::MemoryKernel {
 public:
  Result<std::vector<ipvs::Connections>> read_connections(const ipvs::ServiceKey& key) override {
    ++looks;
    if (broken) return errno_error(EINTR, "read");
    auto out = ipvs::MemoryKernel::read_connections(key);
    for (auto& each : *out) each.active = active[each.destination.to_string()];
    return out;
  }
  std::map<std::string, std::uint32_t> active;
  bool broken = false;
  int looks = 0;
};

std::string service(const std::string& address, int w7, int w8, const std::string& extra = "") {
  const auto server = [](const std::string& who, int weight) {
    return "real_server " + who + " 80 { weight " + std::to_string(weight) +
           "\n TCP_CHECK { connect_timeout 1\n retry 0\n } }\n";
  };
  return "virtual_server " + address + " 80 {\n delay_loop 6\n lb_algo wrr\n lb_kind NAT\n protocol TCP\n" +
         extra + server("10.0.0.7", w7) + server("10.0.0.8", w8) + "}\n";
}

class ServerAdminTest : public testing::Test {
 protected:
  ServerAdminTest() {
    auto kernel = std::make_unique<BusyKernel>();
    kernel_ = kernel.get();
    side_ = std::make_unique<ServerSide>(scheduler_, logger_, std::move(kernel), probes_, 1);
    side_->admin({}, [this](const ipvs::AdminBook& book) { kept_ = book; });
  }
  void apply(const std::string& text) {
    auto loaded = config::load_text(text, "test.conf");
    ASSERT_FALSE(loaded.diagnostics.has_errors()) << loaded.diagnostics.all().front().message;
    config_ = loaded.config;
    side_->apply(config_);
    scheduler_.advance(1ms);
  }
  std::size_t ask(const std::string& object) {
    const auto parsed = parse_admin_request("admin " + object);
    if (!parsed || !*parsed) return 0;
    const auto targets = side_->admin_targets(**parsed);
    EXPECT_TRUE(side_->order(targets, order_of(**parsed, scheduler_.wall_now())));
    scheduler_.advance(1ms);
    EXPECT_TRUE(side_->admin_settled());
    return targets.size();
  }
  [[nodiscard]] std::int64_t until(Duration from_now) const {
    return std::chrono::duration_cast<std::chrono::seconds>(
               (scheduler_.wall_now() + from_now).time_since_epoch())
        .count();
  }
  /// "7=1 8=2" of the first service, or of the one with that address.
  [[nodiscard]] std::string table(const std::string& address = "10.0.0.3") const {
    std::string out;
    for (const auto& [key, service] : kernel_->table()) {
      if (std::get<config::ServiceAddress>(key).endpoint.address.to_string() != address) continue;
      for (const auto& each : service.destinations) {
        if (!out.empty()) out += ' ';
        out += each.endpoint.address.to_string().substr(7) + "=" + std::to_string(each.weight);
      }
    }
    return out;
  }

  fakes::ManualScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Info};
  fakes::FakeProbes probes_{scheduler_};
  BusyKernel* kernel_ = nullptr;
  std::unique_ptr<ServerSide> side_;
  std::shared_ptr<const config::Config> config_;
  ipvs::AdminBook kept_;
};

TEST_F(ServerAdminTest, MaintenanceWeightAndEnable) {
  apply(service("10.0.0.3", 1, 2));
  EXPECT_EQ(ask(R"({"act":"disable","server":"10.0.0.7","who":"ann","why":"new disk"})"), 1U);
  EXPECT_EQ(table(), "8=2");
  EXPECT_TRUE(sink_.contains("is to be out for maintenance, says ann: new disk"));
  EXPECT_EQ(ask(R"({"act":"weight","server":"10.0.0.8:80","weight":9})"), 1U);
  EXPECT_EQ(table(), "8=9");
  const auto view = side_->view(config_->virtual_servers[0]);
  ASSERT_TRUE(view.real_servers[0].admin);
  EXPECT_EQ(view.real_servers[0].admin->who, "ann");
  EXPECT_TRUE(view.real_servers[0].up) << "health is another matter";
  EXPECT_EQ(kept_.all().size(), 2U);
  ask(R"({"act":"enable","server":"10.0.0.7"})");
  ask(R"({"act":"enable","server":"10.0.0.8"})");
  EXPECT_EQ(table(), "7=1 8=2");
  EXPECT_TRUE(kept_.empty());
}

TEST_F(ServerAdminTest, ADrainWaitsForItsConnections) {
  apply(service("10.0.0.3", 1, 2));
  kernel_->active["10.0.0.7:80"] = 3;
  ask(R"({"act":"drain","server":"10.0.0.7"})");
  EXPECT_EQ(table(), "7=0 8=2");
  scheduler_.advance(5s);
  EXPECT_EQ(table(), "7=0 8=2");
  EXPECT_EQ(side_->view(config_->virtual_servers[0]).real_servers[0].connections, 3U);
  kernel_->active["10.0.0.7:80"] = 0;
  kernel_->broken = true;
  scheduler_.advance(5s);
  EXPECT_EQ(table(), "7=0 8=2") << "what cannot be counted has not ended";
  kernel_->broken = false;
  scheduler_.advance(1100ms);
  EXPECT_EQ(table(), "7=0 8=2") << "one look is not enough";
  scheduler_.advance(2s);
  EXPECT_EQ(table(), "8=2");
  EXPECT_TRUE(kept_.all().begin()->second.gone);
  const int looks = kernel_->looks;
  scheduler_.advance(10s);
  EXPECT_EQ(kernel_->looks, looks) << "nothing is left to look at";
}

TEST_F(ServerAdminTest, ADeadlineEndsADrainAndATimeEndsMaintenance) {
  apply(service("10.0.0.3", 1, 2));
  kernel_->active["10.0.0.7:80"] = 3;
  ask(R"({"act":"drain","server":"10.0.0.7","until":)" + std::to_string(until(10s)) + "}");
  ask(R"({"act":"disable","server":"10.0.0.8","until":)" + std::to_string(until(10s)) + "}");
  EXPECT_EQ(table(), "7=0");
  scheduler_.advance(12s);
  EXPECT_EQ(table(), "8=2");
  ASSERT_EQ(kept_.all().size(), 1U);
  EXPECT_TRUE(kept_.all().begin()->second.gone);
}

TEST_F(ServerAdminTest, AReloadKeepsOrdersAndWritesNothing) {
  apply(service("10.0.0.3", 1, 2) + service("10.0.0.4", 3, 4));
  EXPECT_EQ(ask(R"({"act":"disable","server":"10.0.0.7"})"), 2U) << "in all services that have it";
  EXPECT_EQ(ask(R"({"act":"enable","server":"10.0.0.7","service":"10.0.0.4:80"})"), 1U);
  EXPECT_EQ(table(), "8=2");
  EXPECT_EQ(table("10.0.0.4"), "7=3 8=4");
  const auto writes = kernel_->writes();
  apply(service("10.0.0.3", 1, 2) + service("10.0.0.4", 3, 4));
  EXPECT_EQ(kernel_->writes(), writes);
  apply(service("10.0.0.3", 5, 6) + service("10.0.0.4", 3, 4));
  EXPECT_EQ(table(), "8=6");
}

TEST_F(ServerAdminTest, ADrainedServerStaysBesideTheSorryServer) {
  apply(service("10.0.0.3", 1, 2, " sorry_server 10.0.0.1 80\n"));
  kernel_->active["10.0.0.7:80"] = 1;
  kernel_->active["10.0.0.8:80"] = 1;
  ask(R"({"act":"drain","server":"10.0.0.7"})");
  ask(R"({"act":"drain","server":"10.0.0.8"})");
  EXPECT_EQ(table(), "1=1 7=0 8=0");
}

TEST_F(ServerAdminTest, WhatMakesNoSenseDoesNothing) {
  apply(service("10.0.0.3", 1, 2));
  for (const char* text :
       {"{", "[]", "{}", R"({"act":"drain"})", R"({"act":"weight","server":"10.0.0.7"})",
        R"({"act":"weight","server":"10.0.0.7","weight":-1})", R"({"act":7,"server":"10.0.0.7"})",
        R"({"act":"drain","server":"10.0.0.7","until":99999999999999})",
        R"({"act":"explode","server":"10.0.0.7"})", R"({"act":"drain","server":"web"})",
        R"({"act":"drain","server":"10.0.0.9"})"}) {
    EXPECT_EQ(ask(text), 0U) << text;
  }
  EXPECT_EQ(table(), "7=1 8=2");
  EXPECT_FALSE(parse_admin_request("status").has_value());
}

TEST_F(ServerAdminTest, TheWeightIsAlwaysWhatFileChecksAndOrdersMakeOfIt) {
  const auto seed = testing::UnitTest::GetInstance()->random_seed();
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed) + 1U);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  std::map<std::string, int> weights{{"7", 1}, {"8", 2}};
  std::map<std::string, bool> alive{{"7", true}, {"8", true}};
  std::map<std::string, std::string> orders;
  apply(service("10.0.0.3", 1, 2));
  scheduler_.advance(10s);
  kernel_->active = {{"10.0.0.7:80", 1}, {"10.0.0.8:80", 1}};
  for (int step = 0; step < 300; ++step) {
    const std::string who = below(2) == 0 ? "7" : "8";
    const std::string head = R"(","server":"10.0.0.)" + who + "\"";
    switch (below(6)) {
      case 0:
        alive[who] = below(2) == 0;
        probes_.answers["10.0.0." + who + ":80"].outcome =
            alive[who] ? fakes::FakeProbes::passed() : fakes::FakeProbes::refused();
        break;
      case 1:
        weights[who] = static_cast<int>(below(5)) + 1;
        apply(service("10.0.0.3", weights["7"], weights["8"]));
        break;
      case 2: ask(R"({"act":"drain)" + head + "}"), orders[who] = "drain"; break;
      case 3: ask(R"({"act":"disable)" + head + "}"), orders[who] = "out"; break;
      case 4: ask(R"({"act":"weight)" + head + R"(,"weight":7})"), orders[who] = "weight"; break;
      default: ask(R"({"act":"enable)" + head + "}"), orders.erase(who); break;
    }
    scheduler_.advance(20s);
    std::string expected;
    for (const std::string each : {"7", "8"}) {
      const std::string order = orders.contains(each) ? orders[each] : std::string();
      if (!alive[each] && order == "drain") orders[each] = "out";  // nothing in the table: it has ended
      if (!alive[each] || order == "out") continue;
      const int weight = order == "drain" ? 0 : (order == "weight" ? 7 : weights[each]);
      expected += (expected.empty() ? "" : " ") + each + "=" + std::to_string(weight);
    }
    ASSERT_EQ(table(), expected) << "seed " << seed << ", step " << step;
  }
}

TEST(AdminFile, WhatIsWrittenIsRead) {
  ipvs::AdminBook book;
  ipvs::AdminOrder order{ipvs::AdminMode::Weight, 7, false, WallTime(90s), WallTime(100s), "ann",
                         "a \"b\"\n\xc3\xa4"};
  ASSERT_TRUE(book.set({"[10.0.0.3]:tcp:80", {*Address::parse("10.0.0.7"), 80}}, order));
  order = {ipvs::AdminMode::Drain, 0, true, WallTime(90s), {}, "", ""};
  ASSERT_TRUE(book.set({"FWM 7", {*Address::parse("2001:db8::7"), 0}}, order));
  const auto read = decode_admin(encode_admin(book));
  EXPECT_TRUE(read.complaints.empty());
  EXPECT_EQ(read.book.all(), book.all());
}

TEST(AdminFile, ADamagedLineCostsItsOwnOrderOnly) {
  ipvs::AdminBook book;
  for (std::uint16_t port = 1; port <= 5; ++port) {
    ASSERT_TRUE(book.set({"FWM 7", {*Address::parse("10.0.0.7"), port}}, {}));
  }
  std::string text = encode_admin(book);
  const std::size_t second = text.find('\n', text.find('\n') + 1) + 1;
  text.replace(second, 5, "#####");
  text.resize(text.size() - 10);
  const auto read = decode_admin(text);
  EXPECT_EQ(read.book.all().size(), 3U);
  EXPECT_EQ(read.complaints.size(), 2U);
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string garbled = encode_admin(book);
    for (int k = 0; k < 3; ++k) garbled[random() % garbled.size()] = static_cast<char>(random());
    EXPECT_LE(decode_admin(garbled).book.all().size(), 8U);
  }
}

}  // namespace
}  // namespace hald::app
