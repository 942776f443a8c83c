// SPDX-License-Identifier: Apache-2.0
#include "config/parser.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/codes.h"

namespace hald::config {
namespace {

std::string show(const Node& node, bool is_line) {
  std::string out;
  for (const Word& word : node.words()) out += (out.empty() ? "" : " ") + std::string(word.text);
  if (is_line || node.keyword().type != ValueType::Block) return out;
  const Block& block = block_of(node.keyword().block);
  out += " {";
  for (const Node child : node.children()) out += " " + show(child, block.is_lines()) + ";";
  return out + " }";
}

struct Parsed {
  std::vector<std::string> blocks;  ///< one string for each block at the top
  std::vector<std::string> said;    ///< "LINE:COLUMN code"
};

Parsed parse(std::string text) {
  Diagnostics diagnostics;
  const NoFiles files;
  Sources sources(diagnostics);
  ExpandOptions options;
  options.config_id = "node";
  Expander expander(sources, files, diagnostics, options);
  expander.open(sources.add("t", std::move(text)));
  Lexer lexer(expander, diagnostics);
  Parser parser(lexer, diagnostics);
  Parsed out;
  for (Tree tree; parser.next(tree);) {
    for (const Node node : tree.roots()) out.blocks.push_back(show(node, false));
  }
  for (const auto& each : diagnostics.all()) {
    if (each.code == code::kNoEffect) continue;
    out.said.push_back(fmt::format("{}:{} {}", each.where.line, each.where.column, each.code));
  }
  return out;
}

using List = std::vector<std::string>;

TEST(Parser, BlocksNest) {
  const auto parsed = parse(
      "global_defs { router_id x }\n"
      "virtual_server 10.0.0.1 80\n{\n lb_algo rr real_server 1\n real_server 10.0.0.2 80 { TCP_CHECK{ retry "
      "1 } }\n}\n");
  EXPECT_EQ(parsed.blocks, (List{"global_defs { router_id x; }",
                                 "virtual_server 10.0.0.1 80 { lb_algo rr real_server 1; "
                                 "real_server 10.0.0.2 80 { TCP_CHECK { retry 1; }; }; }"}));
  EXPECT_EQ(parsed.said, (List{"4:13 extra-words"}));
}

TEST(Parser, LinesOfABlockOfLines) {
  const auto parsed = parse("vrrp_instance A { virtual_ipaddress { 10.0.0.1 dev eth0\n10.0.0.2\n\n} }");
  EXPECT_EQ(parsed.blocks, (List{"vrrp_instance A { virtual_ipaddress { 10.0.0.1 dev eth0; 10.0.0.2; }; }"}));
  EXPECT_TRUE(parsed.said.empty());
}

TEST(Parser, CommandsAreSplitByTheirOwnQuotes) {
  const auto parsed = parse(
      "vrrp_script A { script \"/bin/x 'a b'\" }\nvrrp_script B { script '/bin/x \"{\" #'\n}\n"
      "vrrp_script C {\nscript /bin/x\\ y' z'{ }\ninterval 1 }\n");
  EXPECT_EQ(parsed.blocks,
            (List{"vrrp_script A { script /bin/x 'a b'; }", "vrrp_script B { script /bin/x \"{\"; }",
                  "vrrp_script C { script /bin/x\\ y z; interval 1; }"}));
  EXPECT_EQ(parsed.said, (List{"2:24 unterminated-quote", "5:21 unexpected-open-brace"}));
}

TEST(Parser, SingleQuotesArePlainElsewhere) {
  const auto parsed = parse("vrrp_instance A { interface 'a b' }\n");
  EXPECT_EQ(parsed.blocks, (List{"vrrp_instance A { interface 'a b'; }"}));
  EXPECT_EQ(parsed.said, (List{"1:32 extra-words"}));
}

TEST(Parser, AnUnknownWordGoesWithItsBlock) {
  const auto parsed = parse("foo { bar { } }\nvrrp_instance A { baz\n{ state MASTER\n} state BACKUP }");
  EXPECT_EQ(parsed.blocks, (List{"vrrp_instance A { state BACKUP; }"}));
  EXPECT_EQ(parsed.said, (List{"1:1 unknown-block", "2:19 unknown-block"}));
}

TEST(Parser, AKnownWordWithoutABlockLosesTheOneItIsGiven) {
  const auto parsed = parse("vrrp_instance A { priority 5 { state MASTER } state BACKUP }");
  EXPECT_EQ(parsed.blocks, (List{"vrrp_instance A { priority 5; state BACKUP; }"}));
  EXPECT_EQ(parsed.said, (List{"1:30 unexpected-open-brace"}));
}

TEST(Parser, AMissingArgumentCostsTheStatement) {
  const auto parsed = parse("vrrp_instance { priority 5 }\nvrrp_instance A { priority\n state BACKUP }");
  EXPECT_EQ(parsed.blocks, (List{"vrrp_instance A { state BACKUP; }"}));
  EXPECT_EQ(parsed.said, (List{"1:1 missing-argument", "2:19 missing-argument"}));
}

TEST(Parser, BracesAtTheTop) {
  const auto parsed = parse("}\n{ state MASTER { } }\nglobal_defs { }\n}\n");
  EXPECT_EQ(parsed.blocks, (List{"global_defs { }"}));
  EXPECT_EQ(parsed.said,
            (List{"1:1 unexpected-close-brace", "2:1 unexpected-open-brace", "4:1 unexpected-close-brace"}));
}

TEST(Parser, AForgottenOpeningBraceIsAddedWhereItMakesSense) {
  EXPECT_EQ(parse("vrrp_instance A\nstate BACKUP\n}\n").blocks, (List{"vrrp_instance A { state BACKUP; }"}));
  EXPECT_EQ(parse("vrrp_instance A {\nvirtual_ipaddress\n10.0.0.1\n}\n}\n").blocks,
            (List{"vrrp_instance A { virtual_ipaddress { 10.0.0.1; }; }"}));
  // `interface` is a word of the instance itself, so authentication is just empty.
  const auto parsed = parse("vrrp_instance A {\nauthentication\ninterface eth0\n}\n");
  EXPECT_EQ(parsed.blocks, (List{"vrrp_instance A { interface eth0; }"}));
  EXPECT_EQ(parsed.said, (List{"2:1 missing-open-brace"}));
  EXPECT_TRUE(parse("vrrp_instance A").blocks.empty());
}

TEST(Parser, AForgottenClosingBraceCostsOneMessage) {
  const auto parsed = parse(
      "virtual_server 10.0.0.1 80 {\n real_server 10.0.0.2 80 {\n  TCP_CHECK {\n retry 1\n real_server "
      "10.0.0.3 80 {\n }\n"
      "virtual_server 10.0.0.2 80 {\n}\n");
  EXPECT_EQ(parsed.blocks,
            (List{"virtual_server 10.0.0.1 80 { real_server 10.0.0.2 80 { TCP_CHECK { retry 1; }; }; "
                  "real_server 10.0.0.3 80 { }; }",
                  "virtual_server 10.0.0.2 80 { }"}));
  EXPECT_EQ(parsed.said, (List{"5:2 missing-close-brace", "7:1 missing-close-brace"}));
}

TEST(Parser, ABlockThatIsPassedOverEndsBeforeTheNextOne) {
  const auto parsed = parse("vrrp_scripts x {\n script \"/a\"\nglobal_defs {\n router_id a }\n");
  EXPECT_EQ(parsed.blocks, (List{"global_defs { router_id a; }"}));
  EXPECT_EQ(parsed.said, (List{"1:1 unknown-block", "3:1 missing-close-brace"}));
}

TEST(Parser, TheEndOfTheTextClosesWhatIsOpen) {
  const auto parsed = parse("vrrp_instance A {\n state BACKUP\n virtual_ipaddress {\n 10.0.0.1");
  EXPECT_EQ(parsed.blocks, (List{"vrrp_instance A { state BACKUP; virtual_ipaddress { 10.0.0.1; }; }"}));
  EXPECT_EQ(parsed.said, (List{"3:2 missing-close-brace"}));
  // One message, although two blocks are open.
  EXPECT_EQ(parse("vrrp_instance A {\n unicast_peers {\n 10.0.0.1").said,
            (List{"2:2 unknown-block", "2:2 missing-close-brace"}));
}

}  // namespace
}  // namespace hald::config
