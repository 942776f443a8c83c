// SPDX-License-Identifier: Apache-2.0
// MemoryKernel: an IPVS table in this process, with the kernel's rules and refusals but no effect on any
// packet. `hald --ipvs memory` runs on it, to try a configuration or to measure checks on a machine without
// IPVS; tests run on it as well.
#pragma once

#include "ipvs/kernel.h"

namespace hald::ipvs {

class MemoryKernel : public Kernel {
 public:
  Result<Version> version() override;
  Result<std::unique_ptr<ServiceDump>> dump_services() override;
  Result<std::optional<Service>> read_service(const ServiceKey& key) override;
  /// Nothing reaches it, so there are none.
  Result<std::vector<Connections>> read_connections(const ServiceKey& key) override;
  Result<std::vector<OpFailure>> apply(std::span<const Op> ops) override;
  [[nodiscard]] std::string_view name() const override { return "memory"; }

  [[nodiscard]] const Table& table() const { return table_; }
  /// Ops executed or refused so far.
  [[nodiscard]] std::uint64_t writes() const { return writes_; }

 private:
  Table table_;
  std::uint64_t writes_ = 0;
};

}  // namespace hald::ipvs
