// SPDX-License-Identifier: Apache-2.0
// GenlTuning: what IPVS of the running kernel has besides its table, over generic netlink.
#pragma once

#include <functional>
#include <memory>

#include "ipvs/genl_codec.h"
#include "ipvs/genl_socket.h"
#include "ipvs/tuning_kernel.h"

namespace hald::ipvs {

class GenlTuning : public TuningKernel {
 public:
  /// As GenlKernel::open(), which is to have loaded the module.
  [[nodiscard]] static Result<std::unique_ptr<GenlTuning>> open();

  Result<Timeouts> timeouts() override;
  Result<void> set(const Timeouts& timeouts) override;
  Result<std::vector<SyncDaemon>> daemons() override;
  Result<void> start(const SyncDaemon& daemon) override;
  Result<void> stop(SyncRole role) override;

 private:
  explicit GenlTuning(GenlSocket socket) : socket_(std::move(socket)) {}
  [[nodiscard]] genl::Envelope next_envelope();
  Result<void> ask(const std::vector<std::uint8_t>& request, std::uint32_t sequence, const char* doing,
                   const std::function<Result<bool>(const genl::Message&)>& take);

  GenlSocket socket_;
};

}  // namespace hald::ipvs
