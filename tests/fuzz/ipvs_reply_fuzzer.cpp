// SPDX-License-Identifier: Apache-2.0
// Whatever arrives on the IPVS socket is read without harm, and what was understood survives being written
// and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "ipvs/genl_codec.h"

namespace {

using namespace hald;
using namespace hald::ipvs;

constexpr std::uint16_t kFamily = 31;

genl::Bytes attributes_of(const std::vector<std::uint8_t>& bytes) {
  const auto message = genl::MessageReader(bytes, kFamily).next();
  if (!message) std::abort();
  return message->attributes;
}

void check_service(genl::Bytes attributes) {
  const auto service = genl::decode_service(attributes);
  if (!service || service->settings.prefix == kIrregularMask) return;
  // Names longer than the kernel's fit in no request.
  if (service->settings.scheduler.size() > 15 || service->settings.persistence_engine.size() > 15) return;
  std::vector<std::uint8_t> again;
  genl::encode(again, {kFamily, 1}, AddService{service->key, service->settings}, false);
  const auto second = genl::decode_service(attributes_of(again));
  if (!second || !(*second == *service)) std::abort();
}

void check_destination(genl::Bytes attributes, Family family) {
  auto destination = genl::decode_destination(attributes, family);
  if (!destination) return;
  if (destination->tunnel_type == TunnelType::Ipip) {
    // Port and flags of a plain tunnel mean nothing and are not sent.
    destination->tunnel_port = 0;
    destination->tunnel_flags = 0;
  }
  std::vector<std::uint8_t> again;
  const ServiceKey key = config::FirewallMark{1, family};
  genl::encode(again, {kFamily, 1}, AddDestination{key, *destination}, false);
  const auto second = genl::decode_destination(attributes_of(again), family);
  if (!second || !(*second == *destination)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  genl::MessageReader reader({data, size}, kFamily);
  while (const auto message = reader.next()) {
    if (message->kind != genl::Message::Kind::Payload) continue;
    check_service(message->attributes);
    check_destination(message->attributes, Family::IPv4);
    check_destination(message->attributes, Family::IPv6);
    (void)genl::decode_info(message->attributes);
  }
  return 0;
}
