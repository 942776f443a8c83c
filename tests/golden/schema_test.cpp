// SPDX-License-Identifier: Apache-2.0
// The language as `hald --schema` prints it, against the list that is kept in schema.tsv: block, keyword,
// whether it has an effect. A word that comes, goes or gains its effect shows here. HALD_UPDATE_GOLDEN=1
// writes the list: read the difference. Where keepalived's words are known, none of them may be missing.
#include "config/schema.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hald::config {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const fs::path kList = fs::path(HALD_SOURCE_DIR) / "tests/golden/schema.tsv";
const fs::path kReference = fs::path(HALD_SOURCE_DIR) / "../shared/reference/keywords.tsv";

std::string text(const json::value& row, std::string_view member) {
  return std::string(row.at(member).as_string());
}

json::array rows() {
  return json::parse(schema_json()).as_array();
}

TEST(Schema, IsTheListThatIsKept) {
  std::string now;
  for (const json::value& row : rows()) {
    now += fmt::format("{}\t{}\t{}\n", text(row, "block"), text(row, "keyword"),
                       row.as_object().contains("needless") ? "needless"
                       : row.at("effect").as_bool()         ? "true"
                                                            : "false");
  }
  if (std::getenv("HALD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(kList, std::ios::binary) << now;
    return;
  }
  std::ostringstream kept;
  kept << std::ifstream(kList, std::ios::binary).rdbuf();
  EXPECT_EQ(now, kept.str());
}

TEST(Schema, EveryRowIsComplete) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const json::value& row : rows()) {
    SCOPED_TRACE(json::serialize(row));
    const bool needless = row.as_object().contains("needless");
    EXPECT_EQ(row.as_object().size(), needless ? 9U : 8U);
    if (needless) {
      EXPECT_TRUE(row.at("effect").as_bool()) << "nothing is to come";
      EXPECT_FALSE(text(row, "needless").ends_with('.')) << "a clause";
    }
    for (const auto* member : {"block", "keyword", "args", "unit", "default", "range", "help"})
      EXPECT_TRUE(row.at(member).is_string()) << member;
    EXPECT_TRUE(row.at("effect").is_bool());
    EXPECT_TRUE(text(row, "help").ends_with('.'));
    EXPECT_TRUE(seen.insert({text(row, "block"), text(row, "keyword")}).second);
  }
}

TEST(Schema, HasEveryWordOfKeepalived) {
  std::ifstream in(kReference);
  if (!in) GTEST_SKIP() << "no list of keepalived's words at " << kReference;
  std::set<std::pair<std::string, std::string>> known;
  for (const json::value& row : rows()) known.insert({text(row, "block"), text(row, "keyword")});
  std::string line;
  std::getline(in, line);  // the heading
  std::size_t count = 0;
  while (std::getline(in, line)) {
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    ASSERT_NE(second, std::string::npos) << line;
    const std::string block = line.substr(0, first);
    const std::string keyword = line.substr(first + 1, second - first - 1);
    EXPECT_TRUE(known.contains({block, keyword})) << block << ": " << keyword;
    ++count;
  }
  EXPECT_GT(count, 0U);
}

}  // namespace
}  // namespace hald::config
