// SPDX-License-Identifier: Apache-2.0
// Kernel: the seam between hald and IPVS. GenlKernel speaks to the real one, MemoryKernel is a table in this
// process, tests/fakes has one that fails on demand. All calls return at once: the kernel executes generic
// netlink requests within the send, so nothing is ever waited for (an answer that is not there then will
// not come: the outcome is unknown and the caller reads the table again).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

#include "base/result.h"
#include "ipvs/core/op.h"

namespace hald::ipvs {

struct Version {
  std::uint8_t major = 0;
  std::uint8_t minor = 0;
  std::uint8_t patch = 0;
  std::uint32_t connection_table_size = 0;
  friend bool operator==(const Version&, const Version&) = default;
};

/// One Op of a batch that the kernel refused; the others were executed.
struct OpFailure {
  std::size_t index = 0;  ///< into the batch
  std::error_code code;
};

/// The connections that the kernel counts for one destination of a service.
struct Connections {
  Endpoint destination;
  std::uint32_t active = 0;    ///< established TCP and SCTP
  std::uint32_t inactive = 0;  ///< all others: closing, half open, UDP
};

/// A walk over all services of the table, a bounded piece at a time.
class ServiceDump {
 public:
  virtual ~ServiceDump() = default;
  /// Appends the next services, without their destinations. False: that was the last piece. After an error
  /// the walk is over; std::errc::interrupted means the table changed under it: begin again.
  virtual Result<bool> next(std::vector<Service>& out) = 0;
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual Result<Version> version() = 0;
  virtual Result<std::unique_ptr<ServiceDump>> dump_services() = 0;
  /// One service with its destinations; nothing if the table has no such service.
  virtual Result<std::optional<Service>> read_service(const ServiceKey& key) = 0;
  /// Of all destinations of a service; none if the table has no such service.
  virtual Result<std::vector<Connections>> read_connections(const ServiceKey& key) = 0;
  /// Executes the Ops in order; one that is refused does not stop those behind it. An Error means that the
  /// outcome of the whole batch is unknown.
  virtual Result<std::vector<OpFailure>> apply(std::span<const Op> ops) = 0;
  /// For status and logs: "kernel" or "memory".
  [[nodiscard]] virtual std::string_view name() const = 0;
};

}  // namespace hald::ipvs
