// SPDX-License-Identifier: Apache-2.0
#include "proc/smtp_alert.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_mail_transport.h"
#include "fakes/manual_scheduler.h"

namespace hald::proc {
namespace {

using std::chrono::seconds;

class SmtpAlertTest : public testing::Test {
 protected:
  SmtpAlertTest() { alert_.configure(settings()); }

  static SmtpSettings settings(const std::string& host = "mail") {
    SmtpSettings out;
    out.server.host = host;
    out.server.helo_name = "lvs1.example.com";
    out.from = {"", "lvs@example.com"};
    out.to = {{"A", "a@example.com"}, {"", "b@example.com"}};
    return out;
  }
  void send(const std::string& subject) { alert_.send({subject, "body"}); }
  [[nodiscard]] bool newest_is(const std::string& subject) const {
    return transport_.mails.back().letter.text.find("\r\nSubject: " + subject + "\r\n") != std::string::npos;
  }

  fakes::ManualScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Info};
  fakes::FakeMailTransport transport_;
  SmtpAlert alert_{transport_, scheduler_, logger_};
};

TEST_F(SmtpAlertTest, SendsOneAfterTheOther) {
  send("one");
  send("two");
  ASSERT_EQ(transport_.mails.size(), 1U);
  const auto& letter = transport_.mails[0].letter;
  EXPECT_EQ(letter.from, "lvs@example.com");
  EXPECT_EQ(letter.to, (std::vector<std::string>{"a@example.com", "b@example.com"}));
  EXPECT_NE(letter.text.find("\r\nTo: A <a@example.com>,\r\n b@example.com\r\n"), std::string::npos);
  EXPECT_NE(letter.text.find("@lvs1.example.com>\r\n"), std::string::npos);
  transport_.accept();
  ASSERT_EQ(transport_.mails.size(), 2U);
  EXPECT_TRUE(newest_is("two"));
  EXPECT_FALSE(alert_.idle());
  transport_.accept();
  EXPECT_TRUE(alert_.idle());
  EXPECT_EQ(alert_.counters().sent, 2U);
  EXPECT_TRUE(sink_.entries.empty());
}

TEST_F(SmtpAlertTest, TriesAgainAfterGrowingPauses) {
  send("one");
  for (const int pause : {5, 10, 20, 40, 80, 160, 300}) {
    const auto tries = transport_.mails.size();
    transport_.refuse(false, "connection refused");
    scheduler_.advance(seconds(pause) - std::chrono::milliseconds(1));
    EXPECT_EQ(transport_.mails.size(), tries);
    scheduler_.advance(std::chrono::milliseconds(1));
    EXPECT_EQ(transport_.mails.size(), tries + 1);
    EXPECT_TRUE(newest_is("one"));
  }
  EXPECT_EQ(transport_.mails.size(), SmtpAlert::kMaxTries);
  send("two");
  transport_.refuse(false, "connection refused");
  EXPECT_TRUE(newest_is("two")) << "the first one is given up";
  EXPECT_EQ(alert_.counters().failed, 1U);
  EXPECT_EQ(alert_.counters().retries, 7U);
  EXPECT_TRUE(sink_.contains("Mail \"one\" could not be sent: connection refused"));
}

TEST_F(SmtpAlertTest, TheSameMailKeepsItsDateAndItsName) {
  send("one");
  transport_.refuse(false);
  scheduler_.advance(seconds(5));
  EXPECT_EQ(transport_.mails[0].letter.text, transport_.mails[1].letter.text);
  transport_.accept();
  send("one");
  EXPECT_NE(transport_.mails[2].letter.text, transport_.mails[1].letter.text);
}

TEST_F(SmtpAlertTest, WhatIsRefusedForGoodIsNotTriedAgain) {
  send("one");
  send("two");
  transport_.refuse(true, "550 no such user");
  EXPECT_TRUE(newest_is("two"));
  EXPECT_EQ(alert_.counters().failed, 1U);
  EXPECT_TRUE(sink_.contains("Mail \"one\" is given up: 550 no such user"));
}

TEST_F(SmtpAlertTest, FailuresAreLoggedAtALimitedRate) {
  for (int i = 0; i < 20; ++i) {
    send("mail");
    transport_.refuse(true);
  }
  EXPECT_EQ(sink_.entries.size(), 1U);
}

TEST_F(SmtpAlertTest, TheNewestWaitAndTheOldestMakeRoom) {
  for (std::size_t i = 0; i < 150; ++i) send("mail " + std::to_string(i));
  EXPECT_EQ(alert_.waiting(), SmtpAlert::kMaxWaiting);
  EXPECT_EQ(alert_.counters().dropped, 50U);
  EXPECT_TRUE(newest_is("mail 0")) << "it is under way";
  transport_.refuse(false);
  send("mail 150");
  EXPECT_EQ(alert_.waiting(), SmtpAlert::kMaxWaiting);
  scheduler_.advance(seconds(5));
  EXPECT_TRUE(newest_is("mail 51")) << "while it waits for its next try it makes room as well";
}

TEST_F(SmtpAlertTest, WithoutRecipientsThereAreNoMails) {
  send("one");
  send("two");
  auto none = settings();
  none.to.clear();
  alert_.configure(none);
  EXPECT_FALSE(transport_.busy()) << "abandoned";
  EXPECT_TRUE(alert_.idle());
  send("three");
  EXPECT_EQ(transport_.mails.size(), 1U);
}

TEST_F(SmtpAlertTest, ANewServerIsTriedAtOnce) {
  send("one");
  transport_.refuse(false);
  alert_.configure(settings());
  EXPECT_EQ(transport_.mails.size(), 1U) << "it is the same one";
  alert_.configure(settings("other"));
  ASSERT_EQ(transport_.mails.size(), 2U);
  EXPECT_EQ(transport_.mails[1].server.host, "other");
  transport_.accept();
  scheduler_.advance(seconds(600));
  EXPECT_EQ(transport_.mails.size(), 2U) << "the old try is off";
}

TEST_F(SmtpAlertTest, AStrangeHeloNameGetsNowhere) {
  auto strange = settings();
  strange.server.helo_name = "x>\r\nBcc: evil@example.com";
  alert_.configure(strange);
  send("one");
  EXPECT_EQ(transport_.mails.back().letter.text.find("Bcc"), std::string::npos);
}

TEST_F(SmtpAlertTest, DestroyingItAbandonsWhatIsUnderWay) {
  {
    SmtpAlert alert(transport_, scheduler_, logger_);
    alert.configure(settings());
    alert.send({"one", ""});
    EXPECT_TRUE(transport_.busy());
  }
  EXPECT_FALSE(transport_.busy());
  scheduler_.advance(seconds(600));
}

}  // namespace
}  // namespace hald::proc
