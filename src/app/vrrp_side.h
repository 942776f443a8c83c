// SPDX-License-Identifier: Apache-2.0
// The elected half of hald, put together: rtnetlink, addresses, routes and rules, the packet filter, the VRRP
// wire and the supervisor over them; and what is there as long as hald runs, elected or not. Left out with
// -C.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "config/model.h"
#include "net/address_reconciler.h"
#include "net/asio_scheduler.h"
#include "net/filter_keeper.h"
#include "net/holdings.h"
#include "net/interface_table.h"
#include "net/libnftables.h"
#include "net/link_reconciler.h"
#include "net/routing.h"
#include "net/rtnl.h"
#include "net/steady_interfaces.h"
#include "net/sysctl_keeper.h"
#include "net/vrf_holder.h"
#include "proc/helper_threads.h"
#include "proc/inotify_files.h"
#include "proc/procfs_processes.h"
#include "vrrp/own_links.h"
#include "vrrp/packet_announcer.h"
#include "vrrp/raw_transport.h"
#include "vrrp/supervisor.h"

namespace hald::app {

class VrrpSide {
 public:
  /// Needs CAP_NET_ADMIN and CAP_NET_RAW; says which one is missing.
  [[nodiscard]] static Result<std::unique_ptr<VrrpSide>> open(boost::asio::io_context& io,
                                                              net::AsioScheduler& scheduler,
                                                              log::Logger& logger, proc::Spawner& spawner);

  /// Whom it tells of changes; before the first apply().
  void observe(vrrp::StateObserver on_state, vrrp::EventObserver on_event, vrrp::GroupObserver on_group) {
    supervisor_.on_state(std::move(on_state));
    supervisor_.on_group(std::move(on_group));
    supervisor_.on_event(std::move(on_event));
  }
  /// Before the first apply(): the run before, with the configuration `former`, ended without a word. What it
  /// held stays as far as apply() wants it, and goes otherwise.
  void resume(const std::shared_ptr<const config::Config>& former, vrrp::Carried carried,
              const std::vector<net::RememberedSysctl>& sysctls);
  [[nodiscard]] vrrp::Carried carry() const { return supervisor_.carry(); }
  [[nodiscard]] std::vector<net::RememberedSysctl> changed_sysctls() const { return sysctls_.remembered(); }
  void apply(std::shared_ptr<const config::Config> config, const vrrp::Prepare& prepare);
  /// Farewell on the wire, and nothing left in the kernel, when it returns.
  void stop();
  /// The same, but the successor takes over first; at most the longest skew time of the MASTERs.
  void leave(std::function<void()> done);
  /// Takes away what is there as long as hald runs.
  void drop_statics();

  [[nodiscard]] vrrp::Supervisor& supervisor() { return supervisor_; }
  [[nodiscard]] std::vector<vrrp::InstanceView> views() const { return supervisor_.views(); }
  [[nodiscard]] std::vector<vrrp::GroupView> groups() const { return supervisor_.groups(); }
  [[nodiscard]] const vrrp::StrayCounters& strays() const { return supervisor_.strays(); }
  [[nodiscard]] const vrrp::Lateness& lateness() const { return supervisor_.lateness(); }
  [[nodiscard]] std::uint64_t address_writes() const { return addresses_.writes(); }
  [[nodiscard]] std::uint64_t address_drift() const { return addresses_.drift(); }
  [[nodiscard]] std::uint64_t routing_writes() const { return routes_.writes() + rules_.writes(); }
  [[nodiscard]] std::uint64_t routing_drift() const { return routes_.drift() + rules_.drift(); }
  [[nodiscard]] std::uint64_t filter_writes() const { return filter_.writes(); }
  [[nodiscard]] std::uint64_t filter_drift() const { return filter_.drift(); }
  [[nodiscard]] std::uint64_t sysctl_drift() const { return sysctls_.drift(); }
  [[nodiscard]] std::vector<std::string> sysctl_problems() const { return sysctls_.problems(); }

 private:
  void let_former_go();
  void hold_links(const std::vector<net::WantedLink>& links);
  void leave_links();
  void hold_statics(const config::Config& config, std::vector<net::WantedAddress> own);
  void interface_changed(const std::string& name);
  [[nodiscard]] std::vector<Address> link_locals_of(const std::string& interface) const;

  VrrpSide(boost::asio::io_context& io, net::AsioScheduler& scheduler, log::Logger& logger,
           proc::Spawner& spawner, std::unique_ptr<net::Rtnl> rtnl, std::unique_ptr<net::Routing> routing);

  std::unique_ptr<net::Rtnl> rtnl_;
  std::unique_ptr<net::Routing> routing_;
  net::ProcSysctls proc_;
  net::InterfaceTable interfaces_;
  net::SteadyInterfaces steady_;  // what the elections believe of them
  net::AddressReconciler addresses_;
  net::RouteReconciler routes_;
  net::RuleReconciler rules_;
  proc::HelperThreads filter_thread_;
  net::LibNftables nftables_;
  net::FilterKeeper filter_;
  net::HoldingsKeeper holdings_;
  net::VrfHolder holder_;  // in front of it
  net::SysctlKeeper sysctls_;
  net::LinkReconciler links_;
  std::vector<net::WantedLink> wanted_links_;
  std::shared_ptr<const config::Config> config_;       // while it is held
  std::vector<net::WantedAddress> link_addresses_;     // what the links need themselves
  std::map<std::string, std::vector<Address>> below_;  // link-local, of what IPv6 links stand on
  bool resuming_ = false;
  vrrp::LinkNames link_names_;
  std::vector<net::SysctlWish> reverse_path_;  // as the machine was before the first link
  vrrp::RawTransport transport_;
  vrrp::PacketAnnouncer announcer_;
  proc::InotifyFiles files_;
  proc::ProcfsProcesses processes_;
  vrrp::Supervisor supervisor_;
  net::Subscription subscription_;
};

}  // namespace hald::app
