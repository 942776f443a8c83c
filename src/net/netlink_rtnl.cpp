// SPDX-License-Identifier: Apache-2.0
#include "net/netlink_rtnl.h"

#include <linux/rtnetlink.h>
#include <net/if.h>

#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "net/address_codec.h"
#include "net/link_codec.h"

namespace hald::net {
namespace {

/// Dumps that the kernel's tables changed under, before giving up until later.
constexpr int kDumpTries = 5;

std::string name_of(int index) {
  std::array<char, IF_NAMESIZE> name{};
  if (::if_indextoname(static_cast<unsigned>(index), name.data()) == nullptr)
    return fmt::format("#{}", index);
  return name.data();
}

std::string describe(std::string_view verb, const InterfaceAddress& address, std::string_view preposition) {
  return fmt::format("{} {} {} {}", verb, key_of(address).to_string(), preposition, name_of(address.ifindex));
}

template <typename Event>
auto value_of(const Event& event) {
  if constexpr (std::is_same_v<Event, LinkEvent>) {
    return event.link;
  } else {
    return event.address;
  }
}

template <typename Value, typename Parse>
Result<std::vector<Value>> dump_all(NetlinkRequests& requests, const std::vector<std::uint8_t>& request,
                                    const char* doing, Parse parse) {
  for (int attempt = 0; attempt < kDumpTries; ++attempt) {
    std::vector<Value> out;
    bool incomplete = false;
    const auto done = requests.dump(
        request, doing,
        [&](const NetlinkMessage& message) {
          if (const auto event = parse(message)) out.push_back(value_of(*event));
        },
        incomplete);
    if (!done) return done.error();
    if (!incomplete) return out;
  }
  return errno_error(EAGAIN, std::string(doing) + ": they keep changing");
}

void deliver(const NetlinkMessage& message, const Rtnl::Receiver& receiver) {
  if (message.type == RTM_NEWLINK || message.type == RTM_DELLINK) {
    if (const auto link = parse_link(message)) receiver(*link);
  } else if (message.type == RTM_NEWADDR || message.type == RTM_DELADDR) {
    if (const auto address = parse_address(message)) receiver(*address);
  }
}

}  // namespace

NetlinkRtnl::NetlinkRtnl(boost::asio::io_context& io)
    : listener_(io, {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR}) {}

Result<std::vector<Link>> NetlinkRtnl::links() {
  return dump_all<Link>(requests_, build_link_dump(), "list the interfaces", parse_link);
}

Result<std::vector<InterfaceAddress>> NetlinkRtnl::addresses() {
  return dump_all<InterfaceAddress>(requests_, build_address_dump(), "list the addresses", parse_address);
}

Result<void> NetlinkRtnl::add_address(const InterfaceAddress& address) {
  return requests_.change(build_add(address), describe("add", address, "to"));
}

Result<void> NetlinkRtnl::edit_address(const InterfaceAddress& address) {
  return requests_.change(build_add(address, true), describe("edit", address, "on"));
}

Result<void> NetlinkRtnl::remove_address(const InterfaceAddress& address) {
  return requests_.change(build_remove(address), describe("remove", address, "from"));
}

Result<void> NetlinkRtnl::create_link(const NewLink& link) {
  return requests_.change(build_create(link), fmt::format("create {} on {}", link.name, name_of(link.base)));
}

Result<void> NetlinkRtnl::change_link(int index, const LinkChange& change) {
  return requests_.change(build_change(index, change), fmt::format("change {}", name_of(index)));
}

Result<void> NetlinkRtnl::remove_link(int index) {
  return requests_.change(build_remove_link(index), fmt::format("delete {}", name_of(index)));
}

void NetlinkRtnl::receive(Receiver receiver) {
  if (!receiver) return listener_.receive({});
  listener_.receive({[receiver](const NetlinkMessage& message) { deliver(message, receiver); },
                     [receiver] { receiver(Overrun{}); }});
}

}  // namespace hald::net
