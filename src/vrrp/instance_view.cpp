// SPDX-License-Identifier: Apache-2.0
// What an Instance shows of itself, and what it passes on to the next run of hald and takes from the one
// before.
#include <variant>

#include "vrrp/instance.h"

namespace hald::vrrp {

void Instance::resume(const CarriedInstance& carried) {
  carried_ = carried.state;
  params_.yields = yields_ = carried.yields;
  since_ = carried.since;
  writer_.go_on_after(carried.ah_sequence);
  adverts_.sent = carried.adverts_sent;
  adverts_.received = carried.adverts_received;
  transitions_to_master_ = carried.transitions_to_master;
}

std::optional<CarriedInstance> Instance::carry() const {
  if (state() != StateName::Backup && state() != StateName::Master) return std::nullopt;
  CarriedInstance out;
  out.id = owner_;
  out.state = state_;
  out.since = since_;
  out.yields = yields_;
  out.ah_sequence = writer_.ah_sequence();
  out.adverts_sent = adverts_.sent;
  out.adverts_received = adverts_.received;
  out.transitions_to_master = transitions_to_master_;
  return out;
}

InstanceView Instance::view() const {
  InstanceView out;
  out.name = settings_.name;
  out.interface = settings_.interface;
  out.vrid = settings_.vrid;
  out.family = settings_.family;
  out.state = std::string(to_string(name_of(state_)));
  out.base_priority = settings_.priority;
  out.priority = params_.priority;
  out.since = since_;
  out.reason = to_string(reason_);
  if (std::holds_alternative<Master>(state_)) out.master_address = params_.source;
  if (const auto* backup = std::get_if<Backup>(&state_); backup != nullptr && backup->master) {
    out.master_address = backup->master->address;
  }
  for (const auto& address : settings_.addresses) out.addresses.push_back(address.prefix.to_string());
  for (const auto& address : settings_.excluded_addresses)
    out.excluded_addresses.push_back(address.prefix.to_string());
  out.adverts = adverts_;
  out.packets = packets_;
  out.transitions_to_master = transitions_to_master_;
  out.yields = yields_;
  out.conflicts = conflicts_.views();
  return out;
}

}  // namespace hald::vrrp
