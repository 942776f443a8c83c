// SPDX-License-Identifier: Apache-2.0
// PingExchange: PING_CHECK. An echo request over a raw socket, which also gets the replies to others:
// identifier, sequence and content tell whose it is.
#pragma once

#include "base/ip.h"
#include "checker/core/exchange.h"

namespace hald::checker {

class PingExchange final : public Exchange {
 public:
  /// `tag` tells this try from all others that are under way.
  PingExchange(Family family, std::uint32_t tag) : family_(family), tag_(tag) {}

  [[nodiscard]] std::vector<std::uint8_t> request() const override;
  [[nodiscard]] std::optional<Outcome> received(Bytes bytes) override;

 private:
  Family family_;
  std::uint32_t tag_;
};

}  // namespace hald::checker
