// SPDX-License-Identifier: Apache-2.0
// WorkingScheduler: a ManualScheduler whose clock also runs while somebody works, as far as the fakes say how
// long their work takes.
#pragma once

#include "fakes/manual_scheduler.h"

namespace hald::fakes {

class WorkingScheduler : public ManualScheduler {
 public:
  [[nodiscard]] TimePoint now() const override { return ManualScheduler::now() + used_; }
  void use(Duration time) { used_ += time; }

 private:
  Duration used_{};
};

}  // namespace hald::fakes
