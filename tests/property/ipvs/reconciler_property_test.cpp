// SPDX-License-Identifier: Apache-2.0
// The reconciler through random histories: reloads, verdicts, other programs at the table, requests that
// fail before or after they took effect, passing time. Whatever happened, once the trouble ends the table
// is right, and nothing foreign was ever touched.
#include <cstdlib>

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/faulty_kernel.h"
#include "fakes/ipvs_tables.h"
#include "fakes/manual_scheduler.h"
#include "ipvs/reconciler.h"

namespace hald::ipvs {
namespace {

using fakes::below;
using fakes::FaultyKernel;

constexpr std::uint32_t kOurs = 0;
constexpr std::uint32_t kTheirs = 1;

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

class ReconcilerProperty : public testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    // Some of ours are there from before, and only those that get wanted may be touched.
    kernel_.table = fakes::random_table(random_, kOurs);
    leftovers_ = kernel_.table;
    theirs_ = fakes::random_table(random_, kTheirs);
    kernel_.table.insert(theirs_.begin(), theirs_.end());
    kernel_.piece = 1 + below(random_, 4);
    // In half of the histories the kernel behaves.
    if (below(random_, 2) == 0) trouble(1 + below(random_, 6));
  }

  void trouble(std::uint32_t one_in) {
    kernel_.read_fault = [this, one_in] { return below(random_, one_in + 2) == 0; };
    kernel_.walk_fault = [this, one_in] {
      return below(random_, one_in + 2) == 0 ? std::error_code(EINTR, std::generic_category())
                                             : std::error_code();
    };
    kernel_.batch_fault = [this, one_in] {
      if (below(random_, one_in + 2) != 0) return FaultyKernel::Fault::None;
      return below(random_, 2) == 0 ? FaultyKernel::Fault::Lost : FaultyKernel::Fault::Answerless;
    };
    kernel_.op_fault = [this, one_in](const Op&) {
      return below(random_, 3 * one_in + 2) == 0 ? std::error_code(ENOMEM, std::generic_category())
                                                 : std::error_code();
    };
  }
  void end_trouble() {
    kernel_.read_fault = nullptr;
    kernel_.walk_fault = nullptr;
    kernel_.batch_fault = nullptr;
    kernel_.op_fault = nullptr;
  }

  void reload() {
    desired_ = fakes::random_table(random_, kOurs);
    for (const auto& [key, service] : desired_) ever_wanted_.insert(key);
    if (below(random_, 2) == 0) {
      std::vector<Service> all;
      for (const auto& [key, service] : desired_) all.push_back(service);
      return reconciler_.set_desired(std::move(all));
    }
    reconciler_.begin_desired();
    for (const auto& [key, service] : desired_) {
      reconciler_.want(service);
      if (below(random_, 3) == 0) scheduler_.run_posted();
    }
    reconciler_.commit_desired();
  }
  void verdict() {
    const ServiceKey key = fakes::random_key(random_, kOurs);
    Service service = fakes::random_service(random_, key);
    if (desired_.contains(key)) desired_.insert_or_assign(key, service);
    reconciler_.update(std::move(service));
  }
  /// Another program edits or deletes what is there, and does as it likes with its own services.
  void meddle() {
    if (below(random_, 3) == 0) {
      const ServiceKey key = fakes::random_key(random_, kTheirs);
      theirs_.insert_or_assign(key, fakes::random_service(random_, key));
      kernel_.table.insert_or_assign(key, theirs_.at(key));
    }
    const ServiceKey key = fakes::random_key(random_, kOurs);
    const auto held = kernel_.table.find(key);
    if (held == kernel_.table.end() || !ever_wanted_.contains(key)) return;
    if (below(random_, 2) == 0) {
      kernel_.table.erase(held);
    } else {
      held->second = fakes::random_service(random_, key);
    }
  }
  void one_event() {
    switch (below(random_, 8)) {
      case 0: return reload();
      case 1:
      case 2:
      case 3: return verdict();
      case 4: return meddle();
      case 5: return reconciler_.verify();
      case 6: return scheduler_.run_posted();
      default: return scheduler_.advance(std::chrono::milliseconds(below(random_, 3000)));
    }
  }

  [[nodiscard]] Table expected() const {
    Table out = desired_;
    out.insert(theirs_.begin(), theirs_.end());
    for (const auto& [key, service] : leftovers_) {
      if (!ever_wanted_.contains(key)) out.emplace(key, service);
    }
    return out;
  }

  fakes::Random random_{GetParam()};
  fakes::ManualScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Error};
  FaultyKernel kernel_;
  Reconciler reconciler_{scheduler_, logger_, kernel_};
  Table leftovers_;
  Table theirs_;
  Table desired_;
  std::set<ServiceKey> ever_wanted_;
};

TEST_P(ReconcilerProperty, ConvergesWhateverHappened) {
  reload();
  for (std::uint32_t i = below(random_, 60); i > 0; --i) one_event();
  end_trouble();
  scheduler_.advance(std::chrono::seconds(200));  // the longest wait after failures, and a pass
  EXPECT_EQ(kernel_.table, expected());
  EXPECT_TRUE(reconciler_.settled());
  const auto counters = reconciler_.counters();
  EXPECT_EQ(counters.failing, 0U);
  EXPECT_EQ(counters.services, desired_.size());
  EXPECT_EQ(counters.writes, kernel_.writes());
  for (const auto& [key, service] : desired_) {
    for (const Destination& real : service.destinations) {
      EXPECT_EQ(reconciler_.in_kernel(key, real.endpoint), real.weight);
    }
  }
  for (const Op& op : kernel_.history()) ASSERT_TRUE(ever_wanted_.contains(key_of(op))) << target_of(op);
  const auto writes = kernel_.writes();
  scheduler_.advance(std::chrono::seconds(200));
  EXPECT_EQ(kernel_.writes(), writes) << "a table that is right is left alone";
}

TEST_P(ReconcilerProperty, StopsCleanlyWhateverHappened) {
  reload();
  for (std::uint32_t i = below(random_, 60); i > 0; --i) one_event();
  end_trouble();
  std::optional<std::size_t> left;
  reconciler_.remove_all([&](std::size_t count) { left = count; });
  scheduler_.run_posted();
  EXPECT_EQ(left, 0U);
  desired_.clear();
  EXPECT_EQ(kernel_.table, expected());
}

TEST_P(ReconcilerProperty, OneFailureAtAnyCallIsHealedByTheNextLook) {
  end_trouble();
  for (std::uint32_t failing_call = 0; failing_call < 12; ++failing_call) {
    std::uint32_t call = 0;
    const auto now_fails = [&] { return call++ == failing_call; };
    kernel_.read_fault = now_fails;
    kernel_.walk_fault = [&] {
      return now_fails() ? std::error_code(EINTR, std::generic_category()) : std::error_code();
    };
    kernel_.batch_fault = [&] {
      return now_fails() ? FaultyKernel::Fault::Answerless : FaultyKernel::Fault::None;
    };
    reload();
    scheduler_.run_posted();
    EXPECT_EQ(kernel_.table, expected()) << "failing call " << failing_call;
    EXPECT_EQ(reconciler_.counters().failing, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ReconcilerProperty,
                         testing::Range(from_environment("HALD_PROPERTY_SEED", 1),
                                        from_environment("HALD_PROPERTY_SEED", 1) +
                                            from_environment("HALD_PROPERTY_RUNS", 500)));

}  // namespace
}  // namespace hald::ipvs
