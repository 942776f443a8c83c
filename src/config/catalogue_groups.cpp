// SPDX-License-Identifier: Apache-2.0
// Catalogue: what virtual routers share, track and are forbidden: groups, weights, unicast, strict mode.
#include <array>

#include "config/catalogue.h"
#include "config/codes.h"

namespace hald::config::entries {

std::span<const Explanation> groups() {
  static constexpr std::array kEntries{
      Explanation{code::kMissingInterface, "an interface that is not there",
                  "This machine has no interface of that name now. The text is taken as it stands, and what "
                  "needs the interface waits for it.",
                  "A name may be misspelt, or meant for another machine.",
                  "It drops what names such an interface, unless dynamic_interfaces says that it may come "
                  "later, and its configuration test fails.",
                  Reading::Otherwise, Around::NotText, "interface eht0", "interface eth0"},
      Explanation{
          code::kBadMac, "a MAC address that cannot be used",
          "It is written wrongly, belongs to a group of hosts, or is one of those that RFC 9568 keeps for "
          "virtual routers. It is ignored.",
          "The link gets the MAC address of the virtual router.", "The same.", Reading::Alike,
          Around::Instance, "    use_vmac 00:00:5e:00:01:33", "    use_vmac 02:00:5e:00:01:33"},
      Explanation{code::kNoPeer, "unicast without a peer",
                  "A word about unicast stands in the instance, and no `unicast_peer` names anybody to send "
                  "to. Adverts are sent by multicast.",
                  "On a network that carries no multicast each director is MASTER.",
                  "The same: its configuration test fails.", Reading::Alike, Around::Instance,
                  "    unicast_src_ip 10.0.0.1",
                  "    unicast_src_ip 10.0.0.1\n    unicast_peer {\n        10.0.0.2\n    }"},
      Explanation{
          code::kNoMulticast, "multicast on an interface that knows none",
          "The interface carries no multicast and the instance has no unicast peers. It stays in FAULT.",
          "Its addresses are held by nobody.", "The same.", Reading::Alike, Around::NotText, "interface wg0",
          "interface wg0\nunicast_peer {\n    10.0.0.2\n}"},
      Explanation{
          code::kNotEthernet, "a link of its own on something else than Ethernet",
          "use_vmac and use_ipvlan need an Ethernet interface below them. The instance stays in FAULT.",
          "Its addresses are held by nobody.", "The same.", Reading::Alike, Around::NotText,
          "interface wg0\nuse_vmac", "interface eth0\nuse_vmac"},
      Explanation{
          code::kStrict, "what strict mode forbids",
          "`vrrp_strict` or `strict_mode` keeps to the RFC, and this word departs from it. The word is "
          "ignored; unicast peers cost the whole instance.",
          "Strict mode also drops packets to the addresses, which is rarely wanted.", "The same.",
          Reading::Alike, Around::Instance, "    strict_mode\n    garp_lower_prio_repeat 3",
          "    strict_mode"},
      Explanation{
          code::kNotLinkLocal, "a first IPv6 address that is not link-local",
          "RFC 9568 wants the first address of an IPv6 router to be link-local. hald and keepalived "
          "take others too.",
          "Routers of other vendors may refuse the adverts.", "The same; in strict mode it complains.",
          Reading::Alike, Around::Nothing,
          "vrrp_instance VI_6 {\n    interface eth0\n    virtual_router_id 61\n    virtual_ipaddress {\n"
          "        2001:db8::3/64\n    }\n}",
          "vrrp_instance VI_6 {\n    interface eth0\n    virtual_router_id 61\n    virtual_ipaddress {\n"
          "        fe80::3/64\n        2001:db8::3/64\n    }\n}"},
      Explanation{
          code::kTooManyAddresses, "more addresses than an advert can name",
          "An advert has to fit into one packet, and counts at most 255 addresses. Those beyond are held "
          "like those of virtual_ipaddress_excluded.",
          "A peer that compares the lists may report a difference.", "The same.", Reading::Alike,
          Around::NotText, "virtual_ipaddress { 300 lines }", "virtual_ipaddress_excluded { 300 lines }"},
      Explanation{
          code::kBadKey, "a key that cannot be used",
          "A key of auth_hmac has 32 to 64 bytes, as text, behind hex: in hexadecimal, or in the file "
          "behind file:. The line is ignored.",
          "Without its active key the instance does not authenticate.", "The same.", Reading::Alike,
          Around::Instance, "    auth_hmac {\n        key 1 secret\n        active_key 1\n    }",
          "    auth_hmac {\n        key 1 0123456789abcdef0123456789abcdef\n        active_key 1\n    }"},
      Explanation{code::kOpenSecret, "a key file that others can read",
                  "The file behind file: is readable by its group or by everybody. It is used all the same.",
                  "Whoever knows the key can speak for the virtual router. `hald -t` exits with 6.",
                  "The same: its configuration test exits with 6.", Reading::Alike, Around::NotText,
                  "chmod 644 /etc/hald/key", "chmod 600 /etc/hald/key"},
      Explanation{
          code::kDuplicateMember, "an instance in two sync groups",
          "An instance follows one group. It is ignored in the second.",
          "The second group does not move with it.", "The same.", Reading::Alike, Around::Nothing,
          "vrrp_instance A {\n    interface eth0\n    virtual_router_id 1\n    virtual_ipaddress {\n"
          "        10.0.0.1\n    }\n}\nvrrp_instance B {\n    interface eth0\n    virtual_router_id 2\n"
          "    virtual_ipaddress {\n        10.0.0.2\n    }\n}\n"
          "vrrp_sync_group G {\n    group {\n        A\n        B\n        A\n    }\n}",
          "vrrp_instance A {\n    interface eth0\n    virtual_router_id 1\n    virtual_ipaddress {\n"
          "        10.0.0.1\n    }\n}\nvrrp_instance B {\n    interface eth0\n    virtual_router_id 2\n"
          "    virtual_ipaddress {\n        10.0.0.2\n    }\n}\n"
          "vrrp_sync_group G {\n    group {\n        A\n        B\n    }\n}"},
      Explanation{code::kLonelyMember, "a sync group of one",
                  "There is nobody for the only member to keep in step with.",
                  "A second member was forgotten, or its name is misspelt.",
                  "The same: its configuration test fails.", Reading::Alike, Around::Nothing,
                  "vrrp_instance A {\n    interface eth0\n    virtual_router_id 1\n    virtual_ipaddress {\n"
                  "        10.0.0.1\n    }\n}\nvrrp_sync_group G {\n    group {\n        A\n    }\n}",
                  "vrrp_instance A {\n    interface eth0\n    virtual_router_id 1\n    virtual_ipaddress {\n"
                  "        10.0.0.1\n    }\n}"},
      Explanation{
          code::kWeightIgnored, "a weight that cannot move anything",
          "The priority of an owner (255) never moves, and the members of a sync group have no weights "
          "of their own unless the group says sync_group_tracking_weight. The weight, or the line, is "
          "ignored.",
          "What was meant to cause a failover causes none.", "The same.", Reading::Alike, Around::Instance,
          "    priority 255\n    track_interface {\n        eth1 weight -50\n    }",
          "    priority 150\n    track_interface {\n        eth1 weight -50\n    }"},
      Explanation{
          code::kUnwatchable, "a file that cannot be tracked",
          "Its folder does not exist, its file system is read-only or tells nobody of changes, or what "
          "should be overwritten is no file. The track_file is ignored.",
          "A priority that should follow the file stands still.", "The same.", Reading::Alike,
          Around::NotText, "file /proc/loadavg", "file /run/hald/load"},
      Explanation{
          code::kMissingWord, "a block without its most important word",
          "A vrrp_script has a script, a track_file a file, a vrrp_track_process a process, a group its "
          "members, a garp_group an interval. The block is ignored.",
          "What refers to it is ignored too.", "The same.", Reading::Alike, Around::Nothing,
          "vrrp_script chk { interval 2 }\nvrrp_instance A {\n    interface eth0\n    virtual_router_id 1\n"
          "    virtual_ipaddress {\n        10.0.0.1\n    }\n}",
          "vrrp_script chk { script /usr/bin/true }\nvrrp_instance A {\n    interface eth0\n"
          "    virtual_router_id 1\n    virtual_ipaddress {\n        10.0.0.1\n    }\n}"},
      Explanation{
          code::kDuplicateName, "a name given twice",
          "There is such a block, key or link already. The second one is ignored.",
          "What refers to the name means the first.",
          "The same; of scripts, files and processes it takes both, finds the first and says nothing.",
          Reading::Alike, Around::Nothing,
          "track_group g { group { A } }\ntrack_group g { group { A } }\nvrrp_instance A {\n"
          "    interface eth0\n    virtual_router_id 1\n    virtual_ipaddress {\n        10.0.0.1\n    }\n}",
          "track_group g { group { A } }\nvrrp_instance A {\n    interface eth0\n    virtual_router_id 1\n"
          "    virtual_ipaddress {\n        10.0.0.1\n    }\n}"},
  };
  return kEntries;
}

}  // namespace hald::config::entries
