// SPDX-License-Identifier: Apache-2.0
// vrrp_instance: its addresses, and what it tracks.
#include <utility>

#include <fmt/format.h>

#include "config/build_address.h"
#include "config/build_tracking.h"
#include "config/build_vrrp.h"
#include "config/codes.h"

namespace hald::config {
namespace {

using D = InstanceDraft;

/// Of what an instance may have once only, the second goes.
bool refuse_repeated(bool repeated, const AddressDraft& address, Values& values) {
  if (!repeated) return false;
  values.diagnostics().error(address.where, code::kDuplicateAddress,
                             fmt::format("the instance has {} already: the line is ignored",
                                         address.address.prefix.address.to_string()));
  return true;
}

void read_addresses(InstanceDraft& draft, const Node& block, Values& values) {
  for (const Node line : block.children()) {
    auto read = read_address(line, BlockId::VirtualIpaddress, *draft.known, draft.routes->names(), values);
    if (!read) continue;
    const Address address = read->address.prefix.address;
    if (!draft.join(address.family(), line.words().front(), values)) continue;
    const std::pair on_device(address, read->address.device);
    const bool repeated = draft.taken.contains(address) || draft.taken_by_excluded.contains(on_device);
    if (refuse_repeated(repeated, *read, values)) continue;
    draft.taken.insert(address);
    draft.taken_on.insert(on_device);
    draft.out.addresses.push_back(std::move(read->address));
    draft.address_places.emplace_back(read->where);
  }
}

/// These may be of either family, and those advertised on another device once more.
void read_excluded(InstanceDraft& draft, const Node& block, Values& values) {
  for (const Node line : block.children()) {
    auto read =
        read_address(line, BlockId::VirtualIpaddressExcluded, *draft.known, draft.routes->names(), values);
    if (!read) continue;
    const std::pair on_device(read->address.prefix.address, read->address.device);
    const bool repeated = draft.taken_on.contains(on_device) || draft.taken_by_excluded.contains(on_device);
    if (refuse_repeated(repeated, *read, values)) continue;
    draft.taken_by_excluded.insert(on_device);
    draft.out.excluded_addresses.push_back(std::move(read->address));
    draft.excluded_places.emplace_back(read->where);
  }
}

void print_lines(const std::vector<VirtualAddress>& addresses, const Keyword& keyword, Document& out) {
  if (addresses.empty()) return;
  Document lines;
  for (const VirtualAddress& each : addresses) lines.push_back(address_line(each));
  out.push_back(block_item(keyword.name, {}, std::move(lines)));
}

void print_addresses(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  print_lines(draft.out.addresses, keyword, out);
}
void print_excluded(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  print_lines(draft.out.excluded_addresses, keyword, out);
}

void read_routes(InstanceDraft& draft, const Node& block, Values& values) {
  draft.routes->read_virtual_routes(block, values, draft.out.routes);
}
void print_instance_routes(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  print_routes(keyword.name, draft.out.routes, out);
}

void read_rules(InstanceDraft& draft, const Node& block, Values& values) {
  draft.routes->read_virtual_rules(block, values, draft.out.rules);
}
void print_instance_rules(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  print_rules(keyword.name, draft.out.rules, out);
}

template <TrackKind Kind>
void read_tracked(InstanceDraft& draft, const Node& block, Values& values) {
  read_tracking(block, Kind, *draft.known, values, tracked(draft.out.track, Kind));
}

template <TrackKind Kind>
void print_tracked(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  print_tracking(tracked(draft.out.track, Kind), Kind, keyword, out);
}

}  // namespace

const BlockBinding<InstanceDraft>& instance_rows::lists() {
  static const BlockBinding<InstanceDraft> kBinding(
      BlockId::VrrpInstance,
      {
          {"track_interface", read_tracked<TrackKind::Interface>, print_tracked<TrackKind::Interface>},
          {"track_script", read_tracked<TrackKind::Script>, print_tracked<TrackKind::Script>},
          {"track_file", read_tracked<TrackKind::File>, print_tracked<TrackKind::File>},
          {"track_process", read_tracked<TrackKind::Process>, print_tracked<TrackKind::Process>},
          {"track_bfd", read_tracked<TrackKind::Bfd>, print_tracked<TrackKind::Bfd>},
          {"virtual_ipaddress", read_addresses, print_addresses},
          {"virtual_ipaddress_excluded", read_excluded, print_excluded},
          {"virtual_routes", read_routes, print_instance_routes},
          {"virtual_rules", read_rules, print_instance_rules},
          field<&D::out, &VrrpInstance::no_addresses>("no_virtual_ipaddress"),
      });
  return kBinding;
}

}  // namespace hald::config
