// SPDX-License-Identifier: Apache-2.0
// Catalogue: values of the wrong kind.
#include <array>

#include "config/catalogue.h"
#include "config/codes.h"

namespace hald::config::entries {

std::span<const Explanation> values() {
  static constexpr std::array kEntries{
      Explanation{code::kBadNumber, "not a number",
                  "A whole number is expected, in decimal digits and nothing else. The line is ignored.",
                  "The built-in default holds instead of what was meant.",
                  "At run time it takes the digits at the beginning and warns of the rest; its configuration "
                  "test fails and uses the default.",
                  Reading::Otherwise, Around::Instance, "    priority 150abc", "    priority 150"},
      Explanation{code::kBadTime, "not a time",
                  "A number of seconds is expected, maybe with a fraction: no unit behind it. The line is "
                  "ignored.",
                  "The built-in default holds instead of what was meant.",
                  "At run time it takes the number at the beginning and warns of the rest; its configuration "
                  "test fails and uses the default.",
                  Reading::Otherwise, Around::Instance, "    advert_int 1s", "    advert_int 1"},
      Explanation{code::kPrecision, "more digits than can be kept",
                  "A time has more than six digits behind the point. It is rounded to microseconds.",
                  "Nothing that anybody could notice.", "The same: it rounds and says so.", Reading::Alike,
                  Around::Service, "    delay_loop 1.0000001", "    delay_loop 1"},
      Explanation{
          code::kOutOfRange, "a number out of range",
          "The number is smaller or larger than the word takes. Mostly the line is ignored; the message "
          "says what is used.",
          "The built-in default holds instead of what was meant.",
          "The same: it reports the number and leaves the default.", Reading::Alike, Around::Instance,
          "    priority 1000", "    priority 150"},
      Explanation{
          code::kBadBoolean, "neither true nor false",
          "The word takes on, true, yes, off, false or no, in lower case, or nothing, which means true. "
          "The line is ignored.",
          "The opposite of what was meant may hold.", "The same: it reports the word and ignores the line.",
          Reading::Alike, Around::Server, "        alpha maybe",
          "        alpha true\n        TCP_CHECK {\n        }"},
      Explanation{
          code::kBadName, "a name that cannot be one",
          "The kernel cannot give an interface such a name, or a block does not have exactly one.",
          "There can be no such interface, so nothing could run on it.",
          "It reports the name and ignores the line.", Reading::Alike, Around::Nothing,
          "vrrp_instance VI_1 {\n    interface a_name_that_is_far_too_long\n    virtual_router_id 51\n"
          "    virtual_ipaddress {\n        10.0.0.3/24\n    }\n}",
          "vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n"
          "    virtual_ipaddress {\n        10.0.0.3/24\n    }\n}"},
      Explanation{
          code::kBadAddress, "not a usable IP address",
          "A numeric IPv4 or IPv6 address is expected: no name of a host, no multicast address, not all "
          "zeros. The line, or the block that it heads, is ignored.",
          "The address is not served. Names are not looked up, so that a start does not depend on "
          "anybody's answer.",
          "It reports the address and passes over the line or the block.", Reading::Alike, Around::Instance,
          "    virtual_ipaddress_excluded {\n    }\n    virtual_ipaddress {\n        10.0.0.300\n    }",
          "    virtual_ipaddress {\n        10.0.0.30\n    }"},
      Explanation{
          code::kBadPrefix, "a prefix length that cannot be",
          "Behind the slash stands no number from 0 to 32, or for IPv6 to 128. The longest one is used.",
          "The address is set, but without the route to its network.",
          "The same: it reports the length and uses 32 or 128.", Reading::Alike, Around::Instance,
          "    virtual_ipaddress {\n        10.0.0.4/33\n    }",
          "    virtual_ipaddress {\n        10.0.0.4/24\n    }"},
      Explanation{
          code::kBadPort, "a port that cannot be",
          "A port is a number from 1 to 65535, or 0 for all of them where a service may have all. The "
          "line, or the block that it heads, is ignored.",
          "The service or the check does not exist.",
          "It reports the port and ignores the block or the line.", Reading::Alike, Around::Server,
          "        TCP_CHECK {\n            connect_port 65536\n        }",
          "        TCP_CHECK {\n            connect_port 8080\n        }"},
      Explanation{
          code::kBadMask, "a network mask that cannot be",
          "For IPv4 it is written 255.255.255.0 or as a length, for IPv6 as a length from 1 to 128. The "
          "line is ignored.",
          "Each client is then kept apart from the others of its network.",
          "For IPv4 it takes any address for a mask.", Reading::Otherwise, Around::Service,
          "    persistence_granularity 255.0.255.0", "    persistence_granularity 255.255.255.0"},
      Explanation{code::kBadChoice, "none of the words that are allowed",
                  "The argument is none of those that the message lists. The line is ignored.",
                  "The built-in default holds instead of what was meant.",
                  "It reports the argument and ignores the line.", Reading::Alike, Around::NotText,
                  "http_protocol 3.0", "http_protocol 1.1"},
      Explanation{code::kBadState, "a state that cannot be wanted",
                  "`state` is MASTER or BACKUP, in capitals. The line is ignored.",
                  "The instance begins as BACKUP.", "The same: it reports the word and ignores it.",
                  Reading::Alike, Around::Instance, "    state SLAVE", "    state BACKUP"},
      Explanation{code::kBadWeight, "a weight that cannot be",
                  "A weight is a number from 0 to 2147483647. The line is ignored.",
                  "The server gets the weight 1, or that of its virtual server.",
                  "It reports the weight and ignores the line.", Reading::Alike, Around::Server,
                  "        weight -1", "        weight 1"},
      Explanation{
          code::kBadHex, "not hexadecimal",
          "Bytes are written as two hexadecimal digits each, blanks between them do no harm; in a reply "
          "x stands for any digit. The line is ignored.",
          "The check sends the usual bytes, or takes any reply.", "The same.", Reading::Alike, Around::Server,
          "        UDP_CHECK {\n            payload 0x01\n        }",
          "        UDP_CHECK {\n            payload 01\n        }"},
      Explanation{
          code::kBadDigest, "not a digest",
          "An MD5 sum is written as 32 hexadecimal digits. The line is ignored.",
          "The body of the answer is not looked at.", "The same.", Reading::Alike, Around::Server,
          "        HTTP_GET {\n            url {\n                path /\n                digest 9b3a\n"
          "            }\n        }",
          "        HTTP_GET {\n            url {\n                path /\n"
          "                digest 9b3a0c85a887a256d6939da88aabd8cd\n            }\n        }"},
      Explanation{
          code::kBadRegex, "a regular expression that is none",
          "PCRE2 does not take the pattern, or the words about it do not fit. What the message names is "
          "ignored.",
          "The body of the answer is not searched as was meant.",
          "Its test says nothing. At run time it writes a line into its log, and then uses what is left of "
          "the "
          "pattern.",
          Reading::Otherwise, Around::Server,
          "        HTTP_GET {\n            url {\n                path /\n                regex a(b\n"
          "            }\n        }",
          "        HTTP_GET {\n            url {\n                path /\n                regex a.b\n"
          "            }\n        }"},
      Explanation{code::kBadScheduler, "a scheduler that does not exist",
                  "The name is none of the kernel's schedulers. The line is ignored.",
                  "wlc is used, which may spread the load quite differently.",
                  "It reports the name and ignores the line.", Reading::Alike, Around::Service,
                  "    lb_algo wrrr", "    lb_algo wrr"},
      Explanation{code::kBadForwarding, "a forwarding method that does not exist",
                  "It is NAT, DR or TUN, in capitals. The line is ignored.",
                  "NAT is used, and servers that are prepared for another method will not answer.",
                  "It reports the word and ignores the line.", Reading::Alike, Around::Service,
                  "    lb_kind DNAT", "    lb_kind NAT"},
      Explanation{code::kBadProtocol, "a protocol that does not exist",
                  "It is TCP, UDP or SCTP. The line is ignored.",
                  "UDP is used, and a TCP service is then not reachable.",
                  "It reports the word and ignores the line.", Reading::Alike, Around::Service,
                  "    protocol HTTP", "    protocol TCP"},
      Explanation{code::kBadAuthType, "a kind of authentication that does not exist",
                  "It is PASS or AH. The line is ignored.",
                  "The adverts carry no authentication, and routers that expect one will drop them.",
                  "It reports the word and ignores the line.", Reading::Alike, Around::Instance,
                  "    authentication {\n        auth_type MD5\n        auth_pass 1111\n    }",
                  "    authentication {\n        auth_type PASS\n        auth_pass 1111\n    }"},
      Explanation{
          code::kBadScope, "a scope that cannot be",
          "The scope of an address is global, site, link, host, nowhere or a number up to 255, and IPv6 "
          "addresses have none to choose. It is ignored.",
          "The kernel then chooses other source addresses than was meant.",
          "It reports the scope and ignores it.", Reading::Alike, Around::Instance,
          "    virtual_ipaddress {\n        10.0.0.4/24 scope universe\n    }",
          "    virtual_ipaddress {\n        10.0.0.4/24 scope global\n    }"},
      Explanation{code::kBadBroadcast, "a broadcast address that cannot be",
                  "It is an IPv4 address, + or -, and the network must have room for one. The message says "
                  "whether the option or the line is ignored.",
                  "The address may be missing.", "The same.", Reading::Alike, Around::Instance,
                  "    virtual_ipaddress {\n        10.0.0.4/32 brd +\n    }",
                  "    virtual_ipaddress {\n        10.0.0.4/24 brd +\n    }"},
      Explanation{
          code::kBadLabel, "a label that cannot be",
          "A label has at most 15 bytes, and only IPv4 addresses have one. The message says whether the "
          "option or the line is ignored.",
          "The address may be missing.", "The same.", Reading::Alike, Around::Instance,
          "    virtual_ipaddress {\n        10.0.0.4/24 label eth0:a_service_of_ours\n    }",
          "    virtual_ipaddress {\n        10.0.0.4/24 label eth0:service\n    }"},
      Explanation{code::kBadEscape, "a backslash that escapes nothing",
                  "A command or a regular expression ends in a backslash. The line is ignored.",
                  "The command would be another one than was meant.", "The same.", Reading::Alike,
                  Around::NotText, "notify_master \"/bin/touch a\\\"", "notify_master \"/bin/touch a\""},
      Explanation{code::kBadGroup, "not a multicast group",
                  "A multicast address of the family in question is expected. The line is ignored.",
                  "Adverts go to the usual group, where routers that were told another one do not listen.",
                  "It reports the address and ignores the line.", Reading::Alike, Around::Global,
                  "    vrrp_mcast_group4 10.0.0.18", "    vrrp_mcast_group4 224.0.0.18"},
      Explanation{
          code::kBadUmask, "not a file mode mask",
          "A mask is a number as C writes it, or names of bits with | between them. The line is ignored.",
          "Files are made with the mask that hald was started with.",
          "It reports the mask and ignores the line.", Reading::Alike, Around::Global, "    umask 999",
          "    umask 022"},
      Explanation{code::kNameCut, "a name that is too long",
                  "The name of a process has room for 15 bytes. The rest is cut off.",
                  "Programs that look for the whole name will not find it.", "The same.", Reading::Alike,
                  Around::Global, "    process_name the_load_balancer", "    process_name load_balancer"},
      Explanation{
          code::kUnknownHost, "the name of a host that is not known",
          "`hald -t` looked the name up and nobody knows it. hald looks it up again whenever it needs "
          "it.",
          "Mails wait until the name is known.",
          "It looks the name up at the start and, if nobody knows "
          "it then, sends no mails.",
          Reading::Otherwise, Around::NotText, "smtp_server mial.example.com",
          "smtp_server mail.example.com"},
      Explanation{code::kNoRecipient, "mail without a recipient", "`notification_email` has an empty block.",
                  "Nobody gets a mail.", "The same.", Reading::Alike, Around::Global,
                  "    notification_email {\n    }",
                  "    notification_email {\n        root@localhost\n    }"},
  };
  return kEntries;
}

}  // namespace hald::config::entries
