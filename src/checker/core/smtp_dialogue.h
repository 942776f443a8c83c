// SPDX-License-Identifier: Apache-2.0
// SmtpDialogue: SMTP_CHECK. A greeting of 220, HELO answered with 250, QUIT answered with anything.
#pragma once

#include <string>

#include "checker/core/dialogue.h"

namespace hald::checker {

class SmtpDialogue final : public Dialogue {
 public:
  explicit SmtpDialogue(std::string helo_name) : helo_name_(std::move(helo_name)) {}

  [[nodiscard]] Turn begin() override { return {}; }
  [[nodiscard]] Turn received(std::string_view bytes) override;
  [[nodiscard]] Outcome ended(End how) override;
  [[nodiscard]] std::string_view awaited() const override;

 private:
  enum class Step : unsigned char { Greeting, Helo, Quit };
  [[nodiscard]] std::optional<Turn> take_line(std::string_view line);
  [[nodiscard]] Turn replied(std::string_view line, unsigned code);
  [[nodiscard]] Turn fail(Kind kind, std::string_view line) const;

  std::string helo_name_;
  Step step_ = Step::Greeting;
  std::string line_;              ///< what of it has arrived
  std::size_t reply_size_ = 0;    ///< of all lines of this reply
  std::optional<unsigned> code_;  ///< of the lines before, in a reply of several
};

}  // namespace hald::checker
