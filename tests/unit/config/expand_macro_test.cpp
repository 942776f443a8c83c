// SPDX-License-Identifier: Apache-2.0
// Macros, repeated lines and what they are not allowed to do. What comes out is compared as text; places are
// judged as the operator sees them, by the trace of a line that is complained about.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/codes.h"
#include "config/expand.h"
#include "fakes/cpu_time.h"
#include "fakes/map_files.h"

namespace hald::config {
namespace {

using Lines = std::vector<std::string>;

struct Expanded {
  Lines lines;
  Lines said;  ///< codes; warnings in brackets, with `!` where keepalived complains too
};

Lines codes_of(const Diagnostics& diagnostics) {
  Lines out;
  for (const auto& each : diagnostics.all()) {
    const char* mark = each.verdict == Verdict::Clean ? "" : "!";
    out.push_back(each.severity == Severity::Error ? each.code : fmt::format("({}{})", each.code, mark));
  }
  return out;
}

class Macros : public ::testing::Test {
 protected:
  Expanded expand(std::string text) {
    Diagnostics diagnostics;
    Sources sources(diagnostics);
    Expander expander(sources, files_, diagnostics, options_);
    expander.open(sources.add("dir/main", std::move(text)));
    Expanded out;
    for (Line line; expander.next(line);) out.lines.emplace_back(line.text);
    out.said = codes_of(diagnostics);
    return out;
  }
  /// The lines alone: nothing may be said.
  Lines lines(std::string text) {
    const Expanded out = expand(std::move(text));
    EXPECT_EQ(out.said, Lines{});
    return out.lines;
  }
  Lines said(std::string text) { return expand(std::move(text)).said; }

  static ExpandOptions options() {
    ExpandOptions out;
    out.config_id = "lb01";
    return out;
  }

  fakes::MapFiles files_;
  ExpandOptions options_ = options();
};

TEST_F(Macros, StandForTextAndCanBeDefinedAnew) {
  EXPECT_EQ(lines("$A=1 # one\nx $A\n$A=2 3\nx $A\n  $A=\nx $A y\n"), (Lines{"x 1", "x 2 3", "x  y"}));
}

TEST_F(Macros, WhereAReferenceEnds) {
  EXPECT_EQ(lines("$A=1\n$A $A, $A) $A"), (Lines{"1 1, 1) 1"}));
  EXPECT_EQ(lines("$A=1\nx${A}y${A}"), (Lines{"x1y1"}));
  EXPECT_EQ(lines("$A=1\n\"${A} $A b\" $A.b $Ab. $ $$A $"), (Lines{"\"1 1 b\" $A.b $Ab. $ $1 $"}));
}

TEST_F(Macros, ValuesMayHoldReferencesWhichAreReplacedWhenUsed) {
  EXPECT_EQ(lines("$A=10.${B}\n$B=0\n${A}.1\n$B=${C}\n$C=7\n${A}.1\n"), (Lines{"10.0.1", "10.7.1"}));
  // What results is read like what was written.
  EXPECT_EQ(lines("$A=$\n$B=1\n${A}B\n"), (Lines{"1"}));
}

TEST_F(Macros, ANameWithABlankBeforeTheEqualSignIsNoDefinition) {
  EXPECT_EQ(lines("$A =1\n$1=2\n$=3\n$A-B=4\n"), (Lines{"$A =1", "$1=2", "$=3", "$A-B=4"}));
}

TEST_F(Macros, ValuesAreReadForCommentsAgain) {
  EXPECT_EQ(lines("$OFF=${_HASH}\n$OFF a\nb ${_BANG} c\nd\"${_HASH}\"e\n"), (Lines{"b", "d\"#\"e"}));
}

TEST_F(Macros, UnknownNamesStayAndAreReportedWhereTheyCannotBeMeant) {
  EXPECT_EQ(lines("a $B pa$$w0rd \"${B}\"\n"), (Lines{"a $B pa$$w0rd \"${B}\""}));
  EXPECT_EQ(said("a ${B}\n"), (Lines{"undefined-macro"}));
  EXPECT_EQ(said("$BA=1\na $B \"$B\" $1 $\n"), (Lines{"(undefined-macro)"}));
  EXPECT_EQ(said("$A=1\nx ${A 2}\n"), (Lines{"undefined-macro"}));
}

TEST_F(Macros, SeveralLines) {
  EXPECT_EQ(lines("$M= \\\n a { \\\n\tb \\\n }\nx\n$M\n${M}\ny\n"),
            (Lines{"x", "a {", "b", "}", "a {", "b", "}", "y"}));
  EXPECT_EQ(lines("$M=a\\\nb\nx $M\ny\n"), (Lines{"x a", "b", "y"}));
  // Only at the end of a line.
  EXPECT_EQ(expand("$M=a\\\nb\nx ${M} y\n").said, (Lines{"undefined-macro"}));
}

TEST_F(Macros, WhatEndsADefinition) {
  EXPECT_EQ(lines("$M=a\\\n\nb\n$M\n"), (Lines{"b", "a"}));
  EXPECT_EQ(lines("$M=a\\\n  \nb\n"), (Lines{"b"}));
  EXPECT_EQ(lines("$M=a\\\n# c \\\nb\n$M\n"), (Lines{"b", "a"}));
  EXPECT_EQ(lines("$M=a\\\nb # c \\\nd\n$M\n"), (Lines{"d", "a", "b"}));
  EXPECT_EQ(lines("$M=a\\\n\\\nb\n$M\n"), (Lines{"a", "b"}));
  EXPECT_EQ(lines("$M=a\\"), Lines{});
  // One line behind an empty first one is no macro of several lines.
  EXPECT_EQ(lines("$M= \\\nb\nx ${M}y\n"), (Lines{"x by"}));
}

TEST_F(Macros, ADefinitionMayComeFromAMacro) {
  EXPECT_EQ(lines("$RS= \\\n r $N \\\n s\n$VS= \\\n v { \\\n $N=1 \\\n $RS \\\n $N=2 \\\n $RS \\\n }\n$VS\n"),
            (Lines{"v {", "r 1", "s", "r 2", "s", "}"}));
}

TEST_F(Macros, LinesForOneNodeInsideAMacro) {
  EXPECT_EQ(lines("@lb01 $P=1\n@lb02 $P=2\n$M= \\\n x \\\n @lb01 a $P \\\n @lb02 b\n$M\n"),
            (Lines{"x", "a 1"}));
}

TEST_F(Macros, WhatKeepalivedWouldMisreadIsReadAsMeant) {
  auto read = expand("$ID=@lb01\n$ID a\n");
  EXPECT_EQ(read.lines, (Lines{"a"}));
  EXPECT_EQ(read.said, (Lines{"(keepalived-misreads!)"}));
  read = expand("$S=~SEQ(I,1,2) x $I\n$S\n");
  EXPECT_EQ(read.lines, (Lines{"x 1", "x 2"}));
  EXPECT_EQ(read.said, (Lines{"(keepalived-misreads!)"}));
  read = expand("$M= \\\n$A=1 \\\nx $A\n$M\n");
  EXPECT_EQ(read.lines, (Lines{"x 1"}));
  EXPECT_EQ(read.said, (Lines{"(keepalived-misreads!)"}));
}

TEST_F(Macros, IncludesByMacrosAndConditions) {
  files_.add("dir/x.conf", "x\n");
  auto read = expand("$F=x\ninclude ${F}.conf\n");
  EXPECT_EQ(read.lines, (Lines{"x"}));
  EXPECT_EQ(read.said, (Lines{}));
  read = expand("@lb01 include x.conf\n@lb01 include none.conf\n$M=a\\\ninclude x.conf\\\nb\n$M\n");
  EXPECT_EQ(read.lines, (Lines{"x", "a", "x", "b"}));
  EXPECT_EQ(read.said, (Lines{"(keepalived-misreads!)", "(include-missing)", "(keepalived-misreads!)"}));
}

TEST_F(Macros, Predefined) {
  files_.set_environment("WHERE", "/opt x");
  files_.add("dir/sub/inner", "${_PWD}\n");
  EXPECT_EQ(lines("${_PWD}/a $_INSTANCE, ${_ENV WHERE} [${_ENV NONE}]\ninclude sub/inner\n$_PWD=p\n$_PWD\n"),
            (Lines{"/dir/a lb01, /opt x []", "/dir/sub", "p"}));
  EXPECT_EQ(said("${_ENV}\n${_ENV A B}\n${_PWD x}\n"), (Lines(3, "bad-reference")));
}

TEST_F(Macros, RandomNumbers) {
  options_.seed = 7;
  const auto once = lines("${_RANDOM} ${_RANDOM 5 5} ${_RANDOM 10}\n");
  EXPECT_EQ(lines("${_RANDOM} ${_RANDOM 5 5} ${_RANDOM 10}\n"), once);
  options_.seed = 8;
  EXPECT_NE(lines("${_RANDOM} ${_RANDOM 5 5} ${_RANDOM 10}\n"), once);
  for (int i = 0; i < 100; ++i) {
    const auto number = std::stoi(lines("${_RANDOM 3 5}\n").front());
    EXPECT_GE(number, 3);
    EXPECT_LE(number, 5);
    ++options_.seed;
  }
  const auto reversed = expand("${_RANDOM 9 3}\n");
  EXPECT_EQ(reversed.lines, (Lines{"9"}));
  EXPECT_EQ(reversed.said, (Lines{"bad-reference"}));
  EXPECT_EQ(said("${_RANDOM a}\n${_RANDOM 1 2 3}\n${_RANDOM 99999999999999999999}\n"),
            (Lines(3, "bad-reference")));
  EXPECT_EQ(lines("${_RANDOM 0 9223372036854775807}\n").size(), 1U);
}

TEST_F(Macros, Sequences) {
  EXPECT_EQ(lines("~SEQ(I, 3) a$I\n"), (Lines{"a1", "a2", "a3"}));
  EXPECT_EQ(lines("~SEQ ( I , -2 )a $I\n"), (Lines{"a -1", "a -2"}));
  EXPECT_EQ(lines("~SEQ(I, 0) a $I\n"), (Lines{"a 1", "a 0"}));
  EXPECT_EQ(lines("~SEQ(I, 5, 3) a $I\n"), (Lines{"a 5", "a 4", "a 3"}));
  EXPECT_EQ(lines("~SEQ(I, 1, 4, 10) a $I\n"), (Lines{"a 1", "a 5", "a 9"}));
  EXPECT_EQ(lines("~SEQ(I, 3, -2, -1) a $I\n"), (Lines{"a 3", "a 1", "a -1"}));
  EXPECT_EQ(lines("~SEQ(I, 4, -1, 4) a $I\n"), (Lines{"a 4"}));
  EXPECT_EQ(lines("~SEQ(I, 0x10, 010) a $I\n").size(), 9U);
  EXPECT_EQ(lines("~SEQx(I, 9, 0xb) a $I\n"), (Lines{"a 9", "a a", "a b"}));
}

TEST_F(Macros, SequencesTakeMacrosAndNest) {
  EXPECT_EQ(lines("$N=2\n~SEQ(I, $N, 3) ~SEQ(J, $I) a $I $J\n"),
            (Lines{"a 2 1", "a 2 2", "a 3 1", "a 3 2", "a 3 3"}));
  EXPECT_EQ(lines("$B= \\\n b $I { \\\n }\n~SEQ(I, 2) $B\nx\n"), (Lines{"b 1 {", "}", "b 2 {", "}", "x"}));
  EXPECT_EQ(lines("$C= \\\n c ${I}${J} \\\n d\n$B= \\\n b \\\n ~SEQ(J, 2) $C \\\n e\n~SEQ(I, 2) $B\n"),
            (Lines{"b", "c 11", "d", "c 12", "d", "e", "b", "c 21", "d", "c 22", "d", "e"}));
  EXPECT_EQ(lines("@lb01 ~SEQ(I, 2) @lb01 a $I\n@lb02 ~SEQ(I, 2) b\n"), (Lines{"a 1", "a 2"}));
}

TEST_F(Macros, Lists) {
  EXPECT_EQ(lines("~LST(A, x , y) a $A\n"), (Lines{"a x", "a y"}));
  EXPECT_EQ(lines("~LST({A, B}, {1,2},{ 3 , 4 }, {5}, 6) ${A}.${B}\n"), (Lines{"1.2", "3.4", "5.", "6."}));
  EXPECT_EQ(lines("$X=q\n~LST(A, $X, r) ~SEQ(I, 2) $A $I\n"), (Lines{"q 1", "q 2", "r 1", "r 2"}));
}

TEST_F(Macros, WhatCannotBeRepeated) {
  for (const char* wrong : {"~SEQ",
                            "~SEQ(",
                            "~SEQ(I",
                            "~SEQ()",
                            "~SEQ(I)",
                            "~SEQ(I,1",
                            "~SEQ(,1)",
                            "~SEQ({I},1)",
                            "~SEQ(I J,1)",
                            "~SEQ(I,x)",
                            "~SEQ(I,1,2,3,4)",
                            "~SEQ(I,1,0,2)",
                            "~SEQ(I,1,-1,2)",
                            "~SEQ(I,2,1,1)",
                            "~SEQx(I,-1)",
                            "~SEQx(I,1,-1)",
                            "~SEQ(I,08)",
                            "~SEQ(I,99999999999999999999)",
                            "~SEQ(I,1.5)",
                            "~SEQx(I,0x)",
                            "~SEQ(I,1,                                                            2)",
                            "~SEQ(I, $X) a",
                            "~LST",
                            "~LST(A)",
                            "~LST(A,",
                            "~LST(A,1",
                            "~LST(A,1}",
                            "~LST({A,1)",
                            "~LST({A,B},{1,2,3})",
                            "~LST({A,B},{1)",
                            "~LST(A,{1 2})",
                            "~LST(A B,1)",
                            "~LST(A, x y)"}) {
    EXPECT_EQ(said(std::string(wrong) + " x\n"), (Lines{"bad-sequence"})) << wrong;
  }
  EXPECT_EQ(lines("~OTHER(A) $B\n"), (Lines{"~OTHER(A) $B"}));
  const auto odd = expand("~SEQ(I,,1) a $I\n~SEQ($J, 1) b\n");
  EXPECT_EQ(odd.lines, (Lines{"a 0", "a 1", "b"}));
  EXPECT_EQ(odd.said, (Lines{"(bad-sequence)", "(bad-sequence)"}));
}

TEST_F(Macros, Recursion) {
  EXPECT_EQ(said("$A=$A\nx $A\n"), (Lines{"macro-recursion"}));
  EXPECT_EQ(said("$A=x ${A}y\nx $A\n"), (Lines{"macro-recursion"}));
  EXPECT_EQ(said("$A=$B\n$B=$A\nx $A\n"), (Lines{"macro-recursion"}));
  const auto read = expand("$M= \\\n a \\\n $M\nx\n$M\ny\n");
  EXPECT_EQ(read.lines, (Lines{"x", "a", "y"}));
  EXPECT_EQ(read.said, (Lines{"macro-recursion"}));
  EXPECT_EQ(said("$S=~SEQ(I,2) $S\n$S\n"),
            (Lines{"(keepalived-misreads!)", "macro-recursion", "macro-recursion"}));
  std::string deep = "$A0=x\n";
  for (int i = 0; i < 40; ++i) deep += fmt::format("$A{}=${{A{}}}\n", i + 1, i);
  EXPECT_EQ(said(deep + "$A31\n"), (Lines{}));
  EXPECT_EQ(said(deep + "$A40\n"), (Lines{"macro-recursion"}));
  // Defined anew on the way, it ends.
  EXPECT_EQ(lines("$M= \\\n a \\\n $M=b \\\n $M\n$M\n"), (Lines{"a", "b"}));
}

TEST_F(Macros, ALineCannotGrowForEver) {
  EXPECT_EQ(said("$A=" + std::string(1000, 'x') + "\n${A}${A}\ny\n"), (Lines{"expansion-limit"}));
  EXPECT_EQ(said("$A=" + std::string(1000, 'x') + "\n${A}" + std::string(24, 'y')),
            (Lines{"expansion-limit"}));
  EXPECT_EQ(lines("$A=" + std::string(1000, 'x') + "\n${A}" + std::string(23, 'y')).size(), 1U);
}

TEST_F(Macros, RunawayExpansionEnds) {
  const double start = fakes::cpu_seconds();
  options_.limits.lines = 1000;
  auto read = expand("~SEQ(I,1,9223372036854775807) x\nafter\n");
  EXPECT_EQ(read.lines.size(), 1001U);
  EXPECT_EQ(read.lines.back(), "after");
  EXPECT_EQ(read.said, (Lines{"expansion-limit"}));
  // No line at all comes of these, which is no reason to go on for ever.
  EXPECT_EQ(said("~SEQ(I,1000000) ~SEQ(J,1000000) ~SEQ(K,1000000)\n"), (Lines{"expansion-limit"}));
  std::string doubling = "$A0=x \\\nx\n";
  for (int i = 0; i < 20; ++i) doubling += fmt::format("$A{0}=$A{1} \\\n$A{1}\n", i + 1, i);
  EXPECT_EQ(said(doubling + "$A20\n"), (Lines{"expansion-limit"}));
  options_.limits.references = 100;
  EXPECT_EQ(said("$A=1\n~SEQ(I,1000) $A $A $A\n").front(), "expansion-limit");
  options_ = options();
  options_.limits.bytes = 10'000;
  EXPECT_EQ(expand("$A=" + std::string(500, 'x') + "\n~SEQ(I,1000) $A\n").said.front(), "expansion-limit");
  EXPECT_LT(fakes::cpu_seconds() - start, 5.0);
}

TEST_F(Macros, QuotesThatMacrosLeaveOpenAreReportedOnce) {
  EXPECT_EQ(said("$A=\"x\n$A\n$A\n"), (Lines{"unterminated-quote"}));
  EXPECT_EQ(said("$A=x\ny \"$A\n"), (Lines{"unterminated-quote"}));
  EXPECT_EQ(said("$A=x\" \"y\nz $A\n"), (Lines{}));
}

TEST_F(Macros, ABackslashAtTheEndBelongsToTheLastWord) {
  EXPECT_EQ(lines("interface \\\neth0\n\\\nx\\\ny \\\\\nz \\ \\\n"),
            (Lines{"interface\\", "eth0", "\\", "x\\", "y \\\\", "z \\\\"}));
}

}  // namespace
}  // namespace hald::config
