// SPDX-License-Identifier: Apache-2.0
// Catalogue: routes, policy rules and BFD sessions.
#include <array>

#include "config/catalogue.h"
#include "config/codes.h"

namespace hald::config::entries {

std::span<const Explanation> routes() {
  static constexpr std::array kEntries{
      Explanation{code::kWordOrder, "words in an order that keepalived does not take",
                  "The words of a route or a rule stand in an order which hald understands and keepalived "
                  "does not, or which makes no sense.",
                  "The other director, if it runs keepalived, ignores the line.",
                  "It passes over the word behind `inet` and `inet6`, and takes `default` only in front of "
                  "all addresses.",
                  Reading::Otherwise, Around::Nothing, "static_routes {\n    via 10.0.0.1 default\n}\n",
                  "static_routes {\n    default via 10.0.0.1\n}\n"},
      Explanation{code::kNoDestination, "a route without a destination",
                  "The line says how to send packets and not where to. It is ignored.",
                  "The route is not there.", "The same.", Reading::Alike, Around::Nothing,
                  "static_routes {\n    via 10.0.0.1\n}\n",
                  "static_routes {\n    10.2.0.0/16 via 10.0.0.1\n}\n"},
      Explanation{code::kNoDevice, "a track_group without an interface",
                  "A static route or rule belongs to a track_group because of its interface, and names none. "
                  "It is kept, and belongs to no group.",
                  "Its loss changes nothing for the instances of the group.", "The same.", Reading::Alike,
                  Around::NotText, "10.2.0.0/16 via 10.0.0.1 track_group G",
                  "10.2.0.0/16 via 10.0.0.1 dev eth0 track_group G"},
      Explanation{code::kNotForRoutes, "a word that routes of this kind do not have",
                  "`as` rewrites labels of MPLS. For other routes it is ignored; behind `nexthop` it costs "
                  "the line.",
                  "The route does less than the line says.", "The same.", Reading::Alike, Around::Nothing,
                  "static_routes {\n    10.2.0.0/16 as to 10.0.0.9 dev eth0\n}\n",
                  "static_routes {\n    10.2.0.0/16 dev eth0\n}\n"},
      Explanation{code::kProtocolForced, "a tracked route or rule of another protocol",
                  "What is put back or noticed when others remove it is marked with protocol 18. Another "
                  "`protocol` is ignored.",
                  "Programs that look for the protocol will not find the route.", "The same.", Reading::Alike,
                  Around::Nothing, "static_routes {\n    10.2.0.0/16 dev eth0 protocol static\n}\n",
                  "static_routes {\n    10.2.0.0/16 dev eth0 protocol static no_track\n}\n"},
      Explanation{code::kBadEncapsulation, "an encapsulation that makes no sense",
                  "Behind `encap` something is missing or wrong. The line is ignored.",
                  "The route is not there.",
                  "It reports the words, ignores them and keeps the rest of the line.", Reading::Otherwise,
                  Around::Nothing, "static_routes {\n    10.2.0.0/16 encap mpls 1/2/3 dev eth0\n}\n",
                  "static_routes {\n    10.2.0.0/16 encap mpls 1/2 dev eth0\n}\n"},
      Explanation{code::kBadMark, "not a firewall mark",
                  "A mark is a number of 32 bits, maybe with a mask behind a slash. The line is ignored.",
                  "The rule is not there.", "The same.", Reading::Alike, Around::Nothing,
                  "static_rules {\n    fwmark seven table 7 preference 7\n}\n",
                  "static_rules {\n    fwmark 7 table 7 preference 7\n}\n"},
      Explanation{code::kBadRange, "not a range",
                  "FIRST-LAST is expected. hald takes one port for a range of one; anything else is ignored.",
                  "The rule matches packets that it should not.",
                  "It ignores a single port as well, so that the rule matches all of them.",
                  Reading::Otherwise, Around::Nothing,
                  "static_rules {\n    dport 80 table 7 preference 7\n}\n",
                  "static_rules {\n    dport 80-80 table 7 preference 7\n}\n"},
      Explanation{code::kNoAction, "a rule that does nothing",
                  "The line says which packets are meant and not what becomes of them. It is ignored.",
                  "The rule is not there.", "The same.", Reading::Alike, Around::Nothing,
                  "static_rules {\n    from 10.2.0.0/16 preference 7\n}\n",
                  "static_rules {\n    from 10.2.0.0/16 table 7 preference 7\n}\n"},
      Explanation{code::kActionConflict, "actions that exclude one another",
                  "A rule has one action, and some words make sense with a table only. The line is ignored.",
                  "The rule is not there.", "The same.", Reading::Alike, Around::Nothing,
                  "static_rules {\n    from 10.2.0.0/16 table 7 blackhole preference 7\n}\n",
                  "static_rules {\n    from 10.2.0.0/16 blackhole preference 7\n}\n"},
      Explanation{code::kBadTarget, "a jump that leads nowhere",
                  "`goto` leads to a rule of a higher preference than its own. The line is ignored.",
                  "The rule is not there.", "The same.", Reading::Alike, Around::Nothing,
                  "static_rules {\n    from 10.2.0.0/16 goto 5 preference 7\n}\n",
                  "static_rules {\n    from 10.2.0.0/16 goto 9 preference 7\n}\n"},
      Explanation{code::kNoPreference, "a rule without a preference",
                  "The rule gets the next of a row of preferences that decreases from 16384.",
                  "Rules are tried in the order of their preferences, so a later line comes before an "
                  "earlier one.",
                  "The same.", Reading::Alike, Around::Nothing,
                  "static_rules {\n    from 10.2.0.0/16 table 7\n}\n",
                  "static_rules {\n    from 10.2.0.0/16 table 7 preference 7\n}\n"},
      Explanation{code::kNoNeighbor, "a BFD session with nobody",
                  "The block names no neighbour. It is ignored.", "What follows the session follows nothing.",
                  "The same.", Reading::Alike, Around::Nothing, "bfd_instance B {\n    min_rx 50\n}\n",
                  "bfd_instance B {\n    neighbor_ip 10.0.0.2\n    min_rx 50\n}\n"},
      Explanation{code::kBadHops, "more hops than a packet can cross",
                  "`max_hops` is more than the TTL packets start with. The TTL is used.",
                  "The limit does not limit anything.", "The same.", Reading::Alike, Around::Nothing,
                  "bfd_instance B {\n    neighbor_ip 10.0.0.2\n    ttl 5\n    max_hops 9\n}\n",
                  "bfd_instance B {\n    neighbor_ip 10.0.0.2\n    ttl 5\n    max_hops 5\n}\n"},
      Explanation{code::kDuplicateSession, "a BFD session that is there already",
                  "Two blocks have one name, or the same addresses. The later one is ignored.",
                  "Its settings are not those that hold.", "The same.", Reading::Alike, Around::Nothing,
                  "bfd_instance A {\n    neighbor_ip 10.0.0.2\n}\nbfd_instance B {\n    neighbor_ip "
                  "10.0.0.2\n}\n",
                  "bfd_instance A {\n    neighbor_ip 10.0.0.2\n}\nbfd_instance B {\n    neighbor_ip "
                  "10.0.0.3\n}\n"},
  };
  return kEntries;
}

}  // namespace hald::config::entries
