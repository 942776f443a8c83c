// SPDX-License-Identifier: Apache-2.0
// StreamProbe: one try over a TCP connection: connect, with TLS or without, and hold a dialogue. Without a
// dialogue an accepted connection is a pass, whatever the server does with it afterwards. One time-out bounds
// all of it. Errors that come from the target or the way to it are failures; errors of this machine (no
// descriptor, the source address is not here) say nothing about it. Which is which follows keepalived's
// behaviour.
#pragma once

#include <memory>
#include <string>

#include "base/scheduler.h"
#include "checker/core/dialogue.h"
#include "checker/probe.h"
#include "checker/tls_session.h"

namespace boost::asio {
class io_context;
}

namespace hald::checker {

/// How it is spoken.
struct StreamTalk {
  std::unique_ptr<Dialogue> dialogue{};  ///< nothing: the connection is all
  std::unique_ptr<TlsSession> tls{};     ///< nothing: in the clear
  bool says_goodbye = false;             ///< ends the TLS session before the connection (tls_compliant)
};

[[nodiscard]] std::unique_ptr<Probe> start_stream_probe(boost::asio::io_context& io, Scheduler& scheduler,
                                                        const config::NetworkCheck& check, StreamTalk talk,
                                                        Probes::Report report);

}  // namespace hald::checker
