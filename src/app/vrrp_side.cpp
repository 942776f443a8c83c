// SPDX-License-Identifier: Apache-2.0
#include "app/vrrp_side.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "app/process.h"
#include "net/netlink_routing.h"
#include "net/netlink_rtnl.h"
#include "net/vmac_sysctls.h"
#include "vrrp/instance.h"
#include "vrrp/wanted.h"

namespace hald::app {
namespace {

/// The owner of what is there as long as hald runs.
constexpr const char* kStatics = "static";
constexpr const char* kReversePath = "reverse path";
/// The owner of what the run before held; last by name, so that whoever is there now decides.
constexpr const char* kFormer = "~ the run before";

std::vector<net::SysctlWish> wanted_sysctls(const config::Config& config) {
  std::vector<net::SysctlWish> out;
  if (config.global.disable_local_igmp) out.push_back(net::no_link_local_igmp());
  for (const auto& instance : config.instances) {
    if (instance.promote_secondaries) out.push_back(net::promote_secondaries(instance.interface));
  }
  return out;
}

/// A link of its own goes down with the interface below, so it has that one's delays.
std::vector<net::SteadyInterfaces::Delay> wanted_delays(const config::Config& config,
                                                        const std::vector<net::WantedLink>& own) {
  std::vector<net::SteadyInterfaces::Delay> out;
  for (const auto& delay : config.interface_delays) {
    out.push_back({delay.name, delay.down, delay.up});
    for (const auto& link : own) {
      if (link.base == delay.name) out.push_back({link.name, delay.down, delay.up});
    }
  }
  return out;
}

/// A virtual MAC interface must not drop what comes from another way than it would send.
std::vector<net::SysctlWish> reverse_path_sysctls(const net::Sysctls& sysctls,
                                                  const std::vector<net::Link>& links) {
  std::vector<std::string> names;
  names.reserve(links.size());
  for (const auto& link : links) names.push_back(link.name);
  return net::rp_filter_sysctls(net::read_rp_filters(sysctls, names), {});
}

void append(net::Holdings& all, const net::Holdings& more) {
  all.addresses.insert(all.addresses.end(), more.addresses.begin(), more.addresses.end());
  all.routes.insert(all.routes.end(), more.routes.begin(), more.routes.end());
  all.rules.insert(all.rules.end(), more.rules.begin(), more.rules.end());
  all.closed.insert(all.closed.end(), more.closed.begin(), more.closed.end());
}

/// What hald held as MASTER of those, and what was there all the time.
net::Holdings former_holdings(const config::Config& former, const vrrp::Carried& carried) {
  std::set<std::string> masters;
  for (const auto& instance : carried.instances) {
    if (vrrp::name_of(instance.state) == vrrp::StateName::Master) masters.insert(instance.id);
  }
  net::Holdings out = vrrp::wanted_statics(former);
  for (const auto& instance : former.instances) {
    if (masters.contains(vrrp::id_of(instance))) append(out, vrrp::wanted_holdings(instance));
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<VrrpSide>> VrrpSide::open(boost::asio::io_context& io, net::AsioScheduler& scheduler,
                                                 log::Logger& logger, proc::Spawner& spawner) {
  if (auto allowed = require_network_capabilities(); !allowed) return allowed.error();
  std::unique_ptr<net::Rtnl> rtnl;
  std::unique_ptr<net::Routing> routing;
  try {
    rtnl = std::make_unique<net::NetlinkRtnl>(io);
    routing = std::make_unique<net::NetlinkRouting>(io);
  } catch (const std::system_error& problem) {
    return Error{problem.code(), "open rtnetlink"};
  }
  std::unique_ptr<VrrpSide> side(
      new VrrpSide(io, scheduler, logger, spawner, std::move(rtnl), std::move(routing)));
  if (auto started = side->interfaces_.start(); !started) return started.error();
  return side;
}

VrrpSide::VrrpSide(boost::asio::io_context& io, net::AsioScheduler& scheduler, log::Logger& logger,
                   proc::Spawner& spawner, std::unique_ptr<net::Rtnl> rtnl,
                   std::unique_ptr<net::Routing> routing)
    : rtnl_(std::move(rtnl)),
      routing_(std::move(routing)),
      interfaces_(*rtnl_, scheduler, logger),
      steady_(interfaces_, scheduler, logger),
      addresses_(*rtnl_, interfaces_, scheduler, logger),
      routes_(*routing_, interfaces_, scheduler, logger),
      rules_(*routing_, interfaces_, scheduler, logger),
      filter_thread_(io, {}),
      nftables_(io, [this](auto work,
                           auto done) { return filter_thread_.submit(std::move(work), std::move(done)); }),
      filter_(nftables_, interfaces_, scheduler, logger),
      holdings_(addresses_, routes_, rules_, &filter_),
      holder_(holdings_, interfaces_, logger),
      sysctls_(proc_, interfaces_, scheduler, logger),
      links_(*rtnl_, interfaces_, sysctls_, scheduler, logger),
      transport_(io, logger),
      files_(io, scheduler, logger),
      processes_(io, scheduler),
      supervisor_(
          {scheduler, logger, transport_, announcer_, steady_, holder_, &spawner, &files_, &processes_}) {
  // An advert that already lies in a socket is read before any timer may take its absence for silence.
  scheduler.before_urgent([this] { transport_.poll(); });
  subscription_ = interfaces_.subscribe([this](const std::string& name) { interface_changed(name); });
}

void VrrpSide::resume(const std::shared_ptr<const config::Config>& former, vrrp::Carried carried,
                      const std::vector<net::RememberedSysctl>& sysctls) {
  resuming_ = true;
  sysctls_.adopt(sysctls);
  filter_.configure(vrrp::wanted_filter(*former));
  const auto addresses_of = [this](int ifindex) { return interfaces_.addresses(ifindex); };
  const auto own = vrrp::place_own_links(*former, interfaces_.links(), addresses_of, link_names_);
  hold_links(own.links);
  auto held = former_holdings(own.config ? *own.config : *former, carried);
  held.addresses.insert(held.addresses.end(), own.addresses.begin(), own.addresses.end());
  holder_.hold(kFormer, std::move(held));
  supervisor_.resume(std::move(carried));
}

void VrrpSide::let_former_go() {
  if (!std::exchange(resuming_, false)) return;
  holder_.forget(kFormer);
  sysctls_.put_back_unclaimed();
}

void VrrpSide::apply(std::shared_ptr<const config::Config> config, const vrrp::Prepare& prepare) {
  filter_.configure(vrrp::wanted_filter(*config));
  sysctls_.hold(kStatics, wanted_sysctls(*config));
  const auto addresses_of = [this](int ifindex) { return interfaces_.addresses(ifindex); };
  auto own = vrrp::place_own_links(*config, interfaces_.links(), addresses_of, link_names_);
  hold_links(own.links);
  steady_.configure(wanted_delays(*config, own.links));
  config_ = config;
  hold_statics(*config, std::move(own.addresses));
  supervisor_.apply(own.config ? std::move(own.config) : std::move(config), prepare);
  // Only now: a MASTER that is gone has said farewell over its link.
  links_.hold(kStatics, wanted_links_);
  let_former_go();
}

void VrrpSide::hold_statics(const config::Config& config, std::vector<net::WantedAddress> own) {
  auto statics = vrrp::wanted_statics(config);
  statics.addresses.insert(statics.addresses.end(), own.begin(), own.end());
  holder_.hold(kStatics, std::move(statics));
  link_addresses_ = std::move(own);
  below_.clear();
  for (const auto& link : wanted_links_) {
    if (link.ipv6) below_.try_emplace(link.base, link_locals_of(link.base));
  }
}

std::vector<Address> VrrpSide::link_locals_of(const std::string& interface) const {
  std::vector<Address> out;
  const net::Link* link = interfaces_.find(interface);
  if (link == nullptr) return out;
  for (const auto& each : interfaces_.list(link->index)) {
    const Address& address = each.prefix.address;
    if (!address.is_v4() && address.is_link_local() && !each.dad_failed) out.push_back(address);
  }
  return out;
}

/// A link has the link-local address of the interface below, and gets its new one. While that has none, which
/// is so as long as it is down, the links keep theirs.
void VrrpSide::interface_changed(const std::string& name) {
  const auto known = below_.find(name);
  if (known == below_.end()) return;
  auto now = link_locals_of(name);
  if (now.empty() || now == known->second) return;
  known->second = std::move(now);
  const auto any_lacks = [](const auto& each) { return each.second.empty(); };
  if (std::any_of(below_.begin(), below_.end(), any_lacks)) return;
  const auto addresses_of = [this](int ifindex) { return interfaces_.addresses(ifindex); };
  auto own = vrrp::place_own_links(*config_, interfaces_.links(), addresses_of, link_names_);
  if (own.addresses != link_addresses_) hold_statics(*config_, std::move(own.addresses));
}

/// Links that are wanted no more stay until apply() has ended what speaks over them.
void VrrpSide::hold_links(const std::vector<net::WantedLink>& links) {
  auto all = links;
  for (const auto& before : wanted_links_) {
    const bool again = std::any_of(links.begin(), links.end(),
                                   [&](const net::WantedLink& one) { return one.name == before.name; });
    if (!again) all.push_back(before);
  }
  links_.hold(kStatics, std::move(all));
  wanted_links_ = links;
  if (links.empty()) return sysctls_.forget(kReversePath);
  if (reverse_path_.empty()) reverse_path_ = reverse_path_sysctls(proc_, interfaces_.links());
  sysctls_.hold(kReversePath, reverse_path_);
}

void VrrpSide::leave_links() {
  wanted_links_.clear();
  links_.forget(kStatics);
  sysctls_.forget(kReversePath);
}

void VrrpSide::stop() {
  supervisor_.stop();
  drop_statics();
  leave_links();
}

void VrrpSide::leave(std::function<void()> done) {
  supervisor_.leave([this, done = std::move(done)] {
    drop_statics();
    leave_links();
    done();
  });
}

void VrrpSide::drop_statics() {
  config_.reset();
  below_.clear();
  holder_.forget(kStatics);
  sysctls_.forget(kStatics);
  holdings_.finish();
}

}  // namespace hald::app
