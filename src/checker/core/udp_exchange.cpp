// SPDX-License-Identifier: Apache-2.0
#include "checker/core/udp_exchange.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace hald::checker {
namespace {

constexpr std::string_view kPayload = "hald checks whether you are here";

Outcome passed(std::size_t size) {
  return {Layer::Application, Kind::Passed, {}, fmt::format("a reply of {} bytes", size)};
}
Outcome failed(std::string text) {
  return {Layer::Application, Kind::BadContent, {}, std::move(text)};
}

}  // namespace

std::vector<std::uint8_t> UdpExchange::request() const {
  if (!check_.payload.empty()) return check_.payload;
  return {kPayload.begin(), kPayload.end()};
}

std::optional<Outcome> UdpExchange::received(Bytes bytes) {
  // compat: without octets to compare any reply will do, whatever its length.
  if (!check_.require_reply || check_.reply.empty()) return passed(bytes.size());
  if (bytes.size() < check_.min_reply || bytes.size() > check_.max_reply)
    return failed(fmt::format("a reply of {} bytes", bytes.size()));
  // compat: of a shorter reply, what there is is compared.
  const std::size_t size = std::min(bytes.size(), check_.reply.size());
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned ignored = check_.ignored.empty() ? 0U : check_.ignored[i];
    if (((static_cast<unsigned>(bytes[i]) ^ check_.reply[i]) & ~ignored & 0xffU) != 0)
      return failed(fmt::format("byte {} of the reply is {:02x}", i, bytes[i]));
  }
  return passed(bytes.size());
}

}  // namespace hald::checker
