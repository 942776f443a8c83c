// SPDX-License-Identifier: Apache-2.0
#include "config/quoting.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hald::config {
namespace {

using List = std::vector<std::string>;

List kept(std::string_view text) {
  List out;
  for (const QuotedWord& word : split_quoted(text, Escapes::Keep).words) out.push_back(word.text);
  return out;
}

List decoded(std::string_view text) {
  List out;
  for (const QuotedWord& word : split_quoted(text, Escapes::Decode).words) out.push_back(word.text);
  return out;
}

TEST(Quoting, QuotesHoldAWordTogetherAndGo) {
  EXPECT_EQ(kept("a 'b c' \"d 'e'\" f\"g \"'h \"i'"), (List{"a", "b c", "d 'e'", "fg h \"i"}));
  EXPECT_EQ(kept(" \t'' \f"), (List{""}));
  EXPECT_TRUE(kept(" \t").empty());
}

TEST(Quoting, ABackslashProtectsAndStays) {
  EXPECT_EQ(kept(R"(a\ b 'c\'d' "e\"f" \'g h\n)"),
            (List{R"(a\ b)", R"(c\'d)", R"(e\"f)", R"(\'g)", R"(h\n)"}));
}

TEST(Quoting, BackslashSequences) {
  EXPECT_EQ(decoded(R"(\a\b\E\f\n\r\t\v\x41\x4g\101\08\cA\\\"\'\q)"),
            (List{"\a\b\x1b\f\n\r\t\vA\x04gA" + std::string(1, '\0') + "8\x01\\\"'q"}));
  EXPECT_EQ(decoded(R"(a\ b 'c\'d \x')"), (List{"a b", "c'd x"}));
}

TEST(Quoting, PlacesAreBytesOfTheText) {
  const auto words = split_quoted(R"( ab 'c\'d'e )", Escapes::Decode).words;
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[0].begin, 1U);
  EXPECT_EQ(words[0].end, 3U);
  EXPECT_EQ(words[1].begin, 4U);
  EXPECT_EQ(words[1].end, 11U);
}

TEST(Quoting, Faults) {
  const auto open = split_quoted("a 'b c", Escapes::Keep);
  EXPECT_EQ(open.fault, QuoteFault::Unterminated);
  EXPECT_EQ(open.fault_at, 2U);
  EXPECT_EQ(open.words.back().text, "b c");
  const auto last = split_quoted(R"(a b\)", Escapes::Decode);
  EXPECT_EQ(last.fault, QuoteFault::NothingEscaped);
  EXPECT_EQ(last.fault_at, 3U);
  EXPECT_EQ(split_quoted("a 'b'", Escapes::Keep).fault, QuoteFault::None);
}

TEST(Quoting, WhatIsWrittenReadsAsItWas) {
  const List commands[] = {{"/bin/x"},
                           {"/bin/x", "", "a b", "it's", "\"q\"", "\\", "\\n", "\n\x1b\x7f"},
                           {"/bin/x", "${_PWD}/y", "$A", "a#b!c", "{", "\xc3\xa4"}};
  for (const List& arguments : commands) {
    const std::string command = as_command(arguments);
    EXPECT_EQ(command.find('"'), std::string::npos);
    EXPECT_EQ(decoded(command), arguments) << command;
    const List words = kept("\"" + command + "\"");
    ASSERT_EQ(words.size(), 1U) << command;
    EXPECT_EQ(decoded(words[0]), arguments) << command;
  }
}

}  // namespace
}  // namespace hald::config
