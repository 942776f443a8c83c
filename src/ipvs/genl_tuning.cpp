// SPDX-License-Identifier: Apache-2.0
#include "ipvs/genl_tuning.h"

#include "ipvs/genl_tuning_codec.h"

namespace hald::ipvs {
namespace {

using Kind = genl::Message::Kind;

Result<bool> acknowledged(const genl::Message& message) {
  return message.kind == Kind::Answer;
}

}  // namespace

Result<std::unique_ptr<GenlTuning>> GenlTuning::open() {
  auto socket = GenlSocket::open();
  if (!socket) return socket.error();
  return std::unique_ptr<GenlTuning>(new GenlTuning(std::move(*socket)));
}

genl::Envelope GenlTuning::next_envelope() {
  return {socket_.family(), socket_.take_sequences(1)};
}

/// Until `take` says that it has all it wants. The kernel answers within the send: no answer means none
/// comes, as when it is interrupted while it stops a thread.
Result<void> GenlTuning::ask(const std::vector<std::uint8_t>& request, std::uint32_t sequence,
                             const char* doing,
                             const std::function<Result<bool>(const genl::Message&)>& take) {
  socket_.drain();
  if (auto sent = socket_.send(request); !sent) return sent.error();
  for (;;) {
    const auto datagram = socket_.receive();
    if (!datagram) return Error{datagram.error().code, doing};
    genl::MessageReader reader(*datagram, socket_.family());
    while (const auto message = reader.next()) {
      if (message->sequence != sequence) continue;
      if (message->code) return Error{message->code, doing};
      const auto done = take(*message);
      if (!done) return done.error();
      if (*done) return {};
    }
  }
}

Result<Timeouts> GenlTuning::timeouts() {
  std::vector<std::uint8_t> request;
  const auto envelope = next_envelope();
  genl::encode_get_timeouts(request, envelope);
  Timeouts out;
  const auto asked = ask(request, envelope.sequence, "read the IPVS time-outs",
                         [&](const genl::Message& message) -> Result<bool> {
                           if (message.kind != Kind::Payload) return false;
                           out = genl::decode_timeouts(message.attributes);
                           return true;
                         });
  if (!asked) return asked.error();
  return out;
}

Result<void> GenlTuning::set(const Timeouts& timeouts) {
  std::vector<std::uint8_t> request;
  const auto envelope = next_envelope();
  genl::encode_set_timeouts(request, envelope, timeouts);
  return ask(request, envelope.sequence, "set the IPVS time-outs", acknowledged);
}

Result<std::vector<SyncDaemon>> GenlTuning::daemons() {
  std::vector<std::uint8_t> request;
  const auto envelope = next_envelope();
  genl::encode_dump_daemons(request, envelope);
  std::vector<SyncDaemon> out;
  const auto asked = ask(request, envelope.sequence, "read the IPVS sync daemons",
                         [&](const genl::Message& message) -> Result<bool> {
                           if (message.kind == Kind::Done) return true;
                           if (message.kind != Kind::Payload) return false;
                           auto daemon = genl::decode_daemon(message.attributes);
                           if (!daemon) return daemon.error();
                           out.push_back(std::move(*daemon));
                           return false;
                         });
  if (!asked) return asked.error();
  return out;
}

Result<void> GenlTuning::start(const SyncDaemon& daemon) {
  std::vector<std::uint8_t> request;
  const auto envelope = next_envelope();
  genl::encode_start_daemon(request, envelope, daemon);
  return ask(request, envelope.sequence, "start an IPVS sync daemon", acknowledged);
}

Result<void> GenlTuning::stop(SyncRole role) {
  std::vector<std::uint8_t> request;
  const auto envelope = next_envelope();
  genl::encode_stop_daemon(request, envelope, role);
  return ask(request, envelope.sequence, "stop an IPVS sync daemon", acknowledged);
}

}  // namespace hald::ipvs
