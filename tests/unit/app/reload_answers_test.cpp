// SPDX-License-Identifier: Apache-2.0
#include "app/reload_answers.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hald::app {
namespace {

using testing::HasSubstr;

TEST(ReloadAnswers, WhoAsksWaitsForTheReloadThatBeginsAfterwards) {
  ReloadAnswers answers;
  std::string heard;
  const auto early = answers.wait();
  early->await([&] { heard += "early "; });
  answers.begin();
  const auto late = answers.wait();
  late->await([&] { heard += "late "; });
  EXPECT_EQ(heard, "");
  answers.finish("first");
  EXPECT_EQ(heard, "early ");
  EXPECT_FALSE(early->done());
  EXPECT_EQ(early->next(), "first");
  EXPECT_TRUE(early->done());
  answers.begin();
  answers.finish("second");
  EXPECT_EQ(heard, "early late ");
  EXPECT_EQ(late->next(), "second");
}

TEST(ReloadAnswers, WhoHasGoneIsNotAnswered) {
  ReloadAnswers answers;
  bool called = false;
  auto document = answers.wait();
  document->await([&] { called = true; });
  answers.begin();
  document.reset();
  answers.finish("outcome");
  EXPECT_FALSE(called);
}

TEST(ReloadDocument, ShowsTheGravestMessagesFirst) {
  config::Diagnostics diagnostics;
  diagnostics.add_file("f.conf");
  diagnostics.warning({}, "w", "a warning");
  for (int i = 0; i < 7; ++i) diagnostics.error({}, "e", "error " + std::to_string(i));
  const auto root =
      boost::json::parse(reload_document({false, "the file has errors"}, "f.conf", diagnostics));
  EXPECT_FALSE(root.at("applied").as_bool());
  EXPECT_EQ(root.at("reason"), "the file has errors");
  EXPECT_EQ(root.at("changes"), "");
  EXPECT_EQ(root.at("errors"), 7);
  const std::string report(root.at("report").as_string());
  EXPECT_THAT(report, HasSubstr("error[e]: error 4\n"));
  EXPECT_THAT(report, Not(HasSubstr("error 5")));
  EXPECT_THAT(report, Not(HasSubstr("a warning")));
  EXPECT_THAT(report, HasSubstr("7 errors, 1 warning\n"));
}

TEST(ReloadDocument, SaysWhatChanged) {
  const auto root = boost::json::parse(reload_document({true, "nothing changed"}, "f.conf", {}));
  EXPECT_TRUE(root.at("applied").as_bool());
  EXPECT_EQ(root.at("changes"), "nothing changed");
  EXPECT_EQ(root.at("report"), "");
}

}  // namespace
}  // namespace hald::app
