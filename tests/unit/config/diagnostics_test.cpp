// SPDX-License-Identifier: Apache-2.0
#include "config/diagnostics.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/load.h"
#include "config/render.h"
#include "config/utf8.h"

namespace hald::config {
namespace {

/// What is shown for one error at `where` in a file of this text.
std::string shown(const std::string& text, Position where, const std::string& help = {}) {
  Diagnostics diagnostics;
  diagnostics.add_file("f.conf");
  diagnostics.error(where, "some-code", "what is wrong", help);
  const std::vector<std::string_view> texts{text};
  diagnostics.finish(texts);
  return render(diagnostics, diagnostics.all().front());
}

/// The line and its marks.
std::string picture(const std::string& text, Position where) {
  const std::string all = shown(text, where);
  return all.substr(all.find("  |\n") + 4);
}

TEST(Render, PlaceLineMarksHelp) {
  EXPECT_EQ(shown("one\n  prioritty 50\n", {2, 3, 0, 9}, "did you mean `priority`?"),
            "error[some-code]: what is wrong\n"
            " --> f.conf:2:3\n"
            "  |\n"
            "2 |   prioritty 50\n"
            "  |   ^~~~~~~~~\n"
            "  = help: did you mean `priority`?");
}

TEST(Render, AFileAsAWholeHasNoLine) {
  EXPECT_EQ(shown("one\n", {}), "error[some-code]: what is wrong\n --> f.conf");
}

TEST(Render, TabsTakeFourColumns) {
  EXPECT_EQ(picture("\tab\tc\r\n", {1, 5, 0, 1}),
            "1 |     ab    c\n"
            "  |           ^");
}

TEST(Render, LongLinesAreCutAroundThePlace) {
  const std::string line = std::string(500, 'a') + " wrong " + std::string(10'000'000, 'b');
  EXPECT_EQ(picture(line, {1, 502, 0, 5}), "1 | ..." + std::string(59, 'a') + " wrong " +
                                               std::string(59, 'b') + "...\n" + "  | " +
                                               std::string(3 + 60, ' ') + "^~~~~");
}

TEST(Render, NothingOfTheFileReachesTheTerminalUnchecked) {
  EXPECT_EQ(picture("a\x1b[31mb \xff\xe2\x80\xae wrong", {1, 14, 0, 5}),
            "1 | a\\x1b[31mb \\xff\\xe2\\x80\\xae wrong\n"
            "  |                             ^~~~~");
}

TEST(Render, NothingOfAMessageReachesTheTerminalUnchecked) {
  Diagnostics diagnostics;
  diagnostics.add_file("f\x1b.conf");
  diagnostics.error({1, 1, 0, 1}, "some-code", "a\x1b", "b\n").see({1, 1, 0, 1}, "c\r");
  EXPECT_EQ(
      render(diagnostics, diagnostics.all().front()),
      "error[some-code]: a\\x1b\n --> f\\x1b.conf:1:1\n  = help: b\\x0a\nnote: c\\x0d\n --> f\\x1b.conf:1:1");
  EXPECT_EQ(render_line(diagnostics, diagnostics.all().front()),
            "f\\x1b.conf:1:1: a\\x1b; b\\x0a [some-code]");
}

TEST(Render, WideCharactersTakeTwoColumns) {
  EXPECT_EQ(picture("\xe4\xb8\xad\xe6\x96\x87 \xc3\xa4 x", {1, 11, 0, 1}),
            "1 | \xe4\xb8\xad\xe6\x96\x87 \xc3\xa4 x\n"
            "  |        ^");
}

TEST(Render, APlaceBehindTheLineIsShownAtItsEnd) {
  EXPECT_EQ(picture("abc\n", {1, 4, 0, 0}), "1 | abc\n  |    ^");
  EXPECT_EQ(picture("abc\n", {1, 900, 0, 7}), "1 | abc\n  |    ^");
  EXPECT_EQ(shown("abc\n", {9, 1, 0, 1}), "error[some-code]: what is wrong\n --> f.conf:9:1");
}

TEST(Render, ASecondPlaceIsANoteOfItsOwn) {
  Diagnostics diagnostics;
  diagnostics.add_file("f.conf");
  diagnostics.warning({10, 1, 0, 3}, "some-code", "a second one").see({2, 2, 0, 1}, "the first is here");
  const std::string text = "\n a\n\n\n\n\n\n\n\nbcd";
  const std::vector<std::string_view> texts{text};
  diagnostics.finish(texts);
  EXPECT_EQ(render(diagnostics, diagnostics.all().front()),
            "warning[some-code]: a second one\n"
            "  --> f.conf:10:1\n"
            "   |\n"
            "10 | bcd\n"
            "   | ^~~\n"
            "note: the first is here\n"
            "  --> f.conf:2:2\n"
            "   |\n"
            " 2 |  a\n"
            "   |  ^");
}

TEST(Render, ColoursOnlyWhenAsked) {
  Diagnostics diagnostics;
  diagnostics.add_file("f.conf");
  diagnostics.error({}, "some-code", "what is wrong", "mend it");
  const auto colored = render(diagnostics, diagnostics.all().front(), Paint(true));
  EXPECT_EQ(colored,
            "\x1b[1;31merror[some-code]\x1b[0m\x1b[1m: what is wrong\x1b[0m\n"
            " \x1b[1;34m-->\x1b[0m f.conf\n"
            "  \x1b[1;34m=\x1b[0m \x1b[1;36mhelp:\x1b[0m mend it");
}

TEST(Paint, AutoLooksAtTheTerminalAndItsWishes) {
  EXPECT_TRUE(use_color(ColorWhen::Always, -1));
  EXPECT_FALSE(use_color(ColorWhen::Never, -1));
  EXPECT_FALSE(use_color(ColorWhen::Auto, -1));
  EXPECT_EQ(color_when("auto"), ColorWhen::Auto);
  EXPECT_EQ(color_when("yes"), std::nullopt);
}

TEST(Summary, CountsWhatIsNotShownToo) {
  Diagnostics diagnostics;
  for (std::size_t i = 0; i < Diagnostics::kKeptPerCode + 5; ++i) diagnostics.error({}, "one", "x");
  diagnostics.warning({}, "two", "x");
  EXPECT_EQ(summary_of({{"f", &diagnostics, 5}}), "105 errors, 1 warning; 5 of one not shown");
  EXPECT_EQ(summary_of({{"f", &diagnostics, 5}, {"f", &diagnostics, 5}}),
            "210 errors, 2 warnings; 10 of one not shown");
  EXPECT_EQ(summary_of({}), "");
}

TEST(Render, OneLineForTheLog) {
  Diagnostics diagnostics;
  diagnostics.add_file("f.conf");
  diagnostics.warning({2, 3, 0, 1}, "some-code", "what is odd", "mend it");
  EXPECT_EQ(render_line(diagnostics, diagnostics.all().front()),
            "f.conf:2:3: what is odd; mend it [some-code]");
}

TEST(Diagnostics, CountsErrorsOnly) {
  Diagnostics diagnostics;
  diagnostics.warning({}, "w", "x");
  diagnostics.note({}, "n", "x");
  EXPECT_FALSE(diagnostics.has_errors());
  diagnostics.error({}, "e", "x");
  EXPECT_EQ(diagnostics.errors(), 1U);
  EXPECT_EQ(diagnostics.all().size(), 3U);
}

TEST(Diagnostics, OneKindCannotBuryAnother) {
  Diagnostics diagnostics;
  for (std::size_t i = 0; i < Diagnostics::kKeptPerCode + 50; ++i) diagnostics.note({}, "old", "x");
  EXPECT_TRUE(diagnostics.full("old"));
  EXPECT_FALSE(diagnostics.full("new"));
  diagnostics.error({}, "new", "the one that counts");
  EXPECT_EQ(diagnostics.dropped(), 50U);
  EXPECT_EQ(diagnostics.all().size(), Diagnostics::kKeptPerCode + 1);
  EXPECT_EQ(diagnostics.all().back().message, "the one that counts");
}

TEST(Diagnostics, NothingIsSaidTwice) {
  Diagnostics diagnostics;
  diagnostics.add_file("twice.conf");
  diagnostics.add_file("twice.conf");
  for (const std::uint16_t file : {std::uint16_t{0}, std::uint16_t{1}}) {
    diagnostics.error({1, 1, file, 1}, "a", "what is wrong");
    diagnostics.error({1, 1, file, 1}, "b", "what else is wrong");
    diagnostics.warning({2, 1, file, 1}, "a", "what is wrong");
  }
  diagnostics.finish({});
  EXPECT_EQ(diagnostics.all().size(), 3U);
  EXPECT_EQ(diagnostics.errors(), 2U);
  EXPECT_EQ(diagnostics.count(Severity::Warning), 1U);
}

TEST(Diagnostics, FinishPutsThemInTheOrderOfTheText) {
  Diagnostics diagnostics;
  diagnostics.add_file("a");
  diagnostics.add_file("b\n");
  diagnostics.error({1, 1, 1, 1}, "1", "b first");
  diagnostics.error({2, 1, 0, 1}, "2", "a second line");
  diagnostics.error({1, 9, 0, 1}, "3", "a first line");
  const std::vector<std::string_view> texts{"one\ntwo", "three"};
  diagnostics.finish(texts);
  std::string out;
  for (const auto& each : diagnostics.all()) out += each.excerpt.text + " ";
  EXPECT_EQ(out, "one two three ");
  EXPECT_EQ(diagnostics.describe({3, 4, 1, 1}), "b\\x0a:3:4");
}

TEST(Utf8, QuoteClipsBetweenCharacters) {
  EXPECT_EQ(quote("eth0"), "`eth0`");
  EXPECT_EQ(quote(std::string(59, 'a') + "\xc3\xa4"), "`" + std::string(59, 'a') + "...`");
  EXPECT_EQ(quote(std::string("a\0b\n", 4)), "`a\\x00b\\x0a`");
  EXPECT_EQ(quote(std::string(100, '\x80')).size(), 2 + 60 * 4 + 3);
}

TEST(Utf8, OnlyWellFormedCharactersCount) {
  EXPECT_EQ(first_character("\xe4\xb8\xad").point, U'\u4e2d');
  EXPECT_EQ(first_character("\xf0\x9f\x98\x80").bytes, 4U);
  for (const std::string bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe4\xb8", "\xe4x\xad"}) {
    EXPECT_EQ(first_character(bad).point, 0U) << printable(bad);
    EXPECT_EQ(first_character(bad).bytes, 1U);
  }
}

}  // namespace
}  // namespace hald::config
