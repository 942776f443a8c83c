// SPDX-License-Identifier: Apache-2.0
#include "ipvs/genl_kernel.h"

#include <algorithm>

#include "ipvs/genl_codec.h"

namespace hald::ipvs {
namespace {

/// Well below what the kernel takes in one send, and what its answers need.
constexpr std::size_t kOpsPerSend = 1024;
constexpr int kReadTries = 3;

/// The walk has a socket of its own: the next piece is made when the last one is fetched, and other
/// requests may come in between.
class GenlServiceDump : public ServiceDump {
 public:
  GenlServiceDump(GenlSocket socket, std::uint32_t sequence)
      : socket_(std::move(socket)), sequence_(sequence) {}

  Result<bool> next(std::vector<Service>& out) override {
    const auto datagram = socket_.receive();
    if (!datagram) return datagram.error();
    genl::MessageReader reader(*datagram, socket_.family());
    while (const auto message = reader.next()) {
      if (message->sequence != sequence_) continue;
      if (message->interrupted) return errno_error(EINTR, "read the IPVS services");
      if (message->code) return Error{message->code, "read the IPVS services"};
      if (message->kind == genl::Message::Kind::Done) return false;
      if (message->kind != genl::Message::Kind::Payload) continue;
      // One that hald has no type for cannot be one of hald's.
      if (auto service = genl::decode_service(message->attributes)) out.push_back(std::move(*service));
    }
    return true;
  }

 private:
  GenlSocket socket_;
  std::uint32_t sequence_;
};

/// What the answers to "this service, and its destinations" have told so far.
struct ServiceAnswer {
  Family family;
  std::uint32_t get_sequence = 0;
  std::uint32_t dump_sequence = 0;
  std::optional<Service> service;
  std::vector<Destination> destinations;
  bool absent = false;
  bool complete = false;

  Result<void> take(const genl::Message& message) {
    if (message.interrupted) return errno_error(EINTR, "read an IPVS service");
    if (message.sequence == get_sequence) return take_service(message);
    if (message.sequence != dump_sequence) return {};
    if (message.code) return Error{message.code, "read the destinations of an IPVS service"};
    if (message.kind == genl::Message::Kind::Done) complete = true;
    if (message.kind != genl::Message::Kind::Payload) return {};
    auto destination = genl::decode_destination(message.attributes, family);
    if (!destination) return destination.error();
    destinations.push_back(*destination);
    return {};
  }

 private:
  Result<void> take_service(const genl::Message& message) {
    if (message.code == std::errc::no_such_process) {
      absent = true;
      return {};
    }
    if (message.code) return Error{message.code, "read an IPVS service"};
    if (message.kind != genl::Message::Kind::Payload) return {};
    auto decoded = genl::decode_service(message.attributes);
    if (!decoded) return decoded.error();
    service = std::move(*decoded);
    return {};
  }
};

}  // namespace

Result<std::unique_ptr<GenlKernel>> GenlKernel::open() {
  auto socket = GenlSocket::open();
  if (!socket) return socket.error();
  std::unique_ptr<GenlKernel> kernel(new GenlKernel(std::move(*socket)));
  // Resolving needs no privilege, everything else does: ask now rather than fail later.
  if (const auto asked = kernel->version(); !asked) return asked.error();
  return kernel;
}

Result<Version> GenlKernel::version() {
  std::vector<std::uint8_t> request;
  const std::uint32_t sequence = socket_.take_sequences(1);
  genl::encode_get_info(request, {socket_.family(), sequence});
  if (auto sent = socket_.send(request); !sent) return sent.error();
  for (;;) {
    const auto datagram = socket_.receive();
    if (!datagram) return datagram.error();
    genl::MessageReader reader(*datagram, socket_.family());
    while (const auto message = reader.next()) {
      if (message->sequence != sequence) continue;
      if (message->code) return Error{message->code, "read the IPVS version"};
      if (message->kind == genl::Message::Kind::Payload) return genl::decode_info(message->attributes);
    }
  }
}

Result<std::unique_ptr<ServiceDump>> GenlKernel::dump_services() {
  auto socket = GenlSocket::open();
  if (!socket) return socket.error();
  std::vector<std::uint8_t> request;
  const std::uint32_t sequence = socket->take_sequences(1);
  genl::encode_dump_services(request, {socket->family(), sequence});
  if (auto sent = socket->send(request); !sent) return sent.error();
  std::unique_ptr<ServiceDump> dump = std::make_unique<GenlServiceDump>(std::move(*socket), sequence);
  return dump;
}

Result<std::optional<Service>> GenlKernel::read_service(const ServiceKey& key) {
  for (int tried = 1;; ++tried) {
    auto service = read_once(key);
    if (service) return service;
    socket_.drain();  // a dump broken off would refuse the next one
    if (tried == kReadTries) return service;
    const std::error_code& code = service.error().code;
    // IPVS itself never says ENOENT to this question: the family's number has changed, or it is gone.
    if (code == std::errc::no_such_file_or_directory) {
      if (auto found = socket_.resolve(); !found) return found.error();
    } else if (code != std::errc::interrupted && code != std::errc::no_buffer_space) {
      return service;
    }
  }
}

Result<std::optional<Service>> GenlKernel::read_once(const ServiceKey& key) {
  const std::uint32_t first = socket_.take_sequences(2);
  ServiceAnswer answer{config::family_of(key), first, first + 1, {}, {}};
  std::vector<std::uint8_t> request;
  genl::encode_get_service(request, {socket_.family(), answer.get_sequence}, key);
  genl::encode_dump_destinations(request, {socket_.family(), answer.dump_sequence}, key);
  if (auto sent = socket_.send(request); !sent) return sent.error();
  while (!answer.complete) {
    const auto datagram = socket_.receive();
    if (!datagram) return datagram.error();
    genl::MessageReader reader(*datagram, socket_.family());
    while (const auto message = reader.next()) {
      if (auto taken = answer.take(*message); !taken) return taken.error();
    }
  }
  if (answer.absent) return std::optional<Service>();
  if (!answer.service) return protocol_error("read an IPVS service: no answer");
  answer.service->key = key;
  answer.service->destinations.assign(answer.destinations.begin(), answer.destinations.end());
  normalise(*answer.service);
  return std::move(answer.service);
}

/// Whoever asks asks again before long, so that a table that changes meanwhile is no reason to insist.
Result<std::vector<Connections>> GenlKernel::read_connections(const ServiceKey& key) {
  auto read = read_connections_once(key);
  if (!read) socket_.drain();
  return read;
}

Result<std::vector<Connections>> GenlKernel::read_connections_once(const ServiceKey& key) {
  const std::string doing = "read the connections of an IPVS service";
  const std::uint32_t sequence = socket_.take_sequences(1);
  std::vector<std::uint8_t> request;
  genl::encode_dump_destinations(request, {socket_.family(), sequence}, key);
  if (auto sent = socket_.send(request); !sent) return sent.error();
  std::vector<Connections> out;
  for (;;) {
    const auto datagram = socket_.receive();
    if (!datagram) return datagram.error();
    genl::MessageReader reader(*datagram, socket_.family());
    while (const auto message = reader.next()) {
      if (message->sequence != sequence) continue;
      if (message->interrupted) return errno_error(EINTR, doing);
      if (message->code) return Error{message->code, doing};
      if (message->kind == genl::Message::Kind::Done) return out;
      if (message->kind != genl::Message::Kind::Payload) continue;
      auto connections = genl::decode_connections(message->attributes, config::family_of(key));
      if (!connections) return connections.error();
      out.push_back(*connections);
    }
  }
}

Result<std::vector<OpFailure>> GenlKernel::apply(std::span<const Op> ops) {
  std::vector<OpFailure> failures;
  for (std::size_t first = 0; first < ops.size(); first += kOpsPerSend) {
    auto part = apply_one_send(ops.subspan(first, std::min(kOpsPerSend, ops.size() - first)));
    if (!part) return part.error();
    for (const OpFailure& failure : *part) failures.push_back(OpFailure{first + failure.index, failure.code});
  }
  return failures;
}

Result<std::vector<OpFailure>> GenlKernel::apply_one_send(std::span<const Op> ops) {
  const auto count = static_cast<std::uint32_t>(ops.size());
  const std::uint32_t first = socket_.take_sequences(count);
  request_.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    genl::encode(request_, {socket_.family(), first + i}, ops[i], i + 1 == count);
  }
  if (auto sent = socket_.send(request_); !sent) return sent.error();
  auto failures = collect_answers(first, count);
  if (!failures) socket_.drain();
  return failures;
}

Result<std::vector<OpFailure>> GenlKernel::collect_answers(std::uint32_t first, std::uint32_t count) {
  std::vector<OpFailure> failures;
  for (;;) {
    // No answer for the last Op (the kernel does not acknowledge an interrupted request) ends here too.
    const auto datagram = socket_.receive();
    if (!datagram) return datagram.error();
    genl::MessageReader reader(*datagram, socket_.family());
    while (const auto message = reader.next()) {
      const std::uint32_t index = message->sequence - first;
      if (message->kind != genl::Message::Kind::Answer || index >= count) continue;
      if (message->code) failures.push_back(OpFailure{index, message->code});
      if (index + 1 == count) return failures;
    }
  }
}

}  // namespace hald::ipvs
