// SPDX-License-Identifier: Apache-2.0
// Whatever a checked server answers is judged without harm, and the same however the octets arrive.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "checker/core/dns_exchange.h"
#include "checker/core/http_dialogue.h"
#include "checker/core/ping_exchange.h"
#include "checker/core/smtp_dialogue.h"
#include "checker/core/udp_exchange.h"

namespace {

using namespace hald::checker;

std::unique_ptr<Dialogue> make(bool http) {
  if (!http) return std::make_unique<SmtpDialogue>("me");
  hald::config::HttpUrl url;
  url.status = {{200, 299}};
  url.digest.emplace();
  url.regex.emplace().pattern = "a.c";
  return std::make_unique<HttpDialogue>("GET", url);
}

Outcome talk(bool http, std::string_view answer, std::size_t piece) {
  const auto dialogue = make(http);
  (void)dialogue->begin();
  while (!answer.empty()) {
    if (const auto turn = dialogue->received(answer.substr(0, piece)); turn.verdict) return *turn.verdict;
    answer.remove_prefix(std::min(piece, answer.size()));
  }
  return dialogue->ended(End::Closed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view answer(reinterpret_cast<const char*>(data), size);
  for (const bool http : {true, false}) {
    const Outcome whole = talk(http, answer, answer.size() + 1);
    if (!(talk(http, answer, 1) == whole) || !(talk(http, answer, 7) == whole)) std::abort();
  }
  const Exchange::Bytes bytes(data, size);
  hald::config::UdpCheck udp;
  udp.require_reply = true;
  udp.reply = {1, 2, 3};
  udp.ignored = {0, 0x0f, 0};
  (void)UdpExchange(udp).received(bytes);
  (void)DnsExchange({}, 0x1234).received(bytes);
  (void)PingExchange(hald::Family::IPv4, 1).received(bytes);
  (void)PingExchange(hald::Family::IPv6, 1).received(bytes);
  return 0;
}
