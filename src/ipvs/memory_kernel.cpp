// SPDX-License-Identifier: Apache-2.0
#include "ipvs/memory_kernel.h"

#include "ipvs/core/apply.h"

namespace hald::ipvs {
namespace {

constexpr std::size_t kPiece = 256;

/// Walks by key, so that the table may change meanwhile (as the real one may).
class MemoryDump : public ServiceDump {
 public:
  explicit MemoryDump(const Table& table) : table_(table) {}

  Result<bool> next(std::vector<Service>& out) override {
    auto at = last_ ? table_.upper_bound(*last_) : table_.begin();
    for (std::size_t i = 0; i < kPiece && at != table_.end(); ++i, ++at) {
      out.push_back(Service{at->first, at->second.settings, {}});
      last_ = at->first;
    }
    return at != table_.end();
  }

 private:
  const Table& table_;
  std::optional<ServiceKey> last_;
};

}  // namespace

Result<Version> MemoryKernel::version() {
  return Version{1, 2, 1, 4096};
}

Result<std::unique_ptr<ServiceDump>> MemoryKernel::dump_services() {
  std::unique_ptr<ServiceDump> dump = std::make_unique<MemoryDump>(table_);
  return dump;
}

Result<std::optional<Service>> MemoryKernel::read_service(const ServiceKey& key) {
  const auto held = table_.find(key);
  if (held == table_.end()) return std::optional<Service>();
  return std::optional<Service>(held->second);
}

Result<std::vector<Connections>> MemoryKernel::read_connections(const ServiceKey& key) {
  std::vector<Connections> out;
  const auto held = table_.find(key);
  if (held == table_.end()) return out;
  for (const Destination& each : held->second.destinations) out.push_back({each.endpoint, 0, 0});
  return out;
}

Result<std::vector<OpFailure>> MemoryKernel::apply(std::span<const Op> ops) {
  std::vector<OpFailure> failures;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    if (const auto refused = ipvs::apply(table_, ops[i])) failures.push_back(OpFailure{i, refused});
  }
  writes_ += ops.size();
  return failures;
}

}  // namespace hald::ipvs
