// SPDX-License-Identifier: Apache-2.0
#include "ipvs/genl_observer.h"

#include "ipvs/genl_observer_codec.h"

namespace hald::ipvs {
namespace {

using Kind = genl::Message::Kind;

/// A table that changes all the time is not walked for ever.
constexpr int kWalks = 5;

}  // namespace

Result<std::unique_ptr<GenlObserver>> GenlObserver::open() {
  auto socket = GenlSocket::open();
  if (!socket) return socket.error();
  return std::unique_ptr<GenlObserver>(new GenlObserver(std::move(*socket)));
}

genl::Envelope GenlObserver::next_envelope() {
  request_.clear();
  return {socket_.family(), socket_.take_sequences(1)};
}

Result<void> GenlObserver::ask(std::uint32_t sequence, const char* doing, bool single, const Take& take) {
  socket_.drain();
  if (auto sent = socket_.send(request_); !sent) return sent.error();
  for (;;) {
    const auto datagram = socket_.receive();
    if (!datagram) return Error{datagram.error().code, doing};
    genl::MessageReader reader(*datagram, socket_.family());
    while (const auto message = reader.next()) {
      if (message->sequence != sequence) continue;
      if (message->interrupted) return errno_error(EINTR, doing);
      if (message->code) return Error{message->code, doing};
      if (message->kind == Kind::Done || message->kind == Kind::Answer) return {};
      if (message->kind != Kind::Payload) continue;
      if (auto taken = take(*message); !taken) return taken.error();
      if (single) return {};
    }
  }
}

Result<void> GenlObserver::do_it(std::uint32_t sequence, const char* doing) {
  return ask(sequence, doing, false, [](const genl::Message&) -> Result<void> { return {}; });
}

Result<std::vector<ObservedService>> GenlObserver::services() {
  for (int walks = 1;; ++walks) {
    auto found = services_once();
    if (found || walks == kWalks || found.error().code != std::errc::interrupted) return found;
  }
}

Result<std::vector<ObservedService>> GenlObserver::services_once() {
  const auto envelope = next_envelope();
  genl::encode_dump_services(request_, envelope);
  std::vector<ObservedService> out;
  const auto asked = ask(envelope.sequence, "read the IPVS services", false,
                         [&](const genl::Message& message) -> Result<void> {
                           auto service = genl::decode_observed_service(message.attributes);
                           if (!service) return service.error();
                           out.push_back(std::move(*service));
                           return {};
                         });
  if (!asked) return asked.error();
  for (ObservedService& service : out) {
    if (auto read = read_destinations(service); !read) return read.error();
  }
  return out;
}

Result<ObservedService> GenlObserver::service(const ServiceKey& key) {
  const auto envelope = next_envelope();
  genl::encode_get_service(request_, envelope, key);
  ObservedService out;
  const auto asked =
      ask(envelope.sequence, "read an IPVS service", true, [&](const genl::Message& message) -> Result<void> {
        auto service = genl::decode_observed_service(message.attributes);
        if (!service) return service.error();
        out = std::move(*service);
        return {};
      });
  if (!asked) return asked.error();
  if (auto read = read_destinations(out); !read) return read.error();
  return out;
}

Result<void> GenlObserver::read_destinations(ObservedService& service) {
  const auto envelope = next_envelope();
  genl::encode_dump_destinations(request_, envelope, service.entry.key);
  const Family family = config::family_of(service.entry.key);
  return ask(envelope.sequence, "read the destinations of an IPVS service", false,
             [&](const genl::Message& message) -> Result<void> {
               const auto destination = genl::decode_observed_destination(message.attributes, family);
               if (!destination) return destination.error();
               service.destinations.push_back(*destination);
               return {};
             });
}

Result<void> GenlObserver::add(const ServiceEntry& entry) {
  const auto envelope = next_envelope();
  genl::encode_entry(request_, envelope, entry, true);
  return do_it(envelope.sequence, "add an IPVS service");
}

Result<void> GenlObserver::edit(const ServiceEntry& entry) {
  const auto envelope = next_envelope();
  genl::encode_entry(request_, envelope, entry, false);
  return do_it(envelope.sequence, "edit an IPVS service");
}

Result<void> GenlObserver::flush() {
  const auto envelope = next_envelope();
  genl::encode_flush(request_, envelope);
  return do_it(envelope.sequence, "empty the IPVS table");
}

Result<void> GenlObserver::zero(const ServiceKey* key) {
  const auto envelope = next_envelope();
  genl::encode_zero(request_, envelope, key);
  return do_it(envelope.sequence, "zero the counters of IPVS");
}

}  // namespace hald::ipvs
