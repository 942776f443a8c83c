// SPDX-License-Identifier: Apache-2.0
// GenlKernel: IPVS of the running kernel, over generic netlink. Many Ops go out in one send with an
// acknowledgement asked of the last one only; the kernel reports failures of the others by itself, and the
// sequence number tells which Op it was. What the bytes mean is genl_codec's business.
#pragma once

#include <memory>

#include "ipvs/genl_socket.h"
#include "ipvs/kernel.h"

namespace hald::ipvs {

class GenlKernel : public Kernel {
 public:
  /// Opens in the network namespace of the calling thread. The error's code tells what is wrong:
  /// std::errc::no_such_file_or_directory: the kernel has no IPVS (module ip_vs is not loaded; loading it is
  /// the caller's job); std::errc::operation_not_permitted: CAP_NET_ADMIN is missing.
  [[nodiscard]] static Result<std::unique_ptr<GenlKernel>> open();

  Result<Version> version() override;
  Result<std::unique_ptr<ServiceDump>> dump_services() override;
  Result<std::optional<Service>> read_service(const ServiceKey& key) override;
  Result<std::vector<Connections>> read_connections(const ServiceKey& key) override;
  Result<std::vector<OpFailure>> apply(std::span<const Op> ops) override;
  [[nodiscard]] std::string_view name() const override { return "kernel"; }

 private:
  explicit GenlKernel(GenlSocket socket) : socket_(std::move(socket)) {}
  Result<std::vector<OpFailure>> apply_one_send(std::span<const Op> ops);
  Result<std::optional<Service>> read_once(const ServiceKey& key);
  Result<std::vector<Connections>> read_connections_once(const ServiceKey& key);

  Result<std::vector<OpFailure>> collect_answers(std::uint32_t first, std::uint32_t count);

  GenlSocket socket_;
  std::vector<std::uint8_t> request_;
};

}  // namespace hald::ipvs
