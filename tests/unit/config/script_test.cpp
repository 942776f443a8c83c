// SPDX-License-Identifier: Apache-2.0
// Commands: how they are read from a line and printed.
#include "config/script.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/codes.h"
#include "config/parser.h"

namespace hald::config {
namespace {

using Words = std::vector<std::string>;

struct Taken {
  Command command;
  bool good = false;
  std::string printed;            ///< the canonical line
  std::vector<std::string> said;  ///< "COLUMN code"
};

/// `line` is a word of vrrp_sync_group, or `script` of vrrp_script.
Taken take_line(const std::string& line) {
  Taken out;
  Diagnostics diagnostics;
  const NoFiles files;
  const PerfectMachine machine;
  Sources sources(diagnostics);
  Expander expander(sources, files, diagnostics, ExpandOptions{});
  const std::string head = line.starts_with("script") ? "vrrp_script s {\n" : "vrrp_sync_group g {\n";
  expander.open(sources.add("t", head + line + "\n}\n"));
  Lexer lexer(expander, diagnostics);
  Parser parser(lexer, diagnostics);
  Values values(diagnostics, machine);
  Tree tree;
  parser.next(tree);
  for (const Node block : tree.roots()) {
    for (const Node node : block.children()) {
      out.good = take(values, node, out.command);
      Document document;
      put(out.command, node.keyword(), document);
      out.printed = to_conf(document);
    }
  }
  for (const Diagnostic& each : diagnostics.all()) {
    if (each.code != code::kNoEffect) out.said.push_back(std::to_string(each.where.column) + " " + each.code);
  }
  return out;
}

TEST(Script, TakesCommandUserAndGroup) {
  const Taken taken = take_line("notify_master \"/bin/a 'b c' d\" bob staff");
  EXPECT_TRUE(taken.good);
  EXPECT_EQ(taken.command.words, (Words{"/bin/a", "b c", "d"}));
  EXPECT_EQ(taken.command.run_as.user, "bob");
  EXPECT_EQ(taken.command.run_as.group, "staff");
  EXPECT_EQ(taken.command.where.column, 15U);
  EXPECT_EQ(taken.command.run_as.where.column, 32U);
  EXPECT_EQ(taken.printed, "notify_master \"/bin/a 'b c' d\" bob staff\n");
  EXPECT_TRUE(taken.said.empty());
}

TEST(Script, SingleQuotesMakeOneWordToo) {
  const Taken taken = take_line("notify_master '/bin/a \"b c\"' bob");
  EXPECT_EQ(taken.command.words, (Words{"/bin/a", "b c"}));
  EXPECT_EQ(taken.command.run_as.user, "bob");
  EXPECT_EQ(taken.printed, "notify_master \"/bin/a 'b c'\" bob\n");
}

TEST(Script, SaysWhatIsLeftOver) {
  EXPECT_EQ(take_line("notify /bin/a bob staff more").said, (Words{"25 extra-words"}));
  const Taken script = take_line("script /bin/a -b");
  EXPECT_EQ(script.command.words, (Words{"/bin/a"}));
  EXPECT_EQ(script.said, (Words{"15 extra-words"}));
}

TEST(Script, WhatCannotBeSplitIsNoCommand) {
  const Taken open = take_line("notify \"/bin/a 'b\"");
  EXPECT_FALSE(open.good);
  EXPECT_EQ(open.said, (Words{"8 unterminated-quote"}));
  EXPECT_EQ(open.printed, "");
  EXPECT_FALSE(take_line("notify \"\"").good);
}

}  // namespace
}  // namespace hald::config
