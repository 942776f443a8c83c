// SPDX-License-Identifier: Apache-2.0
// FaultyKernel: an IPVS table that fails on demand and remembers what was asked of it. Underneath is the
// same pure rule as under the in-memory kernel: what does not fail behaves as ever.
#pragma once

#include <functional>
#include <set>
#include <vector>

#include "ipvs/core/apply.h"
#include "ipvs/kernel.h"

namespace hald::fakes {

class FaultyKernel : public ipvs::Kernel {
 public:
  enum class Fault : unsigned char {
    None,
    Lost,       ///< nothing is executed, and no answer comes
    Answerless  ///< all is executed, but no answer comes
  };

  Result<ipvs::Version> version() override { return ipvs::Version{1, 2, 1, 4096}; }
  Result<std::unique_ptr<ipvs::ServiceDump>> dump_services() override {
    ++dumps;
    if (read_fault && read_fault()) return errno_error(EPERM, "read the IPVS services");
    std::unique_ptr<ipvs::ServiceDump> walk = std::make_unique<Walk>(*this);
    return walk;
  }
  Result<std::optional<ipvs::Service>> read_service(const ipvs::ServiceKey& key) override {
    ++reads;
    if (read_fault && read_fault()) return errno_error(ENOBUFS, "read an IPVS service");
    const auto held = table.find(key);
    if (held == table.end()) return std::optional<ipvs::Service>();
    return std::optional<ipvs::Service>(held->second);
  }
  Result<std::vector<ipvs::Connections>> read_connections(const ipvs::ServiceKey&) override {
    ++reads;
    if (read_fault && read_fault()) return errno_error(ENOBUFS, "read the connections of an IPVS service");
    return std::vector<ipvs::Connections>();
  }
  Result<std::vector<ipvs::OpFailure>> apply(std::span<const ipvs::Op> ops) override {
    batches.emplace_back(ops.begin(), ops.end());
    const Fault fault = batch_fault ? batch_fault() : Fault::None;
    if (fault == Fault::Lost) return errno_error(ENOBUFS, "send to IPVS");
    std::vector<ipvs::OpFailure> failures;
    for (std::size_t i = 0; i < ops.size(); ++i) {
      const std::error_code injected = op_fault ? op_fault(ops[i]) : std::error_code();
      const std::error_code refused = injected ? injected : ipvs::apply(table, ops[i]);
      if (refused) failures.push_back(ipvs::OpFailure{i, refused});
    }
    if (fault == Fault::Answerless) return errno_error(EAGAIN, "receive from IPVS");
    return failures;
  }
  [[nodiscard]] std::string_view name() const override { return "faulty"; }

  [[nodiscard]] std::size_t writes() const {
    std::size_t count = 0;
    for (const auto& batch : batches) count += batch.size();
    return count;
  }
  /// All Ops so far, in order.
  [[nodiscard]] ipvs::Ops history() const {
    ipvs::Ops all;
    for (const auto& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
    return all;
  }

  ipvs::Table table;
  std::vector<ipvs::Ops> batches;
  unsigned dumps = 0;
  unsigned reads = 0;
  std::size_t piece = 3;                                     ///< services per step of a walk
  std::function<bool()> read_fault;                          ///< true: this read fails
  std::function<Fault()> batch_fault;                        ///< what happens to this batch
  std::function<std::error_code(const ipvs::Op&)> op_fault;  ///< a code: this Op is refused with it
  std::function<std::error_code()> walk_fault;               ///< a code: this step of a walk fails

 private:
  class Walk : public ipvs::ServiceDump {
   public:
    explicit Walk(FaultyKernel& kernel) : kernel_(kernel) {}
    Result<bool> next(std::vector<ipvs::Service>& out) override {
      if (const auto code = kernel_.walk_fault ? kernel_.walk_fault() : std::error_code()) {
        return Error{code, "read the IPVS services"};
      }
      auto at = last_ ? kernel_.table.upper_bound(*last_) : kernel_.table.begin();
      for (std::size_t i = 0; i < kernel_.piece && at != kernel_.table.end(); ++i, ++at) {
        out.push_back(ipvs::Service{at->first, at->second.settings, {}});
        last_ = at->first;
      }
      return at != kernel_.table.end();
    }

   private:
    FaultyKernel& kernel_;
    std::optional<ipvs::ServiceKey> last_;
  };
};

}  // namespace hald::fakes
