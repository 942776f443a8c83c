// SPDX-License-Identifier: Apache-2.0
// Catalogue: virtual servers, real servers and checks.
#include <array>

#include "config/catalogue.h"
#include "config/codes.h"

namespace hald::config::entries {
namespace {

constexpr std::string_view kGood =
    "virtual_server 10.0.0.3 80 {\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
    "    real_server 10.0.0.7 80 {\n        weight 1\n    }\n}";

}  // namespace

std::span<const Explanation> servers() {
  static constexpr std::array kEntries{
      Explanation{code::kNoRealServer, "a virtual server without real servers",
                  "There is nobody to send connections to. The block is ignored.",
                  "The service does not exist.", "The same.", Reading::Alike, Around::Nothing,
                  "virtual_server 10.0.0.3 80 {\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n}",
                  kGood},
      Explanation{
          code::kNoProtocol, "a virtual server without protocol", "UDP is used.",
          "Most services are TCP, and would then not be reachable.", "The same: it reports it and uses UDP.",
          Reading::Alike, Around::Nothing,
          "virtual_server 10.0.0.3 80 {\n    lb_algo rr\n    lb_kind NAT\n    real_server 10.0.0.7 80 {\n"
          "        weight 1\n    }\n}",
          kGood},
      Explanation{
          code::kNoScheduler, "a virtual server without lb_algo", "wlc is used.",
          "A default that nobody wrote down is easy to overlook.", "The same: it reports it and uses wlc.",
          Reading::Alike, Around::Nothing,
          "virtual_server 10.0.0.3 80 {\n    lb_kind NAT\n    protocol TCP\n    real_server 10.0.0.7 80 {\n"
          "        weight 1\n    }\n}",
          kGood},
      Explanation{
          code::kNoForwarding, "a virtual server without lb_kind", "NAT is used.",
          "Servers that are prepared for DR or TUN will not answer.", "The same: it reports it and uses NAT.",
          Reading::Alike, Around::Nothing,
          "virtual_server 10.0.0.3 80 {\n    lb_algo rr\n    protocol TCP\n    real_server 10.0.0.7 80 {\n"
          "        weight 1\n    }\n}",
          kGood},
      Explanation{
          code::kProtocolIgnored, "a protocol for a firewall mark",
          "A service by firewall mark takes whatever is marked. The word is ignored.",
          "The rule that sets the mark decides about the protocol.", "The same.", Reading::Alike,
          Around::Nothing,
          "virtual_server fwmark 7 {\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
          "    real_server 10.0.0.7 80 {\n        weight 1\n    }\n}",
          "virtual_server fwmark 7 {\n    lb_algo rr\n    lb_kind NAT\n    real_server 10.0.0.7 80 {\n"
          "        weight 1\n    }\n}"},
      Explanation{
          code::kAddressSuffix, "something behind an address",
          "A virtual or real server has one address: a prefix length or a range behind it is ignored.",
          "Only the one address is served. Ranges belong into a virtual_server_group.",
          "It ignores it and says nothing.", Reading::Alike, Around::Nothing,
          "virtual_server 10.0.0.3/24 80 {\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
          "    real_server 10.0.0.7 80 {\n        weight 1\n    }\n}",
          kGood},
      Explanation{code::kFamilyMismatch, "IPv4 and IPv6 in one service",
                  "Servers have the family of their service, sources of checks that of their target. Only "
                  "tunnels lead to the other family. It is ignored.",
                  "The server gets no connections.", "The same.", Reading::Alike, Around::Nothing,
                  "virtual_server 10.0.0.3 80 {\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
                  "    real_server 2001:db8::7 80 {\n        weight 1\n    }\n    real_server 10.0.0.8 80 {\n"
                  "        weight 1\n    }\n}",
                  kGood},
      Explanation{
          code::kPortForced, "another port with DR or TUN",
          "With direct routing and tunnels the packets reach the server as the client sent them: the port "
          "cannot change. That of the service is used.",
          "The server must listen on the port of the service. A check goes to the port that is written.",
          "The same.", Reading::Alike, Around::Nothing,
          "virtual_server 10.0.0.3 80 {\n    lb_algo rr\n    lb_kind DR\n    protocol TCP\n"
          "    real_server 10.0.0.7 8080 {\n        weight 1\n    }\n}",
          "virtual_server 10.0.0.3 80 {\n    lb_algo rr\n    lb_kind DR\n    protocol TCP\n"
          "    real_server 10.0.0.7 80 {\n        weight 1\n    }\n}"},
      Explanation{code::kPersistenceForced, "a service on all ports that is not persistent",
                  "The kernel takes a service without a port only if it is persistent. 360 s are used.",
                  "A client sticks to one server for six minutes.", "The same: it reports it and uses 360 s.",
                  Reading::Alike, Around::Nothing,
                  "virtual_server 10.0.0.3 0 {\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
                  "    real_server 10.0.0.7 0 {\n        weight 1\n    }\n}",
                  "virtual_server 10.0.0.3 0 {\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
                  "    persistence_timeout 360\n    real_server 10.0.0.7 0 {\n        weight 1\n    }\n}"},
      Explanation{code::kOnePacketIgnored, "ops without UDP",
                  "One-packet scheduling is for UDP. It is ignored.", "Connections are scheduled as usual.",
                  "The same.", Reading::Alike, Around::Service, "    ops", ""},
      Explanation{code::kQuorumReduced, "a quorum that cannot be reached",
                  "The quorum is more than the weights of all servers together. Their sum is used.",
                  "Otherwise the quorum could never be gained.", "The same.", Reading::Alike, Around::Service,
                  "    quorum 5", "    quorum 1"},
      Explanation{code::kHysteresisReduced, "a hysteresis that is not below the quorum",
                  "The quorum could then never be lost. One less than the quorum is used.",
                  "Scripts for a lost quorum would never run.", "The same.", Reading::Alike, Around::Service,
                  "    hysteresis 1", "    hysteresis 0"},
      Explanation{code::kNoCheckPort, "a check without a port",
                  "Neither the check nor the server nor the service has a port. The check goes to port 0 and "
                  "finds the server dead.",
                  "The server gets no connections.", "The same, without a word.", Reading::Alike,
                  Around::Nothing,
                  "virtual_server fwmark 7 {\n    lb_algo rr\n    lb_kind NAT\n    real_server 10.0.0.7 {\n"
                  "        TCP_CHECK {\n        }\n    }\n}",
                  "virtual_server fwmark 7 {\n    lb_algo rr\n    lb_kind NAT\n    real_server 10.0.0.7 {\n"
                  "        TCP_CHECK {\n            connect_port 80\n        }\n    }\n}"},
      Explanation{code::kFlagIgnored, "a scheduler's flag without its scheduler",
                  "The word sets a flag of one scheduler, which has to stand above it. The line is ignored.",
                  "Connections are spread in another way than was meant.", "The same.", Reading::Alike,
                  Around::Service, "    sh-port", "    lb_algo sh\n    sh-port"},
      Explanation{code::kNoSorryServer, "words about a sorry server that is not there",
                  "They stand below sorry_server. The line is ignored.",
                  "The sorry server is used in another way than was meant.", "The same.", Reading::Alike,
                  Around::Service, "    sorry_server_inhibit\n    sorry_server 10.0.0.9 80",
                  "    sorry_server 10.0.0.9 80\n    sorry_server_inhibit"},
      Explanation{code::kEmptyGroup, "a group without addresses",
                  "No line of the group can be used. The group is ignored, and with it the virtual servers "
                  "that name it.",
                  "The services do not exist.", "The same.", Reading::Alike, Around::Nothing,
                  "virtual_server_group web {\n}", "virtual_server_group web {\n    10.0.0.3 80\n}"},
      Explanation{
          code::kIncompleteCheck, "a check that asks nothing",
          "A word is missing without which the check cannot be made: a url and its path, a program, a "
          "file, a session. The check is ignored, of several urls the one.",
          "The server counts as alive although nobody asks it.", "The same.", Reading::Alike, Around::Server,
          "        HTTP_GET {\n        }",
          "        HTTP_GET {\n            url {\n                path /\n            }\n        }"},
      Explanation{
          code::kDuplicateVirtualServer, "a virtual server given twice",
          "There is one with the same address, port and protocol, or with the same firewall mark. The "
          "second one is ignored.",
          "Its real servers get no connections.",
          "It adds the real servers of both to one service of the kernel.", Reading::Otherwise,
          Around::Nothing,
          "virtual_server 10.0.0.3 80 {\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
          "    real_server 10.0.0.7 80 {\n        weight 1\n    }\n}\n"
          "virtual_server 10.0.0.3 80 {\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
          "    real_server 10.0.0.8 80 {\n        weight 1\n    }\n}",
          kGood},
      Explanation{
          code::kDuplicateRealServer, "a real server given twice",
          "The virtual server has one with the same address and port already. The second one is ignored.",
          "Its weight and its checks do not count.",
          "The same; it says nothing of two that differ only by a port that one of them leaves out.",
          Reading::Alike, Around::Nothing,
          "virtual_server 10.0.0.3 80 {\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
          "    real_server 10.0.0.7 80 {\n        weight 1\n    }\n    real_server 10.0.0.7 80 {\n"
          "        weight 2\n    }\n}",
          kGood},
      Explanation{code::kDuplicateGroup, "a group given twice",
                  "There is one of this name already. The second one is ignored.",
                  "Its addresses are not served.", "The same, without a word.", Reading::Alike,
                  Around::Nothing,
                  "virtual_server_group web {\n    10.0.0.3 80\n}\nvirtual_server_group web {\n"
                  "    10.0.0.4 80\n}",
                  "virtual_server_group web {\n    10.0.0.3 80\n    10.0.0.4 80\n}"},
  };
  return kEntries;
}

}  // namespace hald::config::entries
