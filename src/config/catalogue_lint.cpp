// SPDX-License-Identifier: Apache-2.0
// Catalogue: what the linter finds. keepalived says nothing about any of it and does the same.
#include <array>

#include "config/catalogue.h"
#include "config/codes.h"

namespace hald::config::entries {
namespace {

constexpr std::string_view kSame = "It does the same and says nothing.";

}  // namespace

std::span<const Explanation> lint() {
  static constexpr std::array kEntries{
      Explanation{
          code::kEqualPriority, "two peers of the same priority",
          "Two instances of this file are each other's unicast peers and have the same priority.",
          "The address decides who is MASTER, and a new address turns the roles round.", kSame,
          Reading::Alike, Around::Nothing,
          "vrrp_instance A {\n    interface eth0\n    virtual_router_id 51\n    unicast_src_ip 10.0.0.5\n"
          "    unicast_peer {\n        10.0.0.6\n    }\n    virtual_ipaddress {\n        10.0.0.3\n    }\n}\n"
          "vrrp_instance B {\n    interface eth1\n    virtual_router_id 51\n    unicast_src_ip 10.0.0.6\n"
          "    unicast_peer {\n        10.0.0.5\n    }\n    virtual_ipaddress {\n        10.0.0.3\n    }\n}",
          "vrrp_instance A {\n    interface eth0\n    virtual_router_id 51\n    priority 110\n"
          "    unicast_src_ip 10.0.0.5\n    unicast_peer {\n        10.0.0.6\n    }\n"
          "    virtual_ipaddress {\n        10.0.0.3\n    }\n}\n"
          "vrrp_instance B {\n    interface eth1\n    virtual_router_id 51\n    unicast_src_ip 10.0.0.6\n"
          "    unicast_peer {\n        10.0.0.5\n    }\n    virtual_ipaddress {\n        10.0.0.3\n    }\n}"},
      Explanation{
          code::kIdleWeight, "a weight that cannot move the priority",
          "The instance has the highest or the lowest priority there is, and the weight would move it "
          "further.",
          "What is tracked decides nothing, although it looks as if it did.", kSame, Reading::Alike,
          Around::Nothing,
          "vrrp_script check {\n    script /bin/true\n}\nvrrp_instance A {\n    interface eth0\n"
          "    virtual_router_id 51\n    priority 254\n    track_script {\n        check weight 20\n    }\n"
          "    virtual_ipaddress {\n        10.0.0.3\n    }\n}",
          "vrrp_script check {\n    script /bin/true\n}\nvrrp_instance A {\n    interface eth0\n"
          "    virtual_router_id 51\n    priority 100\n    track_script {\n        check weight 20\n    }\n"
          "    virtual_ipaddress {\n        10.0.0.3\n    }\n}"},
      Explanation{code::kScriptTimeout, "a script that may run longer than its interval",
                  "The time limit of a vrrp_script is longer than the time from one start to the next.",
                  "While it still runs it is not started again, so a hanging script is noticed late.", kSame,
                  Reading::Alike, Around::Nothing,
                  "vrrp_script check {\n    script /bin/true\n    interval 2\n    timeout 5\n}\n"
                  "vrrp_instance A {\n    interface eth0\n    virtual_router_id 51\n    track_script {\n     "
                  "   check\n"
                  "    }\n    virtual_ipaddress {\n        10.0.0.3\n    }\n}",
                  "vrrp_script check {\n    script /bin/true\n    interval 5\n    timeout 5\n}\n"
                  "vrrp_instance A {\n    interface eth0\n    virtual_router_id 51\n    track_script {\n     "
                  "   check\n"
                  "    }\n    virtual_ipaddress {\n        10.0.0.3\n    }\n}"},
      Explanation{
          code::kUnusedScript, "a script that nothing tracks",
          "A vrrp_script is defined, and no instance and no sync group tracks it.",
          "It decides nothing; most often the track_script block was forgotten.", kSame, Reading::Alike,
          Around::Nothing,
          "vrrp_script check {\n    script /bin/true\n}\nvrrp_instance A {\n    interface eth0\n"
          "    virtual_router_id 51\n    virtual_ipaddress {\n        10.0.0.3\n    }\n}",
          "vrrp_script check {\n    script /bin/true\n}\nvrrp_instance A {\n    interface eth0\n"
          "    virtual_router_id 51\n    track_script {\n        check\n    }\n    virtual_ipaddress {\n"
          "        10.0.0.3\n    }\n}"},
      Explanation{
          code::kOutsideSubnets, "a virtual address that is in no network of this machine",
          "The interface has addresses, and no network of this machine holds the virtual one.",
          "Hosts on the link send to it only through a router that knows the way; often it is a typo.", kSame,
          Reading::Alike, Around::NotText, "10.0.1.3 on a machine that has 10.0.0.5/24", "10.0.0.3"},
      Explanation{code::kLocalServer, "a real server that is this machine",
                  "The address of a real server is one of this machine's own.",
                  "Each director has another one: the table is not the same on both.", kSame, Reading::Alike,
                  Around::NotText, "real_server 10.0.0.5 80 on the machine that has 10.0.0.5",
                  "real_server 10.0.0.7 80"},
      Explanation{
          code::kNoFallback, "a hashing scheduler without its fallback",
          "lb_algo mh or sh without mh-fallback or sh-fallback.",
          "Clients whose server has weight 0 are refused instead of sent to another one.", kSame,
          Reading::Alike, Around::Nothing,
          "virtual_server 10.0.0.3 80 {\n    lb_algo mh\n    lb_kind NAT\n    protocol TCP\n"
          "    real_server 10.0.0.7 80 {\n        weight 1\n    }\n}",
          "virtual_server 10.0.0.3 80 {\n    lb_algo mh\n    mh-fallback\n    lb_kind NAT\n    protocol TCP\n"
          "    real_server 10.0.0.7 80 {\n        weight 1\n    }\n}"},
  };
  return kEntries;
}

}  // namespace hald::config::entries
