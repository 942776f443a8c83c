// SPDX-License-Identifier: Apache-2.0
// What is found out about scripts before they run.
#include "config/script_check.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/codes.h"
#include "fakes/fake_machine.h"

namespace hald::config {
namespace {

using Fault = ScriptFinding::Fault;
using Kind = ScriptChecks::Kind;

constexpr Account kRoot{0, 0};
constexpr Account kBob{1000, 1000};

fakes::FakeMachine machine() {
  fakes::FakeMachine out;
  out.users = {{"bob", kBob}, {"root", kRoot}};
  out.groups = {{"staff", 50}};
  out.add_folder("/bin");
  out.add_folder("/etc");
  out.add_folder("/tmp", 01777);
  out.add_folder("/open", 0777);
  out.add_folder("/private", 0700);
  out.add_script("/bin/check");
  out.add_script("/etc/data", 0644);
  out.add_script("/tmp/check");
  out.add_script("/open/check");
  out.add_script("/private/check");
  out.add_script("/etc/loose", 0757);
  out.add_script("/etc/bobs", 0755, 1000);
  out.add_script("/etc/setuid", 04757);
  out.files["/sbin"] = {fakes::FakeMachine::Kind::Link, 0, 0, 0777};
  out.links["/sbin"] = "/bin";
  return out;
}

Fault fault(const std::string& program, Account account) {
  return examine_script(program, account, machine()).fault;
}

TEST(ScriptCheck, FindsTheProgram) {
  EXPECT_EQ(fault("/bin/check", kRoot), Fault::None);
  EXPECT_EQ(fault("/bin/none", kRoot), Fault::Missing);
  EXPECT_EQ(fault("check", kBob), Fault::None);
  EXPECT_EQ(examine_script("check", kBob, machine()).path, "/bin/check");
  EXPECT_EQ(fault("none", kBob), Fault::Missing);
  EXPECT_EQ(fault("", kBob), Fault::Missing);
}

TEST(ScriptCheck, TheAccountMustBeAbleToRunIt) {
  EXPECT_EQ(fault("/etc/data", kRoot), Fault::NotExecutable);
  EXPECT_EQ(fault("/etc/data", kBob), Fault::NotExecutable);
  EXPECT_EQ(fault("/private/check", kBob), Fault::Missing);
  EXPECT_EQ(fault("/private/check", kRoot), Fault::None);
}

TEST(ScriptCheck, WhatRootRunsOnlyRootMayChange) {
  EXPECT_EQ(fault("/tmp/check", kRoot), Fault::None);  // the sticky bit protects it
  EXPECT_EQ(fault("/open/check", kRoot), Fault::Unsafe);
  EXPECT_EQ(examine_script("/open/check", kRoot, machine()).path, "/open");
  EXPECT_EQ(fault("/etc/loose", kRoot), Fault::Unsafe);
  EXPECT_EQ(fault("/etc/bobs", kRoot), Fault::Unsafe);
  EXPECT_EQ(fault("/open/check", kBob), Fault::None);
  EXPECT_EQ(fault("/etc/setuid", kBob), Fault::Unsafe);
}

/// compat: a directory that is a link is no directory, even if all is root's.
TEST(ScriptCheck, RootDoesNotWalkThroughLinks) {
  EXPECT_EQ(fault("/sbin/check", kRoot), Fault::WrongType);
  EXPECT_EQ(fault("/sbin/check", kBob), Fault::None);
}

TEST(ScriptCheck, ALessThanSignAsksForAFile) {
  EXPECT_FALSE(examine_script("</etc/none", kRoot, machine()).is_program);
  EXPECT_EQ(fault("</etc/none", kRoot), Fault::None);
  EXPECT_EQ(fault("<none", kRoot), Fault::Missing);
}

TEST(ScriptCheck, Accounts) {
  const auto known = machine();
  EXPECT_EQ(account_of({"bob", "", {}}, known), kBob);
  EXPECT_EQ(account_of({"bob", "staff", {}}, known), (Account{1000, 50}));
  EXPECT_EQ(account_of({"bob", ":staff", {}}, known), (Account{1000, 50}));
  EXPECT_EQ(account_of({"bob", ":", {}}, known), kBob);
  EXPECT_FALSE(account_of({"bob", "none", {}}, known));
  EXPECT_FALSE(account_of({"none", "", {}}, known));
}

struct Said {
  bool usable = false;
  std::vector<std::string> lines;  ///< "error|warning code"
  Verdict verdict = Verdict::Clean;
};

Said ask(const Command& command, Kind kind, const ScriptRules& rules = {},
         const fakes::FakeMachine& on = machine()) {
  Diagnostics diagnostics;
  ScriptChecks checks(on, rules, diagnostics);
  Said out;
  out.usable = checks.usable(command, kind);
  checks.finish();
  for (const Diagnostic& each : diagnostics.all())
    out.lines.push_back((each.severity == Severity::Error ? "error " : "warning ") + each.code);
  out.verdict = diagnostics.verdict();
  return out;
}

Command command(const std::string& program, const std::string& user = {}) {
  Command out;
  out.words = {program};
  out.run_as.user = user;
  return out;
}

using Lines = std::vector<std::string>;
const ScriptRules kSecure{{"root", "", {}}, true};

TEST(ScriptCheck, OnlyATrackedScriptMustBeThere) {
  EXPECT_EQ(ask(command("/bin/none"), Kind::Track).lines, (Lines{"error script-missing"}));
  for (const Kind kind : {Kind::Notify, Kind::MiscCheck}) {
    const Said said = ask(command("/bin/none"), kind);
    EXPECT_FALSE(said.usable);
    EXPECT_EQ(said.lines, (Lines{"warning script-missing"}));
    EXPECT_EQ(said.verdict, Verdict::Clean);
  }
  EXPECT_EQ(ask(command("/etc/data"), Kind::Track, kSecure).lines, (Lines{"warning script-not-executable"}));
}

TEST(ScriptCheck, RunningScriptsWithoutSecurityIsGrave) {
  const Said said = ask(command("/bin/check"), Kind::Notify);
  EXPECT_TRUE(said.usable);
  EXPECT_EQ(said.lines, (Lines{"warning no-script-security"}));
  EXPECT_EQ(said.verdict, Verdict::Security);
  EXPECT_EQ(ask(command("</bin/check"), Kind::Track).verdict, Verdict::Clean);
}

TEST(ScriptCheck, SecurityForbidsWhatOthersCanChange) {
  const Said loose = ask(command("/etc/loose", "root"), Kind::Track);
  EXPECT_TRUE(loose.usable);
  EXPECT_EQ(loose.lines, (Lines{"warning script-insecure", "warning no-script-security"}));
  const Said strict = ask(command("/etc/loose", "root"), Kind::Track, kSecure);
  EXPECT_FALSE(strict.usable);
  EXPECT_EQ(strict.lines, (Lines{"error script-insecure"}));
  EXPECT_EQ(ask(command("/etc/loose", "root"), Kind::Notify, kSecure).lines,
            (Lines{"warning script-insecure"}));
  EXPECT_EQ(ask(command("/sbin/check", "root"), Kind::Track).lines,
            (Lines{"error script-insecure", "warning no-script-security"}));
}

TEST(ScriptCheck, UnknownAccounts) {
  EXPECT_EQ(ask(command("/bin/check", "none"), Kind::Track).lines, (Lines{"error unknown-account"}));
  EXPECT_EQ(ask(command("/bin/check", "none"), Kind::MiscCheck).lines, (Lines{"error unknown-account"}));
  EXPECT_EQ(ask(command("/bin/check", "none"), Kind::Notify).lines, (Lines{"warning unknown-account"}));
}

/// compat: script_user, else the account keepalived_script, else hald's own; that last one not with security.
TEST(ScriptCheck, WhoRunsACommandWithoutUser) {
  auto on = machine();
  EXPECT_TRUE(ask(command("/open/check"), Kind::Track, {{"bob", "", {}}, true}, on).usable);
  EXPECT_EQ(ask(command("/bin/check"), Kind::Notify, {{}, true}, on).lines, (Lines{"error unknown-account"}));
  on.users["keepalived_script"] = kBob;
  EXPECT_TRUE(ask(command("/open/check"), Kind::Track, {{}, true}, on).usable);
  EXPECT_FALSE(ask(command("/bin/check"), Kind::Track, {{"none", "", {}}, false}, on).usable);
}

}  // namespace
}  // namespace hald::config
