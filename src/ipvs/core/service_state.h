// SPDX-License-Identifier: Apache-2.0
// ServiceState: one service as hald wants it beside what hald believes the kernel holds. The belief is
// stored only where it differs from the wish: with a hundred thousand destinations that halves the memory.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "ipvs/core/op.h"

namespace hald::ipvs {

class ServiceState {
 public:
  explicit ServiceState(Service wanted) : wish_(std::move(wanted)) {}

  /// These are the wanted contents now; the key must be the same as ever.
  void want(Service service);
  /// The service is to be absent.
  void unwant() { wanted_ = false; }
  [[nodiscard]] bool wanted() const { return wanted_; }

  /// What the kernel was found to hold; nothing: no such service.
  void learned(std::optional<Service> actual);
  /// Something failed: what the kernel holds is not known any more.
  void doubt();
  [[nodiscard]] bool known() const { return belief_ != Belief::Unknown; }
  /// The kernel holds what is wanted (or nothing, if nothing is wanted), as far as known.
  [[nodiscard]] bool settled() const { return belief_ == (wanted_ ? Belief::AsWished : Belief::Absent); }

  /// Appends at most `limit` Ops that bring the kernel nearer. Only if known().
  void next_ops(Ops& out, std::size_t limit) const;
  /// All of these Ops of next_ops() were executed.
  void done(std::span<const Op> ops);

  /// nullptr: unwanted.
  [[nodiscard]] const Service* desired() const { return wanted_ ? &wish_ : nullptr; }
  /// nullptr: the kernel has no such service, or it is not known.
  [[nodiscard]] const Service* actual() const;
  [[nodiscard]] const ServiceKey& key() const { return wish_.key; }

 private:
  enum class Belief : unsigned char { Unknown, Absent, AsWished, Different };

  Service wish_;                     ///< the latest wish, kept when unwanted
  std::unique_ptr<Service> actual_;  ///< set if and only if Different
  Belief belief_ = Belief::Unknown;
  bool wanted_ = true;
};

}  // namespace hald::ipvs
