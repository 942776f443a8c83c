// SPDX-License-Identifier: Apache-2.0
// Reconciler: brings the kernel's IPVS table to what hald wants and keeps it there. It is level-triggered:
// after a start, a reload, a verdict, an error and on its own slow tick it compares and writes the
// difference. It owns the services it was told to want, until the kernel has lost them again; no other
// service is ever touched. What a former hald left behind under a wanted key is adopted and edited in place.
// It does no more than about a millisecond of work per turn of the loop. Which servers are alive it does not
// know: desired_service() turns that into what comes in here.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "ipvs/core/batch_size.h"
#include "ipvs/core/service_state.h"
#include "ipvs/kernel.h"

namespace hald::ipvs {

class Reconciler {
 public:
  struct Counters {
    std::uint64_t writes = 0;  ///< mutating netlink messages sent
    std::uint64_t errors = 0;  ///< requests the kernel refused, or whose outcome is unknown
    std::uint64_t drift = 0;   ///< changes made by others that were put right (Ops)
    std::size_t services = 0;  ///< owned services in the kernel, as far as known
    std::size_t destinations = 0;
    std::size_t failing = 0;  ///< owned services that wait for another try
  };
  /// All that was asked for since the last report is done, or waits for another try after an error.
  struct Settled {
    std::size_t services = 0;  ///< owned and in the kernel
    std::size_t destinations = 0;
    std::uint64_t writes = 0;  ///< messages since the last report
    std::size_t failing = 0;
    Duration took{};  ///< since the first request after the last report
  };

  static constexpr Duration kDefaultVerifyInterval = std::chrono::seconds(60);

  Reconciler(Scheduler& scheduler, log::Logger& logger, Kernel& kernel);
  /// Leaves the kernel's table as it is.
  ~Reconciler();
  Reconciler(const Reconciler&) = delete;
  Reconciler& operator=(const Reconciler&) = delete;

  /// The whole set, at start and at reload. Owned services that are not in it are deleted, after the rest is
  /// done. Nothing is written before the next turn of the loop. The first call reads the kernel's table and
  /// adopts; later ones compare with what is known and write only differences. Of two services with the same
  /// key the first one counts.
  void set_desired(std::vector<Service> services);
  /// The same one by one, for a caller that slices its own work: begin, want each, commit. Writing begins
  /// meanwhile; what was not wanted between begin and commit is deleted after commit.
  void begin_desired();
  void want(Service service);
  /// Between begin and commit: the run before owned these. Those that are not wanted are deleted.
  void own(const std::vector<ServiceKey>& keys);
  void commit_desired();

  /// New contents of one wanted service (a verdict): written before the loop next waits, ahead of all else;
  /// several in one turn share a batch. Ignored if the service is not wanted.
  void update(Service service);

  /// Reads back every owned service and repairs what others changed, a slice at a time. Runs by itself
  /// every `interval`; 0: never.
  void verify();
  void set_verify_interval(Duration interval);

  /// Services that nobody wants are deleted as well, once, when the wanted ones are in place. Before the
  /// first set_desired().
  void clear_others() { clear_others_ = true; }

  /// Deletes all owned services (at stop), then calls `done` with the number of those that could not be
  /// deleted. Ends verification; want nothing any more afterwards. With `others` the rest of the table goes
  /// too.
  void remove_all(std::function<void(std::size_t left)> done, bool others = false);

  /// `settled` is called on a turn of its own, never from within a call above.
  void on_settled(std::function<void(const Settled&)> settled) { on_settled_ = std::move(settled); }

  /// A pass of verify() is under way.
  [[nodiscard]] bool verifying() const { return verifying_; }
  /// Nothing is left to do (but failing services may wait for another try).
  [[nodiscard]] bool settled() const { return !work_left() && !collecting_; }
  [[nodiscard]] Counters counters() const;
  /// The weight the kernel has for a destination, as far as known; nothing if it is not in the table.
  [[nodiscard]] std::optional<std::int32_t> in_kernel(const ServiceKey& key, const Endpoint& endpoint) const;

 private:
  enum class Queued : unsigned char { No, Normal, Urgent };
  struct Entry {
    explicit Entry(Service service) : state(std::move(service)) {}
    ServiceState state;
    std::uint32_t generation = 0;  ///< of the last want()
    std::uint32_t failures = 0;    ///< in a row
    Queued queued = Queued::No;
  };
  using Entries = std::map<ServiceKey, Entry>;
  /// What asking the kernel for one service, or for a piece of a walk, costs in Ops; what is read comes on
  /// top.
  static constexpr std::size_t kReadCost = 32;
  /// The part of a batch that belongs to one service.
  struct Part {
    Entries::iterator entry;
    std::size_t first = 0;
    std::size_t count = 0;
  };

  void unwant_if(const std::function<bool(const Entry&)>& condition);
  void schedule_turn();
  void turn();
  [[nodiscard]] bool work_left() const { return dump_ || !urgent_.empty() || !queue_.empty(); }
  void report();

  [[nodiscard]] bool clear_found();
  void begin_adoption();
  void continue_adoption();

  void enqueue(Entry& entry, Queued how);
  void continue_next(Entry& entry);
  [[nodiscard]] Entries::iterator next_queued();
  void work();
  bool learn(Entry& entry);
  void execute(const Ops& ops, const std::vector<Part>& parts);
  void finish(Entries::iterator entry);
  void failed(Entry& entry);
  void log_failure(const Entry& entry, const std::string& message);
  void arm_retry();
  void retry_due();

  void arm_verify();
  void verify_slice();
  void verify_one(Entry& entry);
  void verify_finished();

  Scheduler& scheduler_;
  log::Logger& logger_;
  Kernel& kernel_;
  std::function<void(const Settled&)> on_settled_;
  std::function<void(std::size_t)> on_removed_;

  Entries entries_;
  std::deque<ServiceKey> urgent_;
  std::deque<ServiceKey> queue_;
  std::multimap<TimePoint, ServiceKey> retries_;
  TimerHandle retry_timer_;
  std::uint32_t generation_ = 0;
  bool collecting_ = false;  ///< between begin_desired and commit_desired
  bool turn_scheduled_ = false;
  BatchSize batch_size_;
  std::size_t spent_ = 0;  ///< units of work in this turn; one is about one Op

  bool clear_others_ = false;  ///< of what was found, that too goes which nobody wants
  unsigned dump_tries_ = 0;
  std::unique_ptr<ServiceDump> dump_;          ///< set while adopting
  std::optional<std::set<ServiceKey>> found_;  ///< what the kernel held when hald began; until settled

  Duration verify_interval_ = kDefaultVerifyInterval;
  TimerHandle verify_timer_;
  bool verifying_ = false;
  std::optional<ServiceKey> verified_;  ///< the last service this pass has read
  BatchSize verify_size_;
  std::uint64_t drift_before_pass_ = 0;

  Counters counters_;  ///< those that only grow
  bool report_due_ = false;
  TimePoint began_;
  std::uint64_t writes_reported_ = 0;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);  ///< posted callbacks hold it weakly
};

}  // namespace hald::ipvs
