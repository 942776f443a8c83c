// SPDX-License-Identifier: Apache-2.0
// Completing a vrrp_instance: unicast or multicast, on which interface, on which link of its own.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/complete_vrrp.h"

namespace hald::config {
namespace {

/// Any of them says that unicast is meant.
constexpr std::array<std::string_view, 5> kUnicastWords{
    "unicast_peer", "unicast_fault_no_peer", "check_unicast_src", "old_unicast_checksum", "unicast_src_ip"};

}  // namespace

/// Of the interface, as it is or as interfaces usually are.
InterfaceFacts Completion::facts() const {
  return context_.machine.interface(out_.interface).value_or(InterfaceFacts{});
}

/// False if the instance cannot run.
bool Completion::unicast() {
  const auto* const word = std::find_if(kUnicastWords.begin(), kUnicastWords.end(),
                                        [this](auto each) { return draft_.wrote(each); });
  const bool meant = word != kUnicastWords.end();
  out_.unicast = !out_.peers.empty() || draft_.fault_without_peers;
  if (meant && out_.peers.empty()) {
    out_.fault = draft_.fault_without_peers;
    if (!out_.fault) {
      complain(*word, code::kNoPeer, "there are no unicast peers: adverts are sent by multicast",
               "name them in a block `unicast_peer`");
    }
  }
  if (draft_.wrote("unicast_ttl") && out_.peers.empty()) {
    complain("unicast_ttl", code::kNoPeer, "without unicast peers `unicast_ttl` means nothing");
  }
  if (!out_.unicast) out_.unicast_ttl.reset();
  if (out_.unicast && !out_.unicast_ttl && out_.family == Family::IPv4) out_.unicast_ttl = std::uint8_t{255};
  out_.check_unicast_source =
      out_.unicast && draft_.settings.check_unicast_src.value_or(*context_.global.vrrp.check_unicast_src);
  if (!out_.unicast) out_.unicast_checksum = UnicastChecksum::Automatic;
  if (!out_.interface.empty()) return true;
  if (!meant) {
    lacks("interface", code::kNoInterface, "interface");
    return false;
  }
  if (!out_.source || (!out_.source->is_v4() && out_.source->is_link_local())) {
    error({}, code::kNoInterface,
          fmt::format("{} has no interface, and no {}`unicast_src_ip`", quote(out_.name),
                      out_.source ? "global " : ""),
          "the whole block is ignored");
    return false;
  }
  if (!out_.unicast) {
    error({}, code::kNoInterface,
          fmt::format("{} has neither an interface nor peers: it stays in FAULT", quote(out_.name)));
    out_.fault = true;
  }
  return true;
}

/// What the interface allows. False if the instance cannot run.
bool Completion::interface() {
  if (out_.strict && !out_.peers.empty() && !out_.interface.empty() && facts().multicast) {
    error("unicast_peer", code::kStrict, "strict mode has no unicast on an interface that knows multicast",
          "the whole block is ignored");
    return false;
  }
  if (!out_.interface.empty() && !facts().multicast && out_.peers.empty()) {
    error("interface", code::kNoMulticast,
          fmt::format("{} knows no multicast, and there are no unicast peers: the instance stays in FAULT",
                      quote(out_.interface)));
    out_.fault = true;
  }
  if (!out_.vrf.empty() && (!out_.interface.empty() || !out_.unicast)) {
    error("vrf", code::kContradiction,
          fmt::format("a vrf is for unicast instances without interface, and this one {}: it is ignored",
                      out_.interface.empty() ? "is multicast" : "has one"));
    out_.vrf.clear();
  }
  return true;
}

void Completion::own_link() {
  const bool vmac = has_vmac();
  const std::string_view word = vmac ? "use_vmac" : "use_ipvlan";
  if (out_.own_link && out_.interface.empty()) {
    error(word, code::kContradiction, fmt::format("{} needs an interface: it is ignored", quote(word)));
    out_.own_link.reset();
  }
  if (!out_.own_link) {
    if (draft_.vmac_xmit_base)
      error("vmac_xmit_base", code::kContradiction, "`vmac_xmit_base` is for use_vmac: it is ignored");
    return;
  }
  OwnLink& link = *out_.own_link;
  link.send_from_parent = draft_.vmac_xmit_base;
  if (draft_.mac_takes_vrid && link.mac) link.mac->back() = out_.vrid;
  if (!facts().ethernet) {
    error(word, code::kNotEthernet,
          fmt::format("{} is no Ethernet: the instance stays in FAULT", quote(out_.interface)));
    out_.fault = true;
  }
  if (out_.unicast && !link.send_from_parent) {
    complain(word, code::kContradiction, "unicast adverts are sent from the interface itself",
             "write `vmac_xmit_base` too");
    link.send_from_parent = vmac;
  }
  if (!vmac && link.send_from_parent) {
    error("vmac_xmit_base", code::kContradiction, "`vmac_xmit_base` is for use_vmac: it is ignored");
    link.send_from_parent = false;
  }
  if (out_.strict && link.mac) {
    error(word, code::kStrict, "strict mode has its own MAC addresses: that of the line is ignored");
    link.mac.reset();
  }
  if (out_.strict && link.send_from_parent) {
    error("vmac_xmit_base", code::kStrict, "`vmac_xmit_base` cannot be had in strict mode: it is ignored");
    link.send_from_parent = false;
  }
  if (out_.promote_secondaries) {
    complain("promote_secondaries", code::kContradiction,
             "`promote_secondaries` holds for links of their own anyway");
    out_.promote_secondaries = false;
  }
  if (vmac || (out_.family == Family::IPv6 && !link.address)) return;
  if (link.address && link.address->address.family() == out_.family) return;
  error(word, code::kMissingArgument, "an IPv4 ipvlan needs an address: the instance stays in FAULT",
        "use_ipvlan ADDRESS/LENGTH");
  out_.fault = true;
}

void Completion::group_address() {
  if (out_.unicast && out_.group) {
    error("mcast_dst_ip", code::kContradiction, "a unicast instance has no multicast group: it is ignored");
    out_.group.reset();
  }
  if (out_.unicast || out_.group) return;
  out_.group = out_.family == Family::IPv4 ? context_.global.mcast_group4 : context_.global.mcast_group6;
}

}  // namespace hald::config
