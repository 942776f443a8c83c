// SPDX-License-Identifier: Apache-2.0
// What a Daemon shows of itself and its two sides.
#include <unistd.h>

#include <memory>

#include "app/daemon.h"

namespace hald::app {

/// Keeps the configuration it began with: a reload in the middle of an answer moves no index.
class Daemon::StatusSource : public status::Source {
 public:
  explicit StatusSource(const Daemon& daemon) : daemon_(daemon), config_(daemon.config_) {}

  [[nodiscard]] status::Head head() const override;
  [[nodiscard]] std::size_t virtual_servers() const override {
    return daemon_.servers_ ? checker::service_count(*config_) : 0;
  }
  [[nodiscard]] status::VirtualServerView virtual_server(std::size_t index) const override {
    return daemon_.servers_->view(checker::service_at(*config_, index));
  }

 private:
  const Daemon& daemon_;
  std::shared_ptr<const config::Config> config_;
};

status::Head Daemon::StatusSource::head() const {
  status::Head head;
  head.node = {config_->global.router_id, ::getpid(), HALD_VERSION};
  head.config = daemon_.config_view_;
  head.kernel.ipvs = "off";
  if (daemon_.servers_) {
    const auto counters = daemon_.servers_->counters();
    head.kernel.ipvs = daemon_.servers_->backend();
    head.kernel.ipvs_writes = counters.writes;
    head.kernel.ipvs_errors = counters.errors;
    head.kernel.ipvs_drift = counters.drift;
  }
  if (daemon_.vrrp_) {
    head.kernel.address_writes = daemon_.vrrp_->address_writes();
    head.kernel.address_drift = daemon_.vrrp_->address_drift();
    head.kernel.routing_writes = daemon_.vrrp_->routing_writes();
    head.kernel.routing_drift = daemon_.vrrp_->routing_drift();
    head.kernel.filter_writes = daemon_.vrrp_->filter_writes();
    head.kernel.filter_drift = daemon_.vrrp_->filter_drift();
    head.kernel.sysctl_drift = daemon_.vrrp_->sysctl_drift();
    head.kernel.sysctl_problems = daemon_.vrrp_->sysctl_problems();
    head.stray_packets = {daemon_.vrrp_->strays().unknown_vrid, daemon_.vrrp_->strays().unreadable};
    head.lateness = daemon_.vrrp_->lateness();
    head.instances = daemon_.vrrp_->views();
    head.sync_groups = daemon_.vrrp_->groups();
  }
  return head;
}

std::unique_ptr<const status::Source> Daemon::source() const {
  return std::make_unique<StatusSource>(*this);
}

}  // namespace hald::app
