// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/process_quorum.h"

#include <string>

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using Match = config::TrackProcess::Match;
constexpr TimePoint start{1000s};

config::TrackProcess process(const char* path) {
  config::TrackProcess out;
  out.name = "p";
  out.path = path;
  return out;
}

/// The words of a command as the kernel has them.
std::string line(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += word + '\0';
  return out;
}

TEST(ProcessMatch, ByItsShortName) {
  EXPECT_TRUE(matches(process("nginx"), "nginx", ""));
  EXPECT_FALSE(matches(process("nginx"), "nginx2", ""));
  // compat: a path is no short name.
  EXPECT_FALSE(matches(process("/usr/sbin/nginx"), "nginx", line({"/usr/sbin/nginx"})));
}

TEST(ProcessMatch, ByItsCommand) {
  auto wanted = process("/bin/a");
  wanted.full_command = true;
  EXPECT_TRUE(matches(wanted, "a", line({"/bin/a", "-x"})));
  EXPECT_TRUE(matches(wanted, "a", "/bin/a"));
  EXPECT_FALSE(matches(wanted, "a", line({"/bin/ab"})));
  EXPECT_FALSE(matches(wanted, "a", ""));
}

TEST(ProcessMatch, ByItsParameters) {
  auto wanted = process("/bin/a");
  wanted.full_command = true;
  wanted.parameters = {"-x", "one"};
  const auto fits = [&wanted](const std::vector<std::string>& words) {
    return matches(wanted, "a", line(words));
  };
  wanted.match = Match::Exact;
  EXPECT_TRUE(fits({"/bin/a", "-x", "one"}));
  EXPECT_FALSE(fits({"/bin/a", "-x", "one", "two"}));
  EXPECT_FALSE(fits({"/bin/a", "-x"}));
  wanted.match = Match::Partial;
  EXPECT_TRUE(fits({"/bin/a", "-x", "one", "two"}));
  EXPECT_FALSE(fits({"/bin/a", "-x", "one1"}));
  wanted.match = Match::Initial;
  EXPECT_TRUE(fits({"/bin/a", "-x", "one1"}));
  EXPECT_FALSE(fits({"/bin/a", "-y", "one"}));
}

TEST(ProcessMatch, ExactlyNone) {
  auto wanted = process("/bin/a");
  wanted.full_command = true;
  wanted.match = Match::Exact;
  EXPECT_TRUE(matches(wanted, "a", line({"/bin/a"})));
  EXPECT_FALSE(matches(wanted, "a", line({"/bin/a", "-x"})));
}

TEST(ProcessQuorum, CountsBetweenBothBounds) {
  auto wanted = process("a");
  wanted.quorum = 2;
  wanted.quorum_max = 3;
  const auto good = [&wanted](unsigned count) { return fold(wanted, {}, count, start).good; };
  EXPECT_FALSE(good(1));
  EXPECT_TRUE(good(2));
  EXPECT_TRUE(good(3));
  EXPECT_FALSE(good(4));
}

TEST(ProcessQuorum, NoneAtAllMayBeWhatIsWanted) {
  auto wanted = process("a");
  wanted.quorum = 0;
  wanted.quorum_max = 0;
  EXPECT_TRUE(fold(wanted, {}, 0, start).good);
  EXPECT_FALSE(fold(wanted, {}, 1, start).good);
}

TEST(ProcessQuorum, GraceForWhatEnds) {
  auto wanted = process("a");
  wanted.terminate_delay = 3s;
  auto state = fold(wanted, {}, 1, start);
  state = fold(wanted, state, 0, start);
  EXPECT_TRUE(state.good);
  EXPECT_EQ(state.turns_at, start + 3s);
  // It is back in time.
  const auto back = fold(wanted, state, 1, start + 1s);
  EXPECT_TRUE(back.good);
  EXPECT_EQ(back.turns_at, std::nullopt);
  state = fold(wanted, state, 0, start + 2s);
  EXPECT_TRUE(state.good);
  state = fold(wanted, state, 0, start + 3s);
  EXPECT_FALSE(state.good);
  // No grace for what begins.
  EXPECT_TRUE(fold(wanted, state, 1, start + 4s).good);
}

TEST(ProcessQuorum, GraceForWhatBegins) {
  auto wanted = process("a");
  wanted.fork_delay = 2s;
  auto state = fold(wanted, {}, 0, start);
  state = fold(wanted, state, 1, start);
  EXPECT_FALSE(state.good);
  EXPECT_TRUE(fold(wanted, state, 1, start + 2s).good);
}

}  // namespace
}  // namespace hald::vrrp
