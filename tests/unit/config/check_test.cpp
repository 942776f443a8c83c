// SPDX-License-Identifier: Apache-2.0
// Exit statuses, and what keepalived would read differently.
#include "config/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/compat.h"

namespace hald::config {
namespace {

using testing::HasSubstr;

Loaded with(Verdict verdict, bool readable = true) {
  Loaded out;
  out.diagnostics.raise(verdict);
  out.readable = readable;
  return out;
}

TEST(Check, ItsStatusIsThatOfTheGravest) {
  EXPECT_EQ(status_of(with(Verdict::Clean)), 0);
  EXPECT_EQ(status_of(with(Verdict::Complaint, false)), 4);
  EXPECT_EQ(status_of(with(Verdict::Complaint)), 5);
  EXPECT_EQ(status_of(with(Verdict::Security)), 6);
}

TEST(Check, WarningsThatKeepalivedSharesCount) {
  Loaded loaded;
  loaded.diagnostics.warning({}, "w", "x");
  EXPECT_EQ(status_of(loaded), 0);
  loaded.diagnostics.warning({}, "w", "y").as_keepalived();
  EXPECT_EQ(status_of(loaded), 5);
  EXPECT_FALSE(loaded.diagnostics.has_errors());
  loaded.diagnostics.warning({}, "w", "z").as_security();
  EXPECT_EQ(status_of(loaded), 6);
}

TEST(Check, SeveralFilesMakeOneReport) {
  const auto report = check_files({"/no/such/file", "/no/such/other"}, {}, Format::Gcc, false);
  EXPECT_EQ(report.status, 4);
  EXPECT_EQ(report.text,
            "/no/such/file:1:1: error: the configuration file does not exist [unreadable]\n"
            "/no/such/other:1:1: error: the configuration file does not exist [unreadable]\n");
}

TEST(Compat, LeavesWhatKeepalivedReadsDifferently) {
  auto loaded = load_text("vrrp_instance A {\n nonsense\n nonsense {\n }\n}\n", "t");
  keep_differences(loaded.diagnostics);
  ASSERT_EQ(loaded.diagnostics.all().size(), 1U);
  EXPECT_EQ(loaded.diagnostics.count(Severity::Error), 1U);
  EXPECT_EQ(status_of(loaded), 5) << "the verdict is still that of the whole file";
  const std::string text = report(loaded.diagnostics);
  EXPECT_THAT(text, HasSubstr("error[unknown-block]"));
  EXPECT_THAT(text, HasSubstr("  = note: keepalived: It ignores the word and the opening brace"));
}

TEST(Compat, NamesWordsOfHaldsOwnWhenAsked) {
  const std::string text =
      "virtual_server 10.0.0.3 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server 10.0.0.7 80 {\n"
      "  TCP_CHECK {\n nb_get_retry 3\n }\n }\n}\n";
  LoadOptions options;
  EXPECT_EQ(report(load_text(text, "t", options).diagnostics).find("own-word"), std::string::npos);
  options.note_own_words = true;
  EXPECT_THAT(report(load_text(text, "t", options).diagnostics),
              HasSubstr("note[own-word]: keepalived does not know `nb_get_retry` in TCP_CHECK"));
}

}  // namespace
}  // namespace hald::config
