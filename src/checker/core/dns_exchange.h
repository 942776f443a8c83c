// SPDX-License-Identifier: Apache-2.0
// DnsExchange: DNS_CHECK. One question; an answer to it without an error code passes, whatever is in it.
#pragma once

#include "checker/core/exchange.h"
#include "config/model_check.h"

namespace hald::checker {

class DnsExchange final : public Exchange {
 public:
  /// `id` ought to be hard to guess.
  DnsExchange(const config::DnsCheck& check, std::uint16_t id);

  [[nodiscard]] std::vector<std::uint8_t> request() const override { return request_; }
  [[nodiscard]] std::optional<Outcome> received(Bytes bytes) override;

 private:
  std::uint16_t id_;
  std::vector<std::uint8_t> request_;
};

}  // namespace hald::checker
