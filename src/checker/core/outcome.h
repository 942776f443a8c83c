// SPDX-License-Identifier: Apache-2.0
// Outcome: what one try of one check found out, classed by the layer that answered and the kind of answer.
// Every probe reports this and nothing else; core/verdict.h turns it into up and down, status and logs show
// it.
#pragma once

#include <string>

#include "base/time.h"

namespace hald::checker {

/// How far the try got before it was decided.
enum class Layer : unsigned char {
  Local,        ///< this machine could not run the check at all
  Network,      ///< L4: the connection, or the datagram
  Tls,          ///< L6: the handshake, or what holds the session together
  Application,  ///< L7: what was answered
};

enum class Kind : unsigned char {
  Passed,
  Refused,       ///< somebody answered: nobody listens
  TimedOut,      ///< nobody answered in time
  Unreachable,   ///< no way to the target
  Reset,         ///< the connection ended before it was complete
  Failed,        ///< any other failure that the target answers for
  BadReply,      ///< an answer that breaks its protocol, or ends too early
  BadStatus,     ///< an answer that says no
  BadContent,    ///< an answer without what it must contain
  NotAttempted,  ///< Layer::Local only: says nothing about the target
};

struct Outcome {
  Layer layer = Layer::Network;
  Kind kind = Kind::Failed;
  Duration took{};   ///< from the start of the try to its decision
  std::string text;  ///< short, for people: "connected", "connection refused"

  [[nodiscard]] bool passed() const { return kind == Kind::Passed; }
  /// The target cannot be blamed, so this try gives no verdict.
  [[nodiscard]] bool local() const { return layer == Layer::Local; }
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

}  // namespace hald::checker
