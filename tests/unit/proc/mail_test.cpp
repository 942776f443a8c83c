// SPDX-License-Identifier: Apache-2.0
#include "proc/mail.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "proc/mail_encoding.h"

namespace hald::proc {
namespace {

using Object = NotifyObject;
using State = NotifyState;

TEST(MailTextTest, SubjectsAreKeepalivedsOwn) {
  EXPECT_EQ(vrrp_mail("lvs1", Object::Instance, "VI_1", State::Master),
            (Mail{"[lvs1] VRRP Instance VI_1 - Entering MASTER state",
                  "=> VRRP Instance is now owning VRRP VIPs <="}));
  EXPECT_EQ(vrrp_mail("lvs1", Object::Group, "VG_1", State::Fault)->subject,
            "[lvs1] VRRP Group VG_1 - Entering FAULT state");
  EXPECT_EQ(vrrp_mail("lvs1", Object::Instance, "VI_1", State::Backup)->subject,
            "[lvs1] VRRP Instance VI_1 - Entering BACKUP state");
  EXPECT_EQ(vrrp_mail("lvs1", Object::Instance, "VI_1", State::Stop)->subject,
            "[lvs1] VRRP Instance VI_1 - Stopping");
  EXPECT_EQ(vrrp_mail("lvs1", Object::Instance, "VI_1", State::Deleted)->subject,
            "[lvs1] VRRP Instance VI_1 - Deleted");
  EXPECT_EQ(vrrp_mail("lvs1", Object::Group, "VG_1", State::Stop)->subject,
            "[lvs1] VRRP Group VG_1 - Stopping");
  EXPECT_EQ(real_server_mail("lvs1", "[10.0.0.9]:tcp:80", "[10.0.0.1]:tcp:80", false, "why"),
            (Mail{"[lvs1] Realserver [10.0.0.9]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - DOWN", "why"}));
  EXPECT_EQ(virtual_server_mail("lvs1", "[10.0.0.1]:tcp:80", true, "why"),
            (Mail{"[lvs1] Virtualserver [10.0.0.1]:tcp:80 - UP", "why"}));
  EXPECT_EQ(virtual_server_mail("", "FWM 7", true, "").subject, "Virtualserver FWM 7 - UP");
  EXPECT_EQ(check_body("TCP CHECK", false), "=> TCP CHECK failed on service <=");
  EXPECT_EQ(check_body("TCP CHECK", true), "=> TCP CHECK succeed on service <=");
}

TEST(MailTextTest, EventsAreNoMail) {
  for (const State state : {State::MasterRxLowerPri, State::MasterPriority, State::BackupPriority})
    EXPECT_FALSE(vrrp_mail("lvs1", Object::Instance, "VI_1", state));
  EXPECT_FALSE(vrrp_mail("lvs1", Object::Group, "VG_1", State::Deleted));
}

TEST(MailboxTest, TakesWhatKeepalivedTakes) {
  EXPECT_EQ(parse_mailbox("ops@example.com"), (Mailbox{"", "ops@example.com"}));
  EXPECT_EQ(parse_mailbox("root"), (Mailbox{"", "root"}));
  EXPECT_EQ(parse_mailbox("  <ops@example.com> "), (Mailbox{"", "ops@example.com"}));
  EXPECT_EQ(parse_mailbox("Lab Ops <ops@example.com>"), (Mailbox{"Lab Ops", "ops@example.com"}));
  EXPECT_EQ(parse_mailbox("\"Ops, \\\"Lab\\\"\" <ops@example.com>"),
            (Mailbox{"Ops, \"Lab\"", "ops@example.com"}));
}

TEST(MailboxTest, RefusesWhatIsNoAddress) {
  for (const char* text : {"", " ", "<>", "x>", "a b@c", "a@b\r\nBcc: c@d", "a@b>\r\n<c@d", "<a@b", "a@b,c@d",
                           "a<b>@c", "\xc3\xa4@b", "Lab <a@b> <c d>"})
    EXPECT_FALSE(parse_mailbox(text)) << text;
  EXPECT_FALSE(parse_mailbox(std::string(255, 'x')));
}

TEST(MailDateTest, SpeaksEnglishWhateverTheLocale) {
  const WallTime date{std::chrono::seconds(1'614'588'248)};
  EXPECT_EQ(mail_date(date, {}), "Mon, 01 Mar 2021 08:44:08 +0000");
  EXPECT_EQ(mail_date(date, std::chrono::hours(1)), "Mon, 01 Mar 2021 09:44:08 +0100");
  EXPECT_EQ(mail_date(date, -std::chrono::minutes(570)), "Sun, 28 Feb 2021 23:14:08 -0930");
}

TEST(MailHeaderTest, PlainTextStaysAsItIs) {
  EXPECT_EQ(text_header("Subject", "[lvs1] VRRP Instance VI_1 - Stopping"),
            "Subject: [lvs1] VRRP Instance VI_1 - Stopping\r\n");
  EXPECT_EQ(text_header("Subject", ""), "Subject: \r\n");
}

TEST(MailHeaderTest, LongTextIsFolded) {
  EXPECT_EQ(text_header("Subject",
                        "[lvs1] Realserver [2001:db8::1234]:tcp:8080 of virtual server "
                        "[2001:db8:ffff::1]:tcp:8080 - DOWN"),
            "Subject: [lvs1] Realserver [2001:db8::1234]:tcp:8080 of virtual server\r\n"
            " [2001:db8:ffff::1]:tcp:8080 - DOWN\r\n");
}

TEST(MailHeaderTest, ForeignTextIsEncodedInWholeCharacters) {
  EXPECT_EQ(text_header("Subject", "gr\xc3\xbc\xc3\x9f"), "Subject: =?utf-8?B?Z3LDvMOf?=\r\n");
  std::string umlauts;
  for (int i = 0; i < 30; ++i) umlauts += "\xc3\xbc";
  EXPECT_EQ(text_header("Subject", 'x' + umlauts),
            "Subject: =?utf-8?B?eMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7w=?=\r\n"
            " =?utf-8?B?w7zDvMO8w7zDvMO8w7zDvMO8w7w=?=\r\n");
  EXPECT_EQ(text_header("Subject", "=?utf-8?B?eA==?="), "Subject: =?utf-8?B?PT91dGYtOD9CP2VBPT0/PQ==?=\r\n")
      << "text that looks encoded is not taken for it";
}

TEST(MailHeaderTest, NothingBecomesAnotherHeader) {
  EXPECT_EQ(text_header("Subject", "a\r\nBcc: evil@example.com\n\n\x01x"),
            "Subject: a Bcc: evil@example.com x\r\n");
  EXPECT_EQ(text_header("Subject", "\r\n\r\n"), "Subject: \r\n");
}

TEST(MailHeaderTest, NamesAreQuotedAsNeeded) {
  EXPECT_EQ(display_name("Lab Ops"), "Lab Ops");
  EXPECT_EQ(display_name("Ops, \"Lab\""), "\"Ops, \\\"Lab\\\"\"");
  EXPECT_EQ(display_name("J\xc3\xbcrgen"), "=?utf-8?B?SsO8cmdlbg==?=");
  EXPECT_EQ(display_name("a\r\nb"), "a b");
}

/// What must hold for a header of anything: short lines, each but the first beginning with a space and more
/// than that, no octet outside of printable ASCII.
void expect_sound_header(const std::string& header, const std::string& seed) {
  ASSERT_TRUE(header.ends_with("\r\n")) << seed;
  std::size_t from = 0;
  while (from < header.size()) {
    const auto end = header.find("\r\n", from);
    const auto line = header.substr(from, end - from);
    EXPECT_LE(line.size(), 998U) << seed;
    EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; })) << seed;
    if (from > 0) {
      EXPECT_TRUE(line.size() > 1 && line[0] == ' ' && line[1] != ' ') << seed << ": " << line;
    }
    from = end + 2;
  }
}

TEST(MailHeaderTest, RandomTextMakesSoundHeaders) {
  constexpr unsigned kSeed = 20240;
  std::mt19937 random(kSeed);
  const std::string alphabet = std::string("ab  \r\n\t=?:;\"\\\xc3\xbc\xff\x7f", 17) + '\0';
  for (int i = 0; i < 3'000; ++i) {
    std::string text(random() % (i % 50 == 0 ? 3'000 : 200), ' ');
    for (auto& c : text) c = alphabet[random() % alphabet.size()];
    if (i % 3 == 0)
      std::replace_if(
          text.begin(), text.end(), [](char c) { return c < ' '; }, 'x');
    expect_sound_header(text_header("Subject", text), "seed 20240, text " + std::to_string(i));
  }
  expect_sound_header(text_header("Subject", std::string(5'000, 'x')), "one long word");
  expect_sound_header(text_header("Subject", std::string(5'000, ' ') + 'x'), "spaces");
}

TEST(MailBodyTest, PlainLinesGetTheirEnds) {
  const auto body = encode_body("one\ntwo\r\n\rfour");
  EXPECT_EQ(body.encoding, "7bit");
  EXPECT_EQ(body.text, "one\r\ntwo\r\n\r\nfour\r\n");
  EXPECT_EQ(encode_body("").text, "");
  EXPECT_EQ(encode_body("x\n").text, "x\r\n");
}

TEST(MailBodyTest, OtherTextIsQuotedPrintable) {
  const auto body = encode_body("gr\xc3\xbc\xc3\x9f = x \n\ttab");
  EXPECT_EQ(body.encoding, "quoted-printable");
  EXPECT_EQ(body.text, "gr=C3=BC=C3=9F =3D x=20\r\n=09tab\r\n");
  const auto longest = encode_body(std::string(3'000, 'x'));
  EXPECT_EQ(longest.encoding, "quoted-printable");
  for (std::size_t from = 0; from < longest.text.size();) {
    const auto end = longest.text.find("\r\n", from);
    EXPECT_LE(end - from, 76U);
    from = end + 2;
  }
}

TEST(MailComposeTest, AWholeMail) {
  MailHead head;
  head.from = {"Keepalived, lab", "lvs@example.com"};
  head.to = {{"", "a@example.com"}, {"B", "b@example.com"}};
  head.date = WallTime{std::chrono::seconds(1'614'588'248)};
  head.message_id = "1.2@lvs1";
  EXPECT_EQ(compose({"[lvs1] x\nInjected: y", "=> body <=\n.\n"}, head),
            "Date: Mon, 01 Mar 2021 08:44:08 +0000\r\n"
            "From: \"Keepalived, lab\" <lvs@example.com>\r\n"
            "Subject: [lvs1] x Injected: y\r\n"
            "X-Mailer: Keepalived\r\n"
            "To: a@example.com,\r\n"
            " B <b@example.com>\r\n"
            "Message-ID: <1.2@lvs1>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 7bit\r\n"
            "\r\n"
            "=> body <=\r\n"
            ".\r\n");
}

}  // namespace
}  // namespace hald::proc
