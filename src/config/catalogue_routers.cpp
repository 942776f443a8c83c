// SPDX-License-Identifier: Apache-2.0
// Catalogue: virtual routers.
#include <array>

#include "config/catalogue.h"
#include "config/codes.h"

namespace hald::config::entries {
namespace {

constexpr std::string_view kGood =
    "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n    virtual_ipaddress {\n"
    "        10.0.0.3/24\n    }\n}";

}  // namespace

std::span<const Explanation> routers() {
  static constexpr std::array kEntries{
      Explanation{code::kNoInterface, "an instance without an interface",
                  "Nothing says where its adverts are to be sent. The block is ignored.",
                  "Its addresses are held by nobody.",
                  "It ignores the block too, unless default_interface says where.", Reading::Alike,
                  Around::Nothing,
                  "vrrp_instance VI_1 {\n    virtual_router_id 51\n    virtual_ipaddress {\n"
                  "        10.0.0.3/24\n    }\n}",
                  kGood},
      Explanation{
          code::kLoopback, "VRRP on the loopback interface",
          "No other router could hear it. The block is ignored.",
          "Each director would be MASTER all by itself.", "The same.", Reading::Alike, Around::Nothing,
          "vrrp_instance VI_1 {\n    interface lo\n    virtual_router_id 51\n    virtual_ipaddress {\n"
          "        10.0.0.3/24\n    }\n}",
          kGood},
      Explanation{code::kNoRouterId, "an instance without virtual_router_id",
                  "The number tells the virtual routers on one network apart. The block is ignored.",
                  "Its addresses are held by nobody.", "The same.", Reading::Alike, Around::Nothing,
                  "vrrp_instance VI_1 {\n    interface eth0\n    virtual_ipaddress {\n        10.0.0.3/24\n"
                  "    }\n}",
                  kGood},
      Explanation{code::kInstanceIgnored, "an instance that cannot run",
                  "Its interface or its virtual_router_id is written in a way that cannot be used; another "
                  "message says why.",
                  "Its addresses are held by nobody.", "The same.", Reading::Alike, Around::Nothing,
                  "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 256\n"
                  "    virtual_ipaddress {\n        10.0.0.3/24\n    }\n}",
                  kGood},
      Explanation{code::kNoAddress, "an instance without virtual addresses",
                  "It elects a MASTER, but there is nothing to hold.",
                  "Nothing moves at a failover unless scripts do it.", "It reports it and runs the instance.",
                  Reading::Alike, Around::Nothing,
                  "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n}", kGood},
      Explanation{code::kMixedFamilies, "IPv4 and IPv6 in one instance",
                  "An advert carries addresses of one family, that of the first one. Those of the other are "
                  "ignored.",
                  "They are held by nobody.",
                  "The same. Addresses of the other family may stand in virtual_ipaddress_excluded.",
                  Reading::Alike, Around::Instance,
                  "    virtual_ipaddress {\n        10.0.0.4\n        2001:db8::4\n    }",
                  "    virtual_ipaddress {\n        10.0.0.4\n        10.0.0.5\n    }"},
      Explanation{code::kRepeatedOption, "an option given twice",
                  "One address cannot be on two interfaces. The line is ignored.", "The address is missing.",
                  "The same.", Reading::Alike, Around::Instance,
                  "    virtual_ipaddress {\n        10.0.0.4 dev eth0 dev eth1\n    }",
                  "    virtual_ipaddress {\n        10.0.0.4 dev eth1\n    }"},
      Explanation{code::kStateConflict, "two states",
                  "`state MASTER` and then `state BACKUP` stand in one instance. MASTER stays.",
                  "Which of them was meant?", "The same.", Reading::Alike, Around::Instance,
                  "    state MASTER\n    state BACKUP", "    state BACKUP"},
      Explanation{
          code::kPreemptConflict, "preemption that contradicts itself",
          "nopreempt cannot be had with state MASTER or priority 255, preempt_delay neither with state "
          "MASTER nor with nopreempt. It is ignored.",
          "A router that begins as MASTER takes over in any case: write state BACKUP on both routers "
          "if nobody is to be deposed.",
          "The same.", Reading::Alike, Around::Instance, "    state MASTER\n    nopreempt",
          "    state BACKUP\n    nopreempt"},
      Explanation{
          code::kIntervalRounded, "an interval that cannot be carried",
          "Version 2 carries whole seconds, version 3 hundredths of a second up to 40.95. The nearest one "
          "that can be is used.",
          "All routers of one virtual router must agree on the interval, or they will not hear one "
          "another.",
          "The same: it rounds and says so.", Reading::Alike, Around::Instance, "    advert_int 0.5",
          "    version 3\n    advert_int 0.5"},
      Explanation{code::kVersionForced, "IPv6 with version 2",
                  "VRRP version 2 knows IPv4 only: version 3 is used.",
                  "Nothing, if all routers do the same.", "The same.", Reading::Alike, Around::Nothing,
                  "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n    version 2\n"
                  "    virtual_ipaddress {\n        fe80::3\n    }\n}",
                  "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n    version 3\n"
                  "    virtual_ipaddress {\n        fe80::3\n    }\n}"},
      Explanation{code::kNoPassword, "authentication without a password",
                  "There is an auth_type and no auth_pass. No authentication is used.",
                  "The adverts carry none, and routers that expect one will drop them.", "The same.",
                  Reading::Alike, Around::Instance, "    authentication {\n        auth_type PASS\n    }",
                  "    authentication {\n        auth_type PASS\n        auth_pass 1111\n    }"},
      Explanation{code::kPasswordCut, "a password of more than eight bytes",
                  "An advert has room for eight. The rest is cut off.",
                  "A router that cuts elsewhere, or not at all, will not be heard. The password crosses the "
                  "network in clear text and protects from mistakes only, so a short one is no loss.",
                  "The same: it cuts and says so.", Reading::Alike, Around::Instance,
                  "    authentication {\n        auth_type PASS\n        auth_pass correcthorse\n    }",
                  "    authentication {\n        auth_type PASS\n        auth_pass correcth\n    }"},
      Explanation{
          code::kAuthIgnored, "authentication with version 3", "VRRP version 3 has none. It is ignored.",
          "The adverts are not protected.", "The same.", Reading::Alike, Around::Instance,
          "    version 3\n    authentication {\n        auth_type PASS\n        auth_pass 1111\n    }",
          "    version 2\n    authentication {\n        auth_type PASS\n        auth_pass 1111\n    }"},
      Explanation{
          code::kDuplicateInstance, "two instances of one name",
          "Names tell instances apart. The second one is ignored.", "Its addresses are held by nobody.",
          "The same.", Reading::Alike, Around::Nothing,
          "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n    virtual_ipaddress {\n"
          "        10.0.0.3/24\n    }\n}\nvrrp_instance VI_1 {\n    interface eth1\n"
          "    virtual_router_id 52\n    virtual_ipaddress {\n        10.1.0.3/24\n    }\n}",
          "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n    virtual_ipaddress {\n"
          "        10.0.0.3/24\n    }\n}\nvrrp_instance VI_2 {\n    interface eth1\n"
          "    virtual_router_id 52\n    virtual_ipaddress {\n        10.1.0.3/24\n    }\n}"},
      Explanation{
          code::kDuplicateRouterId, "one virtual_router_id twice on one interface",
          "Two instances of one family on one interface have the same virtual_router_id. The second one "
          "is ignored.",
          "Their adverts could not be told apart: each would take the other's for that of its peer.",
          "The same.", Reading::Alike, Around::Nothing,
          "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n    virtual_ipaddress {\n"
          "        10.0.0.3/24\n    }\n}\nvrrp_instance VI_2 {\n    interface eth0\n"
          "    virtual_router_id 51\n    virtual_ipaddress {\n        10.0.0.4/24\n    }\n}",
          "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n    virtual_ipaddress {\n"
          "        10.0.0.3/24\n    }\n}\nvrrp_instance VI_2 {\n    interface eth0\n"
          "    virtual_router_id 52\n    virtual_ipaddress {\n        10.0.0.4/24\n    }\n}"},
      Explanation{code::kDuplicateAddress, "an address given twice",
                  "The address stands in the instance already, on the same interface. This line is ignored.",
                  "Nothing, but another address may have been meant.", "The same.", Reading::Alike,
                  Around::Instance, "    virtual_ipaddress {\n        10.0.0.4\n        10.0.0.4\n    }",
                  "    virtual_ipaddress {\n        10.0.0.4\n        10.0.0.5\n    }"},
  };
  return kEntries;
}

}  // namespace hald::config::entries
