// SPDX-License-Identifier: Apache-2.0
// global_defs and the top of the file: what only shows in the model, and that what is printed reads back.
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "config/build_global.h"
#include "config/codes.h"
#include "config/describe.h"
#include "config/load.h"
#include "config/render.h"
#include "fakes/fake_machine.h"

namespace hald::config {
namespace {

constexpr std::string_view kInstance =
    "vrrp_instance A {\n interface eth0\n virtual_router_id 7\n virtual_ipaddress {\n 10.0.0.3\n }\n}\n";

Loaded load(std::string_view words) {
  return load_text("global_defs {\n" + std::string(words) + "\n}\n" + std::string(kInstance), "test");
}

Global global_of(std::string_view words) {
  const auto loaded = load(words);
  EXPECT_FALSE(loaded.diagnostics.has_errors()) << report(loaded.diagnostics);
  return loaded.config->global;
}

std::string read_case(const std::string& name) {
  std::ostringstream out;
  out << std::ifstream(std::string(HALD_SOURCE_DIR) + "/tests/golden/cases/" + name).rdbuf();
  return out.str();
}

TEST(Global, WhatIsPrintedReadsBackAsTheSame) {
  for (const auto* name : {"global_words.conf", "global_errors.conf", "words.conf"}) {
    SCOPED_TRACE(name);
    const auto first = load_text(read_case(name), name);
    Document document;
    print_global(first.config->global, document);
    const std::string text = to_conf(document);
    const auto second = load_text(text + std::string(kInstance), "printed");
    EXPECT_EQ(second.config->global, [&] {
      Global expected = first.config->global;
      // The instance that the daemon follows is one of another file.
      if (expected.lvs_sync_daemon) expected.lvs_sync_daemon = second.config->global.lvs_sync_daemon;
      return expected;
    }()) << text;
    EXPECT_LE(second.diagnostics.errors(), 0U) << report(second.diagnostics);
  }
}

TEST(Global, SeveralBlocksAddUp) {
  const auto loaded = load_text(
      "global_defs {\n router_id a\n nftables t\n}\nglobal_defs {\n vrrp_strict\n nftables u\n}\n", "test");
  EXPECT_EQ(loaded.config->global.router_id, "a");
  EXPECT_EQ(loaded.config->global.vrrp.strict, true);
  EXPECT_EQ(loaded.config->global.nftables, "t");
  EXPECT_EQ(loaded.diagnostics.errors(), 1U) << "a second table, in another block, is reported";
}

TEST(Global, DefaultsAreFilledIn) {
  const Global global = global_of("");
  EXPECT_FALSE(global.router_id.empty());
  EXPECT_EQ(global.vrrp.version, 2);
  EXPECT_EQ(global.vrrp.garp_lower_prio_delay, Duration(std::chrono::seconds(5)));
  EXPECT_EQ(global.vrrp.smtp_alert, std::nullopt);
  EXPECT_EQ(global.mail.server, std::nullopt);
  EXPECT_EQ(global.mail.from, "") << "nobody writes mails without a relay";
  EXPECT_EQ(global.mcast_group6.to_string(), "ff02::12");
}

TEST(Global, AnEmptyNameIsNone) {
  const Global global = global_of("default_interface \"\"\nvmac_prefix \"\"\ndbus_service_name \"\"");
  EXPECT_EQ(global.default_interface, "eth0");
  EXPECT_EQ(global.vmac_prefix, "vrrp");
  EXPECT_EQ(global.vmac_addr_prefix, "vrrp");
  EXPECT_EQ(global.dbus.service_name, "org.keepalived.Vrrp1");
}

TEST(Global, AMailRelayBringsASender) {
  const Global global = global_of("smtp_server 10.0.0.25");
  EXPECT_EQ(global.mail.server, (MailServer{"10.0.0.25", 25}));
  EXPECT_FALSE(global.mail.helo.empty());
  EXPECT_TRUE(global.mail.from.ends_with('@' + global.mail.helo)) << global.mail.from;
}

TEST(Global, AlertsForInstancesComeFromTheNearestWord) {
  EXPECT_EQ(global_of("smtp_alert").vrrp.smtp_alert, true);
  EXPECT_EQ(global_of("smtp_alert\nsmtp_alert_vrrp no").vrrp.smtp_alert, false);
}

TEST(Global, MinGarpIsWeakerThanWhatIsWritten) {
  const Global plain = global_of("vrrp_min_garp");
  EXPECT_EQ(plain.vrrp.garp_master_repeat, 1U);
  EXPECT_EQ(plain.vrrp.garp_master_delay, Duration::zero());
  EXPECT_EQ(plain.vrrp.garp_lower_prio_repeat, 1U);
  const Global mixed = global_of("vrrp_garp_master_repeat 3\nvrrp_min_garp");
  EXPECT_EQ(mixed.vrrp.garp_master_repeat, 3U);
  EXPECT_EQ(mixed.vrrp.garp_master_delay, Duration::zero());
}

TEST(Global, TheSyncDaemonFollowsAnInstance) {
  EXPECT_EQ(global_of("lvs_sync_daemon eth0 inst A").lvs_sync_daemon->id, 7);
  EXPECT_EQ(global_of("lvs_sync_daemon eth0 A id 9").lvs_sync_daemon->id, 9);
  EXPECT_EQ(global_of("lvs_sync_daemon eth0").lvs_sync_daemon->id, 0);
  const auto loaded = load("lvs_sync_daemon eth0 inst B");
  EXPECT_FALSE(loaded.config->global.lvs_sync_daemon);
  // compat: keepalived's test says nothing of it.
  EXPECT_EQ(loaded.diagnostics.verdict(), Verdict::Clean);
}

TEST(Global, MasksAreReadAsInC) {
  EXPECT_EQ(global_of("umask 022").umask, 022);
  EXPECT_EQ(global_of("umask 0x3f").umask, 077);
  EXPECT_EQ(global_of("umask 18").umask, 022);
  EXPECT_EQ(global_of("umask IRWXO").umask, 007);
}

TEST(Global, OneBadProcessorCostsThemAll) {
  const auto loaded = load("vrrp_cpu_affinity 1 2\nvrrp_cpu_affinity 0 1024");
  EXPECT_TRUE(loaded.config->global.vrrp_process.cpus.empty());
}

TEST(Global, IncludeCheckAddsAndTakesAway) {
  EXPECT_EQ(global_of("include_check").include_check, (IncludeCheck{true, true, true, true}));
  EXPECT_EQ(global_of("include_check match").include_check, (IncludeCheck{true, true, false, false}));
  EXPECT_EQ(global_of("include_check -read\ninclude_check +brace_match").include_check,
            (IncludeCheck{false, false, false, true}));
}

/// A machine with one account and one program.
fakes::FakeMachine machine() {
  fakes::FakeMachine out;
  out.users["operator"] = {1000, 1000};
  out.groups["staff"] = 50;
  out.interfaces["eth0"] = {};
  out.add_folder("/bin");
  out.add_script("/bin/read");
  out.hosts.insert("mail");
  return out;
}

Loaded load_on(const fakes::FakeMachine& machine, std::string_view words) {
  LoadOptions options;
  options.machine = &machine;
  return load_text("global_defs {\n" + std::string(words) + "\n}\n" + std::string(kInstance), "test",
                   options);
}

bool says(const Loaded& loaded, std::string_view code) {
  for (const Diagnostic& each : loaded.diagnostics.all()) {
    if (each.code == code) return true;
  }
  return false;
}

TEST(Global, ScriptsRunAsSomebodyWhoExists) {
  const auto here = machine();
  EXPECT_EQ(load_on(here, "script_user operator staff").diagnostics.verdict(), Verdict::Clean);
  EXPECT_EQ(load_on(here, "script_user operator nobody").diagnostics.errors(), 1U);
  EXPECT_EQ(load_on(here, "script_user stranger").diagnostics.errors(), 1U);
}

TEST(Global, ScriptsThatCannotRunAreDropped) {
  const auto here = machine();
  const auto good = load_on(here, "startup_script /bin/read\nnotify_fifo /p\nnotify_fifo_script /bin/read");
  EXPECT_EQ(good.config->global.startup_script.words.size(), 1U);
  EXPECT_EQ(good.config->global.notify_fifo.script.words.size(), 1U);
  EXPECT_EQ(good.diagnostics.verdict(), Verdict::Security) << "script security is not enabled";
  const auto bad = load_on(here, "startup_script /bin/gone\nnotify_fifo /p\nnotify_fifo_script /bin/gone");
  EXPECT_TRUE(bad.config->global.startup_script.words.empty());
  EXPECT_TRUE(bad.config->global.notify_fifo.script.words.empty());
  EXPECT_EQ(bad.diagnostics.verdict(), Verdict::Clean) << report(bad.diagnostics);
  // compat: an unknown account is a complaint for these two only.
  EXPECT_EQ(load_on(here, "startup_script /bin/read stranger").diagnostics.verdict(), Verdict::Complaint);
  EXPECT_EQ(load_on(here, "notify_fifo /p\nnotify_fifo_script /bin/read stranger").diagnostics.verdict(),
            Verdict::Clean);
}

TEST(Global, APipeNeedsAnOwner) {
  const auto here = machine();
  EXPECT_EQ(load_on(here, "notify_fifo /p operator staff").config->global.notify_fifo.path, "/p");
  const auto stranger = load_on(here, "notify_fifo /p stranger");
  EXPECT_EQ(stranger.config->global.notify_fifo.path, "");
  EXPECT_EQ(stranger.diagnostics.verdict(), Verdict::Clean);
  const auto secure = load_on(here, "enable_script_security\nnotify_fifo /p");
  EXPECT_EQ(secure.config->global.notify_fifo.path, "");
  EXPECT_EQ(secure.diagnostics.errors(), 1U);
  EXPECT_EQ(
      load_on(here, "enable_script_security\nscript_user operator\nnotify_fifo /p").diagnostics.verdict(),
      Verdict::Clean);
}

TEST(Global, NothingIsWrittenTwiceIntoOnePipe) {
  const Global global = global_of("notify_fifo /p\nvrrp_notify_fifo /p\nlvs_notify_fifo /q");
  EXPECT_EQ(global.vrrp_notify_fifo.path, "");
  EXPECT_EQ(global.lvs_notify_fifo.path, "/q");
  const Global readers = global_of(
      "enable_script_security\nvrrp_notify_fifo /p\nvrrp_notify_fifo_script /bin/a\n"
      "lvs_notify_fifo /p\nlvs_notify_fifo_script /bin/b");
  EXPECT_EQ(readers.lvs_notify_fifo.path, "/p");
  EXPECT_TRUE(readers.lvs_notify_fifo.script.words.empty());
}

TEST(Global, AProcessorThatIsNotThereCostsTheLine) {
  const auto here = machine();
  EXPECT_EQ(load_on(here, "vrrp_cpu_affinity 0 1").config->global.vrrp_process.cpus.size(), 2U);
  const auto bad = load_on(here, "vrrp_cpu_affinity 0 2");
  EXPECT_TRUE(bad.config->global.vrrp_process.cpus.empty());
  EXPECT_EQ(bad.diagnostics.errors(), 1U);
}

TEST(Global, AMailRelayThatNobodyKnowsIsKept) {
  const auto here = machine();
  EXPECT_EQ(load_on(here, "smtp_server mail").diagnostics.verdict(), Verdict::Clean);
  const auto unknown = load_on(here, "smtp_server mial");
  EXPECT_TRUE(says(unknown, code::kUnknownHost));
  EXPECT_EQ(unknown.diagnostics.verdict(), Verdict::Complaint);
  EXPECT_FALSE(unknown.diagnostics.has_errors());
  EXPECT_EQ(unknown.config->global.mail.server->host, "mial");
}

TEST(Global, OnlyWhatKeepalivedReportsFailsTheTest) {
  for (const auto* words : {"smtp_helo_name", "vrrp_mcast_group4 224.0.0.18/32", "lvs_flush_onstop",
                            "vrrp_rlimit_rtime 5", "notification_email_from a@b", "vrrp_no_swap off"})
    EXPECT_EQ(load(words).diagnostics.verdict(), Verdict::Clean) << words;
  for (const auto* words : {"notification_email {\n}", "vrrp_vmac_garp_intvl 5", "vrrp_iptables",
                            "vrrp_mcast_group6 ff05::1", "lvs_sync_daemon eth0 A 5"}) {
    const auto loaded = load(words);
    EXPECT_EQ(loaded.diagnostics.verdict(), Verdict::Complaint) << words;
    EXPECT_FALSE(loaded.diagnostics.has_errors()) << words << " is no reason to refuse a reload";
  }
}

}  // namespace
}  // namespace hald::config
