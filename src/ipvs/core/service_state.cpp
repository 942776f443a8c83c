// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/service_state.h"

#include "ipvs/core/apply.h"
#include "ipvs/core/diff.h"

namespace hald::ipvs {

void ServiceState::want(Service service) {
  wanted_ = true;
  if (belief_ == Belief::AsWished) {
    if (wish_ == service) return;
    actual_ = std::make_unique<Service>(std::move(wish_));
    belief_ = Belief::Different;
  } else if (belief_ == Belief::Different && *actual_ == service) {
    actual_.reset();
    belief_ = Belief::AsWished;
  }
  wish_ = std::move(service);
}

void ServiceState::learned(std::optional<Service> actual) {
  actual_.reset();
  if (!actual) {
    belief_ = Belief::Absent;
  } else if (*actual == wish_) {
    belief_ = Belief::AsWished;
  } else {
    actual_ = std::make_unique<Service>(std::move(*actual));
    belief_ = Belief::Different;
  }
}

void ServiceState::doubt() {
  actual_.reset();
  belief_ = Belief::Unknown;
}

const Service* ServiceState::actual() const {
  switch (belief_) {
    case Belief::AsWished: return &wish_;
    case Belief::Different: return actual_.get();
    case Belief::Unknown:
    case Belief::Absent: break;
  }
  return nullptr;
}

void ServiceState::next_ops(Ops& out, std::size_t limit) const {
  if (known()) diff(actual(), desired(), out, limit);
}

void ServiceState::done(std::span<const Op> ops) {
  if (ops.empty()) return;
  if (std::holds_alternative<DeleteService>(ops.front())) return learned(std::nullopt);
  // learned() compares with the wish, which may have changed since the Ops were made.
  Service now_held = belief_ == Belief::Different ? std::move(*actual_)
                     : belief_ == Belief::Absent  ? Service{wish_.key, {}, {}}
                                                  : wish_;
  apply_all(now_held, ops);
  learned(std::move(now_held));
}

}  // namespace hald::ipvs
