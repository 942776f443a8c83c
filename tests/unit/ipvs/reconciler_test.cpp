// SPDX-License-Identifier: Apache-2.0
#include "ipvs/reconciler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/faulty_kernel.h"
#include "fakes/ipvs_tables.h"
#include "fakes/manual_scheduler.h"

namespace hald::ipvs {
namespace {

using fakes::destination;
using fakes::FaultyKernel;
using fakes::service;
using std::chrono::seconds;
using testing::ElementsAre;

const ServiceKey kWeb = fakes::tcp("10.0.0.3", 80);
const ServiceKey kMail = fakes::tcp("10.0.0.4", 25);
const ServiceKey kForeign = fakes::tcp("10.0.0.99", 80);

Service web() {
  return service(kWeb, {destination("10.0.0.7"), destination("10.0.0.8")});
}
Service mail() {
  return service(kMail, {destination("10.0.0.7")});
}

std::error_code code(int number) {
  return {number, std::generic_category()};
}

class ReconcilerTest : public testing::Test {
 protected:
  ReconcilerTest() {
    reconciler_->on_settled([this](const Reconciler::Settled& settled) { settled_.push_back(settled); });
  }
  void want(std::vector<Service> services) {
    reconciler_->set_desired(std::move(services));
    scheduler_.run_posted();
  }
  void verify() {
    reconciler_->verify();
    scheduler_.advance(seconds(1));
  }

  fakes::ManualScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Debug};
  FaultyKernel kernel_;
  std::unique_ptr<Reconciler> reconciler_ = std::make_unique<Reconciler>(scheduler_, logger_, kernel_);
  std::vector<Reconciler::Settled> settled_;
};

TEST_F(ReconcilerTest, ProgramsAnEmptyTableInOneBatchAndReportsIt) {
  reconciler_->set_desired({web(), mail()});
  EXPECT_EQ(kernel_.writes(), 0U) << "nothing is written before the next turn";
  scheduler_.run_posted();
  EXPECT_EQ(kernel_.table, (Table{{kWeb, web()}, {kMail, mail()}}));
  EXPECT_EQ(kernel_.batches.size(), 1U);
  EXPECT_EQ(kernel_.reads, 0U) << "the walk told that there is nothing to read";
  ASSERT_EQ(settled_.size(), 1U);
  EXPECT_EQ(settled_[0].services, 2U);
  EXPECT_EQ(settled_[0].destinations, 3U);
  EXPECT_EQ(settled_[0].writes, 5U);
  EXPECT_EQ(settled_[0].failing, 0U);
}

TEST_F(ReconcilerTest, TheSameSetAgainAsksAndWritesNothing) {
  want({web(), mail()});
  const auto reads = kernel_.reads + kernel_.dumps;
  want({web(), mail()});
  EXPECT_EQ(kernel_.batches.size(), 1U);
  EXPECT_EQ(kernel_.reads + kernel_.dumps, reads);
  ASSERT_EQ(settled_.size(), 2U);
  EXPECT_EQ(settled_[1].writes, 0U);
}

TEST_F(ReconcilerTest, OneChangedWeightIsOneWriteAndNoRead) {
  want({web(), mail()});
  const auto reads = kernel_.reads + kernel_.dumps;
  Service changed = web();
  changed.destinations[1].weight = 7;
  want({changed, mail()});
  EXPECT_THAT(kernel_.batches.back(), ElementsAre(Op(EditDestination{kWeb, destination("10.0.0.8", 7)})));
  EXPECT_EQ(kernel_.reads + kernel_.dumps, reads);
}

TEST_F(ReconcilerTest, AdoptsWhatAnotherHaldLeftAndLeavesForeignServicesAlone) {
  const Service foreign = service(kForeign, {destination("10.0.0.7", 3)}, "dh");
  kernel_.table = {{kForeign, foreign},
                   {kWeb, service(kWeb, {destination("10.0.0.7", 9), destination("10.0.0.9")}, "rr")}};
  want({web(), mail()});
  EXPECT_EQ(kernel_.table, (Table{{kForeign, foreign}, {kWeb, web()}, {kMail, mail()}}));
  EXPECT_EQ(kernel_.reads, 1U);
  EXPECT_EQ(kernel_.writes(), 6U) << "edit service, add, edit, delete; add service, add";
  EXPECT_TRUE(sink_.contains("IPVS table holds 2 services already"));
  EXPECT_EQ(reconciler_->counters().errors, 0U);
}

TEST_F(ReconcilerTest, AnUnwantedServiceGoesAfterTheOthersAreDone) {
  want({web()});
  kernel_.batches.clear();
  want({mail()});
  EXPECT_THAT(kernel_.history(),
              ElementsAre(Op(AddService{kMail, mail().settings}),
                          Op(AddDestination{kMail, destination("10.0.0.7")}), Op(DeleteService{kWeb})));
  EXPECT_EQ(reconciler_->counters().services, 1U);
}

TEST_F(ReconcilerTest, AServiceGivenUpIsForeignFromThenOn) {
  want({web()});
  want({});
  kernel_.table = {{kWeb, web()}};
  verify();
  want({});
  EXPECT_TRUE(kernel_.table.contains(kWeb));
}

TEST_F(ReconcilerTest, OfTwoServicesWithOneKeyTheFirstCounts) {
  want({web(), service(kWeb, {})});
  EXPECT_EQ(kernel_.table.at(kWeb), web());
}

TEST_F(ReconcilerTest, CollectedOneByOneMeansTheSame) {
  want({web()});
  reconciler_->begin_desired();
  reconciler_->want(mail());
  scheduler_.run_posted();
  EXPECT_TRUE(kernel_.table.contains(kMail)) << "writing begins meanwhile";
  EXPECT_TRUE(kernel_.table.contains(kWeb)) << "but nothing goes before the whole set is known";
  EXPECT_EQ(settled_.size(), 1U);
  reconciler_->commit_desired();
  scheduler_.run_posted();
  EXPECT_EQ(kernel_.table, (Table{{kMail, mail()}}));
  EXPECT_EQ(settled_.size(), 2U);
}

// ---------------------------------------------------------------- verdicts

TEST_F(ReconcilerTest, AVerdictTouchesOnlyItsService) {
  want({web(), mail()});
  reconciler_->update(service(kWeb, {destination("10.0.0.8")}));
  scheduler_.run_posted();
  EXPECT_THAT(kernel_.batches.back(),
              ElementsAre(Op(DeleteDestination{kWeb, fakes::endpoint("10.0.0.7", 80)})));
  EXPECT_EQ(settled_.size(), 1U) << "only whole sets are reported";
}

TEST_F(ReconcilerTest, VerdictsOfOneTurnShareABatch) {
  want({web(), mail()});
  const auto before = kernel_.batches.size();
  reconciler_->update(service(kWeb, {destination("10.0.0.8")}));
  reconciler_->update(service(kMail, {}));
  reconciler_->update(service(kWeb, {}));
  scheduler_.run_posted();
  EXPECT_EQ(kernel_.batches.size(), before + 1);
  EXPECT_EQ(kernel_.batches.back().size(), 3U);
}

TEST_F(ReconcilerTest, AVerdictOvertakesALargeStart) {
  std::vector<Service> many{mail()};
  for (std::uint32_t i = 0; i < 2000; ++i) {
    many.push_back(service(config::ServiceAddress{config::Protocol::Tcp, {Address::v4(0x0a000000 + i), 1}},
                           {destination("10.0.0.7")}));
  }
  many.push_back(web());
  bool in_second_batch = false;
  kernel_.batch_fault = [&] {
    if (kernel_.batches.size() == 1) reconciler_->update(service(kWeb, {destination("10.0.0.8", 5)}));
    if (kernel_.batches.size() == 2) in_second_batch = key_of(kernel_.batches[1][0]) == kWeb;
    return FaultyKernel::Fault::None;
  };
  want(std::move(many));
  EXPECT_TRUE(in_second_batch);
  EXPECT_EQ(kernel_.table.at(kWeb), service(kWeb, {destination("10.0.0.8", 5)}));
}

TEST_F(ReconcilerTest, AServiceThatFillsABatchIsCompletedBeforeTheNextOne) {
  std::vector<Service> many;
  for (std::uint32_t i = 0; i < 50; ++i) {
    Service one =
        service(config::ServiceAddress{config::Protocol::Tcp, {Address::v4(0x0a000000 + i), 1}}, {});
    for (std::uint32_t j = 0; j < 40; ++j) {
      Destination real = destination("10.1.0.0");
      real.endpoint.address = Address::v4(0x0a010000 + j);
      one.destinations.push_back(real);
    }
    many.push_back(std::move(one));
  }
  want(many);
  ASSERT_GT(kernel_.batches.size(), 2U) << "else nothing is split";
  const Ops history = kernel_.history();
  for (std::size_t i = 1; i < history.size(); ++i) ASSERT_LE(key_of(history[i - 1]), key_of(history[i]));
}

TEST_F(ReconcilerTest, AVerdictForAServiceNobodyWantsIsIgnored) {
  want({mail()});
  reconciler_->update(web());
  scheduler_.run_posted();
  EXPECT_FALSE(kernel_.table.contains(kWeb));
}

// ---------------------------------------------------------------- errors

TEST_F(ReconcilerTest, AnEntryThatAppearedMeanwhileIsAdopted) {
  want({mail()});
  kernel_.table[kWeb] = service(kWeb, {destination("10.0.0.9")}, "rr");
  want({web(), mail()});
  EXPECT_EQ(kernel_.table.at(kWeb), web());
  EXPECT_EQ(reconciler_->counters().failing, 0U);
  EXPECT_EQ(settled_.back().failing, 0U);
  for (const auto& entry : sink_.entries) EXPECT_GT(entry.level, log::Level::Error) << entry.message;
}

TEST_F(ReconcilerTest, ARefusedServiceIsReportedAndTriedAgainWithBackOffWhileTheRestRuns) {
  kernel_.op_fault = [](const Op& op) {
    return std::holds_alternative<AddService>(op) && key_of(op) == kWeb ? code(ENOENT) : std::error_code();
  };
  want({web(), mail()});
  EXPECT_TRUE(kernel_.table.contains(kMail));
  ASSERT_EQ(settled_.size(), 1U);
  EXPECT_EQ(settled_[0].failing, 1U);
  EXPECT_TRUE(
      sink_.contains("IPVS cmd NEW_SERVICE(1) error: No such file or directory(2) ([10.0.0.3]:tcp:80)"));

  std::vector<double> tries;
  auto seen = kernel_.batches.size();
  const TimePoint began = scheduler_.now();
  reconciler_->set_verify_interval(Duration::zero());
  while (scheduler_.now() < began + seconds(300)) {
    scheduler_.advance(std::chrono::milliseconds(100));
    if (kernel_.batches.size() != seen)
      tries.push_back(std::chrono::duration<double>(scheduler_.now() - began).count());
    seen = kernel_.batches.size();
  }
  EXPECT_THAT(tries, ElementsAre(1.0, 3.0, 7.0, 15.0, 31.0, 63.0, 123.0, 183.0, 243.0));

  kernel_.op_fault = nullptr;
  scheduler_.advance(seconds(60));
  EXPECT_EQ(kernel_.table.at(kWeb), web());
  EXPECT_EQ(reconciler_->counters().failing, 0U);
  EXPECT_TRUE(sink_.contains("IPVS accepts [10.0.0.3]:tcp:80 again"));
}

TEST_F(ReconcilerTest, RemovingWhatWasRefusedIsNoRecovery) {
  kernel_.op_fault = [](const Op& op) {
    return std::holds_alternative<AddDestination>(op) ? std::make_error_code(std::errc::invalid_argument)
                                                      : std::error_code();
  };
  reconciler_->set_desired({web()});
  scheduler_.advance(seconds(10));
  ASSERT_EQ(reconciler_->counters().failing, 1U);
  std::optional<std::size_t> left;
  reconciler_->remove_all([&left](std::size_t count) { left = count; });
  scheduler_.advance(seconds(1));
  EXPECT_EQ(left, 0U);
  EXPECT_TRUE(kernel_.table.empty());
  EXPECT_FALSE(sink_.contains("again"));
}

TEST_F(ReconcilerTest, ARefusedServerDoesNotKeepTheOthersOut) {
  kernel_.op_fault = [](const Op& op) {
    const auto* added = std::get_if<AddDestination>(&op);
    return added != nullptr && added->destination == destination("10.0.0.7") ? code(EINVAL)
                                                                             : std::error_code();
  };
  want({web()});
  EXPECT_EQ(kernel_.table.at(kWeb).destinations.size(), 1U);
  EXPECT_TRUE(sink_.contains("NEW_DEST(5) error: Invalid argument(22) ([10.0.0.3]:tcp:80 -> 10.0.0.7:80)"));
}

TEST_F(ReconcilerTest, ANewWishIsTriedAtOnceDespiteTheBackOff) {
  kernel_.op_fault = [](const Op&) { return code(EINVAL); };
  want({web()});
  kernel_.op_fault = nullptr;
  reconciler_->update(service(kWeb, {}));
  scheduler_.run_posted();
  EXPECT_TRUE(kernel_.table.contains(kWeb));
}

TEST_F(ReconcilerTest, ABatchWithoutAnAnswerIsReadBack) {
  for (const auto fault : {FaultyKernel::Fault::Lost, FaultyKernel::Fault::Answerless}) {
    bool once = true;
    kernel_.batch_fault = [&] { return std::exchange(once, false) ? fault : FaultyKernel::Fault::None; };
    want({});
    want({web(), mail()});
    EXPECT_EQ(kernel_.table, (Table{{kWeb, web()}, {kMail, mail()}}));
    EXPECT_EQ(reconciler_->counters().failing, 0U);
  }
}

TEST_F(ReconcilerTest, WithoutAKernelItSaysSoAndKeepsTrying) {
  kernel_.read_fault = [] { return true; };
  kernel_.batch_fault = [] { return FaultyKernel::Fault::Lost; };
  want({web(), mail()});
  EXPECT_TRUE(sink_.contains("IPVS table cannot be read"));
  ASSERT_EQ(settled_.size(), 1U);
  EXPECT_EQ(settled_[0].failing, 2U);
  kernel_.read_fault = nullptr;
  kernel_.batch_fault = nullptr;
  scheduler_.advance(seconds(2));
  EXPECT_EQ(kernel_.table.size(), 2U);
}

TEST_F(ReconcilerTest, AWalkThatWasInterruptedBeginsAgain) {
  int steps = 0;
  kernel_.piece = 1;
  kernel_.walk_fault = [&] { return ++steps == 2 ? code(EINTR) : std::error_code(); };
  kernel_.table = {{kWeb, web()}, {kForeign, service(kForeign, {})}, {kMail, mail()}};
  want({web(), mail()});
  EXPECT_EQ(kernel_.dumps, 2U);
  EXPECT_EQ(kernel_.writes(), 0U);
}

TEST_F(ReconcilerTest, AWalkThatIsAlwaysInterruptedIsGivenUp) {
  kernel_.walk_fault = [] { return code(EINTR); };
  kernel_.table = {{kWeb, service(kWeb, {})}};
  want({web()});
  EXPECT_EQ(kernel_.dumps, 3U);
  EXPECT_EQ(kernel_.table.at(kWeb), web());
}

// ---------------------------------------------------------------- drift

TEST_F(ReconcilerTest, RepairsWhatOthersChangedAndCountsIt) {
  want({web(), mail()});
  kernel_.table.erase(kMail);
  kernel_.table[kWeb].destinations[0].weight = 77;
  kernel_.table[kForeign] = service(kForeign, {});
  verify();
  EXPECT_EQ(kernel_.table, (Table{{kWeb, web()}, {kMail, mail()}, {kForeign, service(kForeign, {})}}));
  EXPECT_EQ(reconciler_->counters().drift, 3U) << "one edit; one service and its server";
  EXPECT_TRUE(sink_.contains("IPVS table was changed by another program"));
  EXPECT_TRUE(sink_.contains("3 changes by other programs are being undone"));
}

TEST_F(ReconcilerTest, ReadsBackByItselfEveryInterval) {
  want({web()});
  kernel_.table.clear();
  scheduler_.advance(seconds(59));
  EXPECT_TRUE(kernel_.table.empty());
  scheduler_.advance(seconds(2));
  EXPECT_EQ(kernel_.table.size(), 1U);
  kernel_.table.clear();
  scheduler_.advance(seconds(61));
  EXPECT_EQ(kernel_.table.size(), 1U) << "and again";
  reconciler_->set_verify_interval(Duration::zero());
  kernel_.table.clear();
  scheduler_.advance(seconds(600));
  EXPECT_TRUE(kernel_.table.empty()) << "0 means never";
}

TEST_F(ReconcilerTest, AnUntouchedTableIsNotWritten) {
  want({web(), mail()});
  const auto writes = kernel_.writes();
  scheduler_.advance(seconds(300));
  EXPECT_EQ(kernel_.writes(), writes);
  EXPECT_EQ(reconciler_->counters().drift, 0U);
}

TEST_F(ReconcilerTest, AFailedReadDuringAPassIsNoDrift) {
  want({web()});
  bool once = true;
  kernel_.read_fault = [&] { return std::exchange(once, false); };
  verify();
  EXPECT_EQ(reconciler_->counters().drift, 0U);
  EXPECT_EQ(reconciler_->counters().errors, 1U);
  EXPECT_TRUE(reconciler_->in_kernel(kWeb, fakes::endpoint("10.0.0.7", 80)));
}

// ---------------------------------------------------------------- stop

TEST_F(ReconcilerTest, RemovesAllWithOneMessageEachLastAddedFirst) {
  kernel_.table = {{kForeign, service(kForeign, {})}};
  want({web(), mail()});
  std::optional<std::size_t> left;
  reconciler_->remove_all([&](std::size_t count) { left = count; });
  scheduler_.run_posted();
  EXPECT_EQ(left, 0U);
  EXPECT_THAT(kernel_.batches.back(), ElementsAre(Op(DeleteService{kMail}), Op(DeleteService{kWeb})));
  EXPECT_EQ(kernel_.table.size(), 1U);
  scheduler_.advance(seconds(600));
  EXPECT_TRUE(scheduler_.idle()) << "nothing is left armed";
}

TEST_F(ReconcilerTest, RemovingNothingIsDoneToo) {
  std::optional<std::size_t> left;
  reconciler_->remove_all([&](std::size_t count) { left = count; });
  EXPECT_FALSE(left) << "never from within the call";
  scheduler_.run_posted();
  EXPECT_EQ(left, 0U);
}

TEST_F(ReconcilerTest, AStopIsNotHeldUpByAKernelThatRefuses) {
  want({web(), mail()});
  kernel_.op_fault = [](const Op& op) { return key_of(op) == kWeb ? code(EPERM) : std::error_code(); };
  std::optional<std::size_t> left;
  reconciler_->remove_all([&](std::size_t count) { left = count; });
  scheduler_.run_posted();
  EXPECT_EQ(left, 1U);
  EXPECT_FALSE(kernel_.table.contains(kMail));
}

TEST_F(ReconcilerTest, AStopDuringTheStartLeavesNothing) {
  kernel_.piece = 1;
  kernel_.table = {{kWeb, web()}, {kForeign, service(kForeign, {})}};
  reconciler_->set_desired({web(), mail()});
  std::optional<std::size_t> left;
  reconciler_->remove_all([&](std::size_t count) { left = count; });
  scheduler_.run_posted();
  EXPECT_EQ(left, 0U);
  EXPECT_EQ(kernel_.table.size(), 1U);
}

TEST_F(ReconcilerTest, MayBeDestroyedWhileATurnIsPosted) {
  reconciler_->set_desired({web()});
  reconciler_.reset();
  scheduler_.run_posted();
  EXPECT_TRUE(kernel_.table.empty());
  EXPECT_TRUE(scheduler_.idle());
}

TEST_F(ReconcilerTest, MayBeDestroyedByItsOwnReport) {
  reconciler_->remove_all([&](std::size_t) { reconciler_.reset(); });
  scheduler_.run_posted();
  EXPECT_FALSE(reconciler_);
}

TEST_F(ReconcilerTest, TellsWhatTheKernelHas) {
  EXPECT_FALSE(reconciler_->in_kernel(kWeb, fakes::endpoint("10.0.0.7", 80)));
  want({service(kWeb, {destination("10.0.0.7", 5)})});
  EXPECT_EQ(reconciler_->in_kernel(kWeb, fakes::endpoint("10.0.0.7", 80)), 5);
  EXPECT_FALSE(reconciler_->in_kernel(kWeb, fakes::endpoint("10.0.0.8", 80)));
  reconciler_->update(service(kWeb, {destination("10.0.0.7", 6)}));
  EXPECT_EQ(reconciler_->in_kernel(kWeb, fakes::endpoint("10.0.0.7", 80)), 5) << "not written yet";
  scheduler_.run_posted();
  EXPECT_EQ(reconciler_->in_kernel(kWeb, fakes::endpoint("10.0.0.7", 80)), 6);
}

}  // namespace
}  // namespace hald::ipvs
