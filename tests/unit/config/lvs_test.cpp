// SPDX-License-Identifier: Apache-2.0
// Virtual servers: what the model holds where golden cases do not show it, and that what is printed parses to
// the same model again.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/build_lvs.h"
#include "config/load.h"
#include "fakes/fake_machine.h"

namespace hald::config {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHead = "virtual_server 10.0.0.1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n";

Loaded load(const std::string& text) {
  return load_text(text, "t");
}

/// One virtual server with one real server, whose words these are.
RealServer server(const std::string& words, const std::string& service = {}) {
  const auto loaded = load(kHead + service + "\n real_server 10.0.1.1 80 {\n" + words + "\n }\n}\n");
  EXPECT_EQ(loaded.config->virtual_servers.size(), 1U);
  return loaded.config->virtual_servers.at(0).real_servers.at(0);
}

CheckTiming timing(const std::string& words, const std::string& outer = {}, const std::string& service = {}) {
  const auto found = server(outer + "\n" + words, service);
  return std::visit(
      [](const auto& check) -> CheckTiming {
        using T = std::decay_t<decltype(check)>;
        if constexpr (std::is_base_of_v<NetworkCheck, T>)
          return check.settings->timing;
        else if constexpr (requires { check->settings; })
          return check->settings->timing;
        else
          return {};
      },
      found.checks[0]);
}

TEST(Lvs, AnUsualServerNeedsNoMemoryOfItsOwn) {
  const auto loaded = load(std::string(kHead) + "real_server 10.0.1.1 80 {\nTCP_CHECK {\n}\n}\n" +
                           "real_server 10.0.1.2 80 {\nTCP_CHECK {\n}\n}\n" +
                           "real_server 10.0.1.3 80 {\nuthreshold 0\nTCP_CHECK {\nretry 3\n}\n}\n}\n");
  const auto& servers = loaded.config->virtual_servers.at(0).real_servers;
  const auto settings = [&](std::size_t n) { return &*std::get<TcpCheck>(servers[n].checks[0]).settings; };
  EXPECT_EQ(settings(0), settings(1));
  EXPECT_NE(settings(0), settings(2));
  for (const auto& each : servers) EXPECT_FALSE(each.extras);
}

TEST(Lvs, EachKindOfCheckHasItsOwnDefaults) {
  using std::chrono::seconds;
  EXPECT_EQ(timing("TCP_CHECK {\n}").retry, 1U);
  EXPECT_EQ(timing("TCP_CHECK {\n}").delay_before_retry, seconds(1));
  EXPECT_EQ(timing("HTTP_GET {\nurl {\npath /\n}\n}").delay_before_retry, seconds(3));
  EXPECT_EQ(timing("DNS_CHECK {\n}").retry, 3U);
  EXPECT_EQ(timing("DNS_CHECK {\ndelay_loop 7\n}").delay_before_retry, seconds(7));
  EXPECT_EQ(timing("MISC_CHECK {\nmisc_path /x\n}").retry, 0U);
  EXPECT_EQ(timing("SMTP_CHECK {\n}").retry, 1U);
}

TEST(Lvs, TimingComesFromTheNearestLevel) {
  using std::chrono::seconds;
  const std::string check = "DNS_CHECK {\n}";
  EXPECT_EQ(timing(check, "retry 5", "retry 6").retry, 5U);
  EXPECT_EQ(timing(check, "", "retry 6").retry, 6U);
  EXPECT_EQ(timing("DNS_CHECK {\nretry 0\n}", "retry 5", "retry 6").retry, 0U);
  EXPECT_EQ(timing(check, "", "delay_loop 9").warmup, seconds(9));
  EXPECT_EQ(timing(check, "warmup 0", "delay_loop 9").warmup, seconds(0));
  EXPECT_EQ(timing(check, "", "delay_before_retry 2\ndelay_loop 9").delay_before_retry, seconds(2));
}

TEST(Lvs, TheTimeLimitOfAScriptIsTheServicesDelayLoopUnlessItIsGiven) {
  const auto limit = [](const std::string& words) {
    return std::get<Boxed<MiscCheck>>(server("MISC_CHECK {\nmisc_path /x\n" + words + "\n}").checks[0])
        ->timeout;
  };
  EXPECT_EQ(limit(""), std::nullopt);
  EXPECT_EQ(limit("misc_timeout 0"), std::nullopt);
  EXPECT_EQ(limit("misc_timeout 5"), std::chrono::seconds(5));
}

TEST(Lvs, AMailIsLeftToTheGlobalWordsUnlessThereIsOne) {
  EXPECT_EQ(server("").smtp_alert, std::nullopt);
  EXPECT_EQ(server("smtp_alert").smtp_alert, true);
  EXPECT_EQ(server("smtp_alert off").smtp_alert, false);
}

TEST(Lvs, AnUnknownGroupIsSaidButNoError) {
  const auto loaded = load("virtual_server group web {\n real_server 10.0.1.1 80 {\n }\n}\n");
  EXPECT_EQ(loaded.diagnostics.verdict(), Verdict::Clean);
  EXPECT_TRUE(loaded.config->group_servers.empty());
}

TEST(Lvs, GroupsAreNumberedByTheirServers) {
  const std::string body = " {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.1.1 80 {\n}\n}\n";
  const auto loaded = load(
      "virtual_server_group a {\n10.0.0.1 80\n}\nvirtual_server_group b {\n10.0.0.2 80\n}\n" +
      ("virtual_server group a" + body) + "virtual_server group b" + body + "virtual_server group a" + body);
  const auto& found = loaded.config->group_servers;
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(name_of(found[0]), "[a]:0");
  EXPECT_EQ(name_of(found[1]), "[b]:0");
  EXPECT_EQ(name_of(found[2]), "[a]:1");
}

TEST(Lvs, ScriptsThatCannotRunAreDropped) {
  fakes::FakeMachine machine;
  machine.users["keepalived_script"] = {500, 500};
  machine.add_script("/there");
  LoadOptions options;
  options.machine = &machine;
  const auto loaded =
      load_text(std::string(kHead) + "quorum_up /there\nquorum_down /missing\n" +
                    "real_server 10.0.1.1 80 {\nnotify_up /missing\n" +
                    "MISC_CHECK {\nmisc_path /missing\n}\nMISC_CHECK {\nmisc_path /there\n}\n}\n}\n",
                "t", options);
  const auto& service = loaded.config->virtual_servers.at(0);
  EXPECT_EQ(service.quorum_up.words.size(), 1U);
  EXPECT_TRUE(service.quorum_down.words.empty());
  EXPECT_FALSE(service.real_servers[0].extras);
  ASSERT_EQ(service.real_servers[0].checks.size(), 1U);
  EXPECT_EQ(std::get<Boxed<MiscCheck>>(service.real_servers[0].checks[0])->command.words[0], "/there");
}

TEST(Lvs, ARangeEndsWhereItSays) {
  const auto group = [](const std::string& line) {
    const auto loaded = load("virtual_server_group g {\n" + line + "\n}\n");
    return loaded.config->server_groups.at(0).addresses.at(0).last.to_string();
  };
  EXPECT_EQ(group("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(group("10.0.0.1-9 80"), "10.0.0.9");
  EXPECT_EQ(group("10.0.0.0/8"), "10.255.255.255");
  EXPECT_EQ(group("10.0.0.2/31"), "10.0.0.3");
  EXPECT_EQ(group("128.0.0.0/1"), "255.255.255.255");
  EXPECT_EQ(group("2001:db8::1-f"), "2001:db8::f");
  EXPECT_EQ(group("2001:db8::/127"), "2001:db8::1");
  EXPECT_EQ(group("2001:db8::1/128"), "2001:db8::1");
}

std::string read(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

/// What checks refer to, which other areas print.
std::string definitions(const Config& config) {
  std::string out;
  for (const auto& service : config.virtual_servers) {
    for (const auto& real : service.real_servers) {
      for (const auto& check : real.checks) {
        if (const auto* file = std::get_if<Boxed<FileCheck>>(&check))
          out += "track_file " + (*file)->track_file + " {\nfile /run/x\n}\n";
        if (const auto* bfd = std::get_if<Boxed<BfdCheck>>(&check))
          out += "bfd_instance " + (*bfd)->name + " {\nneighbor_ip 10.9.0.1\n}\n";
      }
    }
  }
  return out;
}

void expect_round_trip(const Config& config) {
  Document document;
  print_lvs(config, document);
  const std::string text = definitions(config) + to_conf(document);
  const auto again = load(text);
  EXPECT_EQ(again.config->virtual_servers, config.virtual_servers) << text;
  EXPECT_EQ(again.config->server_groups, config.server_groups) << text;
  EXPECT_EQ(again.config->group_servers, config.group_servers) << text;
  EXPECT_EQ(again.config->ssl, config.ssl) << text;
  Document printed;
  print_lvs(*again.config, printed);
  EXPECT_EQ(to_conf(printed), to_conf(document));
}

TEST(Lvs, WhatIsPrintedParsesToTheSameModel) {
  std::size_t files = 0;
  for (const auto* folder : {"tests/golden/cases", "etc/examples", "../shared/corpus"}) {
    const fs::path path = fs::path(HALD_SOURCE_DIR) / folder;
    if (!fs::is_directory(path)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.path().extension() != ".conf") continue;
      SCOPED_TRACE(entry.path().string());
      expect_round_trip(*load(read(entry.path())).config);
      ++files;
    }
  }
  EXPECT_GE(files, 20U);
}

}  // namespace
}  // namespace hald::config
