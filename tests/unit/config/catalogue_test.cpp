// SPDX-License-Identifier: Apache-2.0
// The catalogue of diagnostics agrees with codes.h, and its examples do what they say.
#include "config/catalogue.h"

#include <fstream>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "config/load.h"
#include "config/render.h"

namespace hald::config {
namespace {

std::set<std::string> codes_of_the_header() {
  // Not std::regex: g++ 12 warns of uninitialized members inside it under the sanitizers.
  std::ifstream header(std::string(HALD_SOURCE_DIR) + "/src/config/codes.h");
  std::set<std::string> out;
  for (std::string line; std::getline(header, line);) {
    const auto open = line.find('"');
    const auto close = line.rfind('"');
    if (line.find("string_view k") == std::string::npos || open == close) {
      continue;
    }
    const auto code = line.substr(open + 1, close - open - 1);
    EXPECT_TRUE(out.insert(code).second) << code << " is there twice";
  }
  return out;
}

TEST(Catalogue, HasEveryCodeAndNoOther) {
  const auto known = codes_of_the_header();
  EXPECT_GT(known.size(), 50U);
  std::set<std::string> explained;
  for (const Explanation& each : catalogue())
    EXPECT_TRUE(explained.insert(std::string(each.code)).second) << each.code << " is explained twice";
  for (const auto& code : known) EXPECT_TRUE(explained.contains(code)) << code << " is not explained";
  for (const auto& code : explained) EXPECT_TRUE(known.contains(code)) << code << " is no code";
}

TEST(Catalogue, SaysEverythingInSentences) {
  for (const Explanation& each : catalogue()) {
    SCOPED_TRACE(std::string(each.code));
    EXPECT_FALSE(each.title.empty() || each.title.ends_with('.'));
    for (const auto text : {each.meaning, each.why, each.keepalived})
      EXPECT_TRUE(text.ends_with('.') || text.ends_with('?')) << text;
    EXPECT_FALSE(each.bad.empty());
    EXPECT_NE(each.bad, each.mended);
    EXPECT_EQ(explain(each.code), &each);
  }
  EXPECT_EQ(explain("no-such-code"), nullptr);
}

bool says(const Loaded& loaded, std::string_view code) {
  for (const Diagnostic& each : loaded.diagnostics.all()) {
    if (each.code == code) return true;
  }
  return false;
}

TEST(Catalogue, ItsExamplesDoWhatTheySay) {
  for (const Explanation& each : catalogue()) {
    if (each.around == Around::NotText) continue;
    SCOPED_TRACE(std::string(each.code));
    const auto bad = load_text(whole_file(each.around, each.bad), "bad");
    EXPECT_TRUE(says(bad, each.code)) << report(bad.diagnostics);
    const auto mended = load_text(whole_file(each.around, each.mended), "mended");
    EXPECT_FALSE(says(mended, each.code)) << report(mended.diagnostics);
    EXPECT_FALSE(mended.diagnostics.has_errors()) << report(mended.diagnostics);
  }
}

}  // namespace
}  // namespace hald::config
