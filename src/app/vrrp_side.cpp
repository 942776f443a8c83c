// SPDX-License-Identifier: Apache-2.0
#include "app/vrrp_side.h"

#include <system_error>

#include "app/process.h"

namespace hald::app {

Result<std::unique_ptr<VrrpSide>> VrrpSide::open(boost::asio::io_context& io, net::AsioScheduler& scheduler,
                                                 log::Logger& logger, proc::Spawner& spawner) {
  if (auto allowed = require_network_capabilities(); !allowed) return allowed.error();
  std::unique_ptr<net::Rtnl> rtnl;
  try {
    rtnl = std::make_unique<net::NetlinkRtnl>(io);
  } catch (const std::system_error& problem) {
    return Error{problem.code(), "open rtnetlink"};
  }
  std::unique_ptr<VrrpSide> side(new VrrpSide(io, scheduler, logger, spawner, std::move(rtnl)));
  if (auto started = side->interfaces_.start(); !started) return started.error();
  return side;
}

VrrpSide::VrrpSide(boost::asio::io_context& io, net::AsioScheduler& scheduler, log::Logger& logger,
                   proc::Spawner& spawner, std::unique_ptr<net::Rtnl> rtnl)
    : rtnl_(std::move(rtnl)),
      interfaces_(*rtnl_, scheduler, logger),
      addresses_(*rtnl_, interfaces_, scheduler, logger),
      transport_(io, logger),
      files_(io, scheduler, logger),
      processes_(io, scheduler),
      supervisor_({scheduler, logger, transport_, announcer_, interfaces_, addresses_, &spawner, &files_,
                   &processes_}) {
  // An advert that already lies in a socket is read before any timer may take its absence for silence.
  scheduler.before_urgent([this] { transport_.poll(); });
}

}  // namespace hald::app
