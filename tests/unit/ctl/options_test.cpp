// SPDX-License-Identifier: Apache-2.0
#include "ctl/options.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hald::ctl {
namespace {

std::variant<Options, Finished> parse(std::vector<std::string> words) {
  words.insert(words.begin(), "haldctl");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return parse_options(static_cast<int>(words.size()), argv.data());
}

TEST(Options, StandAnywhere) {
  const auto parsed = parse({"check", "a.conf", "--compat", "b.conf", "--format=gcc", "--color", "never"});
  const auto* options = std::get_if<Options>(&parsed);
  ASSERT_NE(options, nullptr);
  EXPECT_EQ(options->command, "check");
  EXPECT_EQ(options->words, (std::vector<std::string>{"a.conf", "b.conf"}));
  EXPECT_TRUE(options->compat);
  EXPECT_EQ(options->format, config::Format::Gcc);
  EXPECT_EQ(options->color, config::ColorWhen::Never);
}

TEST(Options, JsonIsAFormatToo) {
  const auto parsed = parse({"-j", "check", "a.conf"});
  EXPECT_EQ(std::get<Options>(parsed).format, config::Format::Json);
}

TEST(Options, WrongOnesSayWhatIsRight) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {}, {"check", "--format=xml"}, {"check", "--color=yes"}, {"--nonsense"}, {"status", "-s"}}) {
    const auto parsed = parse(words);
    ASSERT_TRUE(std::holds_alternative<Finished>(parsed));
    EXPECT_EQ(std::get<Finished>(parsed).status, kUsage);
    EXPECT_NE(std::get<Finished>(parsed).text.find("haldctl --help"), std::string::npos);
  }
}

}  // namespace
}  // namespace hald::ctl
