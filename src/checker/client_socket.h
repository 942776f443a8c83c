// SPDX-License-Identifier: Apache-2.0
// The sockets that checks ask with: where they come from (bindto, bind_port, bind_if), their mark, and what
// an errno says about the target or about this machine.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/ip.h"
#include "base/unique_fd.h"
#include "checker/core/outcome.h"
#include "config/model_check.h"
#include "net/sockaddr.h"

namespace hald::checker {

/// The system's words, in the middle of a sentence.
[[nodiscard]] std::string words_for(int number);

/// This machine cannot ask.
[[nodiscard]] Outcome local_failure(int number, std::string_view doing);

/// What an errno of connect() means. `immediate`: connect() itself returned it; otherwise the socket reported
/// it later, when the packet had left and only the target or the network can have answered.
[[nodiscard]] Outcome connect_failure(int number, bool immediate);

/// A socket that does not block, not connected yet, with source and mark; or why there is none.
[[nodiscard]] std::variant<UniqueFd, Outcome> client_socket(Family family, int type, int protocol,
                                                            const config::CheckSettings& settings);

/// Of the target; a link-local one is on bind_if.
[[nodiscard]] net::SocketAddress target_address(const config::NetworkCheck& check);

/// "no answer within 5 s"
[[nodiscard]] std::string within(std::string_view what, Duration time);

}  // namespace hald::checker
