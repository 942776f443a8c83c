// SPDX-License-Identifier: Apache-2.0
// GenlObserver: the table of the running kernel with its counters, in the kernel's own order, and the few
// changes that only people ask for: to empty it, to zero counters, to write a service with any mask. For
// haldctl.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "ipvs/core/observed.h"
#include "ipvs/genl_codec.h"
#include "ipvs/genl_socket.h"

namespace hald::ipvs {

class GenlObserver {
 public:
  /// As GenlKernel::open().
  [[nodiscard]] static Result<std::unique_ptr<GenlObserver>> open();

  /// All services with their destinations. A table that changes under the walk is read again, a few times.
  Result<std::vector<ObservedService>> services();
  /// std::errc::no_such_process: there is none.
  Result<ObservedService> service(const ServiceKey& key);

  Result<void> add(const ServiceEntry& entry);
  Result<void> edit(const ServiceEntry& entry);
  Result<void> flush();
  /// nullptr: of all services.
  Result<void> zero(const ServiceKey* key);

 private:
  explicit GenlObserver(GenlSocket socket) : socket_(std::move(socket)) {}
  using Take = std::function<Result<void>(const genl::Message&)>;

  [[nodiscard]] genl::Envelope next_envelope();
  /// Hands the payloads over until the answer is complete: the end of a dump, an acknowledgement, or, for
  /// `single`, the first payload.
  Result<void> ask(std::uint32_t sequence, const char* doing, bool single, const Take& take);
  Result<void> do_it(std::uint32_t sequence, const char* doing);
  Result<std::vector<ObservedService>> services_once();
  Result<void> read_destinations(ObservedService& service);

  GenlSocket socket_;
  std::vector<std::uint8_t> request_;
};

}  // namespace hald::ipvs
