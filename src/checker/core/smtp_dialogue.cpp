// SPDX-License-Identifier: Apache-2.0
#include "checker/core/smtp_dialogue.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "checker/core/text.h"

namespace hald::checker {
namespace {

/// Far more than any server says at once; one that goes on and on is not waited for.
constexpr std::size_t kLongestReply = 16384;

struct Line {
  unsigned code = 0;
  bool last = true;
};

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

/// Three digits, and then nothing, a blank, or a hyphen if more lines follow.
std::optional<Line> parse(std::string_view line) {
  if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit)) return {};
  if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return {};
  Line out;
  for (const char digit : line.substr(0, 3)) out.code = out.code * 10 + static_cast<unsigned>(digit - '0');
  out.last = line.size() == 3 || line[3] == ' ';
  return out;
}

}  // namespace

Dialogue::Turn SmtpDialogue::received(std::string_view bytes) {
  Turn out;
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto part = bytes.substr(0, end);
    reply_size_ += part.size() + 1;
    if (reply_size_ > kLongestReply) return fail(Kind::BadReply, "more than it should say");
    line_ += part;
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
    if (line_.ends_with('\r')) line_.pop_back();
    const std::string line = std::exchange(line_, {});
    auto turn = take_line(line);
    if (!turn) continue;
    out.send += turn->send;
    out.verdict = std::move(turn->verdict);
    if (out.verdict) break;
  }
  return out;
}

/// Nothing while more lines of the reply are to come.
std::optional<Dialogue::Turn> SmtpDialogue::take_line(std::string_view line) {
  // compat: whatever the answer to QUIT is, the server answered.
  if (step_ == Step::Quit) return Turn{{}, answered(Kind::Passed, "answered as it should")};
  const auto parsed = parse(line);
  if (!parsed || (code_ && *code_ != parsed->code)) return fail(Kind::BadReply, line);
  code_ = parsed->code;
  if (!parsed->last) return {};
  code_.reset();
  reply_size_ = 0;
  return replied(line, parsed->code);
}

Dialogue::Turn SmtpDialogue::replied(std::string_view line, unsigned code) {
  constexpr unsigned kReady = 220;
  constexpr unsigned kDone = 250;
  if (code != (step_ == Step::Greeting ? kReady : kDone)) return fail(Kind::BadStatus, line);
  if (step_ == Step::Greeting) {
    step_ = Step::Helo;
    return {fmt::format("HELO {}\r\n", helo_name_), {}};
  }
  step_ = Step::Quit;
  return {"QUIT\r\n", {}};
}

Dialogue::Turn SmtpDialogue::fail(Kind kind, std::string_view line) const {
  return {{}, answered(kind, fmt::format("{} is \"{}\"", awaited(), printable(line)))};
}

Outcome SmtpDialogue::ended(End) {
  return answered(Kind::BadReply, fmt::format("the connection ended before {}", awaited()));
}

std::string_view SmtpDialogue::awaited() const {
  switch (step_) {
    case Step::Greeting: return "the greeting";
    case Step::Helo: return "the answer to HELO";
    case Step::Quit: break;
  }
  return "the answer to QUIT";
}

}  // namespace hald::checker
