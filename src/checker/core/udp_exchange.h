// SPDX-License-Identifier: Apache-2.0
// UdpExchange: UDP_CHECK. A payload goes out; a refusal fails, and unless a reply is required silence passes.
#pragma once

#include <string>

#include "checker/core/exchange.h"
#include "config/model_check.h"

namespace hald::checker {

class UdpExchange final : public Exchange {
 public:
  explicit UdpExchange(config::UdpCheck check) : check_(std::move(check)) {}

  [[nodiscard]] std::vector<std::uint8_t> request() const override;
  [[nodiscard]] std::optional<Outcome> received(Bytes bytes) override;
  [[nodiscard]] bool silence_passes() const override { return !check_.require_reply; }

 private:
  config::UdpCheck check_;
};

}  // namespace hald::checker
