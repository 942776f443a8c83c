// SPDX-License-Identifier: Apache-2.0
#include "app/options.h"

#include <signal.h>

#include <initializer_list>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hald::app {
namespace {

using testing::HasSubstr;

std::variant<Options, Finished> parse(std::initializer_list<std::string> words) {
  std::vector<std::string> copies{"hald"};
  copies.insert(copies.end(), words);
  std::vector<char*> pointers;
  for (auto& word : copies) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return parse_options(static_cast<int>(copies.size()), pointers.data());
}

Options options(std::initializer_list<std::string> words) {
  auto parsed = parse(words);
  if (const auto* finished = std::get_if<Finished>(&parsed)) ADD_FAILURE() << finished->text;
  return std::get_if<Options>(&parsed) != nullptr ? std::get<Options>(parsed) : Options{};
}

Finished finished(std::initializer_list<std::string> words) {
  auto parsed = parse(words);
  EXPECT_TRUE(std::holds_alternative<Finished>(parsed));
  return std::holds_alternative<Finished>(parsed) ? std::get<Finished>(parsed) : Finished{};
}

TEST(Options, DefaultsAreWhatTheManualSays) {
  const auto defaults = options({});
  EXPECT_EQ(defaults.config_file, "/etc/hald/hald.conf");
  EXPECT_EQ(defaults.control_socket, "/run/hald/control.sock");
  EXPECT_TRUE(defaults.run_vrrp && defaults.run_checkers);
  EXPECT_FALSE(defaults.foreground);
  EXPECT_EQ(defaults.ipvs, IpvsBackend::Kernel);
}

TEST(Options, TakesKeepalivedsUsualCommandLine) {
  const auto given =
      options({"-n", "-l", "-D", "-f", "/tmp/x.conf", "-p", "/tmp/p", "-r", "/tmp/v", "-c", "/tmp/c"});
  EXPECT_TRUE(given.foreground && given.log_to_console);
  EXPECT_EQ(given.log_detail, 1U);
  EXPECT_EQ(given.config_file, "/tmp/x.conf");
  EXPECT_EQ(given.pid_file, "/tmp/p");
  EXPECT_EQ(given.vrrp_pid_file, "/tmp/v");
  EXPECT_EQ(given.checkers_pid_file, "/tmp/c");
}

TEST(Options, TakesTheLongSpellings) {
  const auto given = options({"--use-file=/tmp/x.conf", "--vrrp", "--dont-fork", "--ipvs", "memory"});
  EXPECT_TRUE(given.run_vrrp);
  EXPECT_FALSE(given.run_checkers);
  EXPECT_EQ(given.ipvs, IpvsBackend::Memory);
}

TEST(Options, TestOfTheConfigMayNameAFileForTheMessages) {
  EXPECT_TRUE(options({"-t"}).test_config);
  EXPECT_EQ(options({"-t/tmp/messages"}).test_output, "/tmp/messages");
  EXPECT_EQ(options({"--config-test=/tmp/messages"}).test_output, "/tmp/messages");
}

TEST(Options, SignumPrintsToStandardOutputAndKnowsItsNames) {
  EXPECT_EQ(finished({"--signum=RELOAD"}).text, "1\n");
  EXPECT_EQ(finished({"--signum=STOP"}).text, "15\n");
  EXPECT_EQ(finished({"--signum=HANDOVER"}).text, std::to_string(SIGRTMIN + 8) + "\n");
  EXPECT_FALSE(finished({"--signum=STOP"}).to_stderr);
  EXPECT_EQ(finished({"--signum=NONSENSE"}).status, 1);
}

TEST(Options, VersionAndHelpExitWithZero) {
  EXPECT_EQ(finished({"-v"}).status, 0);
  EXPECT_THAT(finished({"--help"}).text, HasSubstr("--use-file=FILE"));
}

TEST(Options, WrongOnesExitWithOneAndSayWhy) {
  EXPECT_EQ(finished({"--nonsense"}).status, 1);
  EXPECT_EQ(finished({"-f"}).status, 1);
  EXPECT_THAT(finished({"operand"}).text, HasSubstr("'operand'"));
  EXPECT_THAT(finished({"--ipvs=disk"}).text, HasSubstr("kernel or memory"));
  EXPECT_THAT(finished({"-u", "999"}).text, HasSubstr("octal"));
  EXPECT_THAT(finished({"-S", "8"}).text, HasSubstr("local7"));
}

TEST(Options, WhatHasNoEffectHereIsAcceptedAndRemembered) {
  const auto given =
      options({"-d", "-x", "-A", "unix:/run/agentx", "-g/tmp/log", "--flush-log-file", "-R", "-i", "lb01"});
  EXPECT_EQ(given.without_effect,
            (std::vector<std::string>{"-d", "-x", "-A", "-g", "--flush-log-file", "-R"}));
  EXPECT_EQ(given.config_id, "lb01");
}

TEST(Options, WhatConcernsReadingTheFile) {
  const auto given = load_options(options({"-e", "-i", "lb01"}));
  EXPECT_TRUE(given.all_includes);
  EXPECT_EQ(given.config_id, "lb01");
  EXPECT_FALSE(load_options(options({})).all_includes);
}

TEST(Options, ReadsFacilityAndUmask) {
  EXPECT_EQ(options({"-S", "local2"}).log_facility, 18);
  EXPECT_EQ(options({"-S", "2"}).log_facility, 18);
  EXPECT_EQ(options({"-u", "027"}).umask, 027U);
}

}  // namespace
}  // namespace hald::app
