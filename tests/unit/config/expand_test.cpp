// SPDX-License-Identifier: Apache-2.0
#include "config/expand.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/codes.h"
#include "fakes/map_files.h"

namespace hald::config {
namespace {

class Expansion : public ::testing::Test {
 protected:
  /// The lines of `text` as file "dir/main", each as "FILE:LINE:COLUMN text".
  std::vector<std::string> expand(std::string text) {
    expander_.open(sources_.add("dir/main", std::move(text)));
    std::vector<std::string> out;
    for (Line line; expander_.next(line);) {
      out.push_back(
          fmt::format("{}:{}:{} {}", diagnostics_.files()[line.file], line.number, line.column, line.text));
    }
    return out;
  }
  /// Codes of what was said, warnings in brackets.
  std::vector<std::string> said() const {
    std::vector<std::string> out;
    for (const auto& each : diagnostics_.all()) {
      out.push_back(each.severity == Severity::Error ? each.code : "(" + each.code + ")");
    }
    return out;
  }

  static ExpandOptions options() {
    ExpandOptions out;
    out.config_id = "lb01";
    return out;
  }

  using Lines = std::vector<std::string>;
  fakes::MapFiles files_;
  Diagnostics diagnostics_;
  Sources sources_{diagnostics_};
  Expander expander_{sources_, files_, diagnostics_, options()};
};

TEST_F(Expansion, LinesComeTrimmedWithTheirPlace) {
  EXPECT_EQ(expand("a\n\n  b c \r\n\td"), (Lines{"dir/main:1:1 a", "dir/main:3:3 b c", "dir/main:4:2 d"}));
  EXPECT_TRUE(said().empty());
}

TEST_F(Expansion, NothingComesOfNothing) {
  EXPECT_TRUE(expand("").empty());
}

TEST_F(Expansion, ByteOrderMarkIsReportedAndPassedOver) {
  EXPECT_EQ(expand("\xef\xbb\xbf"
                   "a\n"),
            (Lines{"dir/main:1:4 a"}));
  EXPECT_EQ(said(), (Lines{"byte-order-mark"}));
}

TEST_F(Expansion, LinesOf1022BytesAreTheLongest) {
  const std::string longest(1022, 'x');
  EXPECT_EQ(expand(longest + "\n" + longest + "y\nz\n"),
            (Lines{"dir/main:1:1 " + longest, "dir/main:3:1 z"}));
  EXPECT_EQ(said(), (Lines{"line-too-long"}));
}

TEST_F(Expansion, ALineWithANulByteIsDropped) {
  EXPECT_EQ(expand(std::string("a\nb\0c\nd\n", 8)), (Lines{"dir/main:1:1 a", "dir/main:3:1 d"}));
  ASSERT_EQ(said(), (Lines{"nul-byte"}));
  EXPECT_EQ(diagnostics_.all()[0].where, (Position{2, 2, 0, 1}));
}

TEST_F(Expansion, LinesForOneNode) {
  EXPECT_EQ(expand("@lb01 a\n@lb02 b\n@^lb01 c\n@^lb02 d\n@lb01\n@ g\n@lb02 @ h\n"),
            (Lines{"dir/main:1:7 a", "dir/main:4:8 d"}));
  EXPECT_TRUE(said().empty());
}

TEST_F(Expansion, OnlyOneIdStandsBeforeALine) {
  EXPECT_TRUE(expand("@lb01 @^lb02 a\n").empty());
  ASSERT_EQ(said(), (Lines{"second-id"}));
  EXPECT_EQ(diagnostics_.all()[0].where, (Position{1, 7, 0, 6}));
}

TEST_F(Expansion, IncludedFilesStandInPlaceOfTheLine) {
  files_.add("dir/one", "1\ninclude two\n3\n");
  files_.add("dir/two", "2");
  EXPECT_EQ(expand("a\n include one # not two\nb\n"),
            (Lines{"dir/main:1:1 a", "dir/one:1:1 1", "dir/two:1:1 2", "dir/one:3:1 3", "dir/main:3:1 b"}));
  EXPECT_TRUE(said().empty());
}

TEST_F(Expansion, PatternsBracesAndAbsoluteNames) {
  files_.add("dir/d/b.conf", "b");
  files_.add("dir/d/a.conf", "a");
  files_.add("dir/e f", "ef");
  files_.add("/abs", "abs");
  EXPECT_EQ(expand("include d/*.conf\ninclude e f\ninclude /abs\ninclude d/{b,a}.conf\n"),
            (Lines{"dir/d/a.conf:1:1 a", "dir/d/b.conf:1:1 b", "dir/e f:1:1 ef", "/abs:1:1 abs",
                   "dir/d/b.conf:1:1 b", "dir/d/a.conf:1:1 a"}));
  EXPECT_TRUE(said().empty());
}

TEST_F(Expansion, HowHardEachFormInsists) {
  files_.add_unreadable("dir/secret");
  for (const std::string form : {"include", "includer", "includem", "includew", "includeb", "includea"}) {
    expand(form + " none\n" + form + " *.none\n" + form + " {none,nothing}\n" + form + " secret\n");
  }
  const std::string w = "(include-missing)";  // a warning
  const std::string e = "include-missing";
  EXPECT_EQ(said(), (Lines{w,
                           w,
                           w,
                           "(unreadable)",  // include
                           w,
                           w,
                           w,
                           "unreadable",  // includer
                           e,
                           w,
                           w,
                           "unreadable",  // includem
                           e,
                           e,
                           w,
                           w,
                           "unreadable",  // includew
                           w,
                           e,
                           e,
                           "unreadable",  // includeb
                           e,
                           e,
                           e,
                           e,
                           "unreadable"}));  // includea
}

TEST_F(Expansion, ScriptsAndBinariesBesideTheConfigurationAreNotRead) {
  files_.add_script("dir/check.sh");
  files_.add("dir/prog", std::string("\x7f"
                                     "ELF\0\0",
                                     6));
  EXPECT_TRUE(expand("include check.sh\ninclude prog\n").empty());
  EXPECT_EQ(said(), (Lines{"(executable-file)", "binary-file"}));
}

TEST_F(Expansion, AFileThatIncludesItselfIsStopped) {
  files_.add("dir/x", "1\ninclude y\n2\n");
  files_.add("dir/y", "3\ninclude x\n4\n");
  EXPECT_EQ(expand("include x\n"), (Lines{"dir/x:1:1 1", "dir/y:1:1 3", "dir/y:3:1 4", "dir/x:3:1 2"}));
  ASSERT_EQ(said(), (Lines{"include-loop"}));
  EXPECT_EQ(diagnostics_.describe(diagnostics_.all()[0].where), "dir/y:2:9");
}

TEST_F(Expansion, NestingHasALimit) {
  for (int i = 0; i < 40; ++i)
    files_.add(fmt::format("dir/{}", i), fmt::format("include {}\nback {}\n", i + 1, i));
  EXPECT_EQ(expand("include 0\n").size(), Expander::kMaxDepth - 1);
  EXPECT_EQ(said(), (Lines{"include-limit"}));
}

/// Each of these files includes the next one twice: two to the power of their number would be read.
TEST_F(Expansion, TheNumberOfFilesHasALimit) {
  for (int i = 0; i < 30; ++i)
    files_.add(fmt::format("dir/{}", i), fmt::format("include {0}\ninclude {0}\n", i + 1));
  EXPECT_TRUE(expand("include 0\n").empty());
  EXPECT_EQ(diagnostics_.files().size(), Sources::kMaxFiles);
}

TEST_F(Expansion, BracesThatExplodeAreRefused) {
  std::string pattern = "include ";
  for (int i = 0; i < 100; ++i) pattern += "{a,b}";
  EXPECT_TRUE(expand(pattern).empty());
  EXPECT_EQ(said(), (Lines{"include-limit"}));
}

TEST_F(Expansion, WordsThatOnlyBeginLikeInclude) {
  EXPECT_EQ(expand("include\nincludex a\nincluded\n"),
            (Lines{"dir/main:1:1 include", "dir/main:2:1 includex a", "dir/main:3:1 included"}));
}

TEST(Include, Braces) {
  using List = std::vector<std::string>;
  EXPECT_EQ(expand_braces("a", 8), (List{"a"}));
  EXPECT_EQ(expand_braces("a{b,c{d,e},}f", 8), (List{"abf", "acdf", "acef", "af"}));
  EXPECT_EQ(expand_braces("{a,b}{c,d}", 8), (List{"ac", "ad", "bc", "bd"}));
  EXPECT_EQ(expand_braces("a{b", 8), (List{"a{b"}));
  EXPECT_EQ(expand_braces("a}b", 8), (List{"a}b"}));
  EXPECT_EQ(expand_braces("{}", 8), (List{""}));
  EXPECT_TRUE(expand_braces("{a,b,c,d,e}{a,b}", 8).empty());
}

}  // namespace
}  // namespace hald::config
