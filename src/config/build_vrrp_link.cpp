// SPDX-License-Identifier: Apache-2.0
// vrrp_instance: the interface it runs on, and links of its own (macvlan, ipvlan).
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "config/build_vrrp.h"
#include "config/codes.h"
#include "config/line_words.h"

namespace hald::config {
namespace {

using D = InstanceDraft;
using I = VrrpInstance;
using Kind = OwnLink::Kind;

constexpr std::string_view kIgnored = "it is ignored";

/// The name of an interface that is no loopback.
std::optional<std::string> real_interface(const Word& word, Values& values) {
  auto name = values.existing_interface(word);
  if (!name) return {};
  const auto facts = values.machine().interface(*name);
  if (*name != "lo" && !(facts && facts->loopback)) return name;
  values.diagnostics().error(word.where(), code::kLoopback, "VRRP cannot run on the loopback interface");
  return {};
}

void read_interface(InstanceDraft& draft, const Node& node, Values& values) {
  draft.out.interface = real_interface(node.arguments().front(), values).value_or("");
}

void read_vrf(InstanceDraft& draft, const Node& node, Values& values) {
  const Word& word = node.arguments().front();
  if (!draft.out.interface.empty() || !draft.out.vrf.empty()) {
    values.diagnostics().error(
        word.where(), code::kContradiction,
        fmt::format("the instance has {} {}: the line is ignored",
                    draft.out.vrf.empty() ? "an interface," : "a vrf already,",
                    quote(draft.out.vrf.empty() ? draft.out.interface : draft.out.vrf)));
    return;
  }
  draft.out.vrf = real_interface(word, values).value_or("");
}

/// `aa:bb:cc:dd:ee:ff`, or five octets, behind which the virtual_router_id comes.
class MacText {
 public:
  explicit MacText(std::string_view text) : rest_(text) {}

  /// False if it is none.
  bool read(OwnLink::Mac& mac, bool& takes_vrid) {
    std::size_t octets = 0;
    while (octets < mac.size() && octet(mac[octets])) {
      ++octets;
      if (octets == mac.size() || !rest_.starts_with(':')) break;
      rest_.remove_prefix(1);
    }
    takes_vrid = octets == mac.size() - 1;
    return takes_vrid ? rest_.empty() : octets == mac.size() && (rest_.empty() || rest_.starts_with(':'));
  }
  /// compat: what follows six octets behind a colon is passed over.
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  bool octet(std::uint8_t& into) {
    const auto* begin = rest_.data();
    const auto length = std::min(std::min(rest_.find(':'), rest_.size()), std::size_t{3});
    const auto [stop, failure] = std::from_chars(begin, begin + length, into, 16);
    if (failure != std::errc{} || stop != begin + length) return false;
    rest_.remove_prefix(length);
    return true;
  }

  std::string_view rest_;
};

bool is_of_a_router(const OwnLink::Mac& mac) {
  constexpr std::array<std::uint8_t, 4> kPrefix{0x00, 0x00, 0x5e, 0x00};
  return std::equal(kPrefix.begin(), kPrefix.end(), mac.begin()) && (mac[4] == 1 || mac[4] == 2);
}

std::string mac_text(const OwnLink::Mac& mac) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", mac[0], mac[1], mac[2], mac[3], mac[4],
                     mac[5]);
}

/// The words behind use_vmac or use_ipvlan.
class LinkWords {
 public:
  LinkWords(InstanceDraft& draft, const Node& node, Values& values)
      : draft_(draft),
        link_(*draft.out.own_link),
        words_(node.arguments()),
        options_(block_of(node.keyword().block)),
        values_(values) {}

  void read() {
    while (!words_.done()) {
      const Word& word = words_.take();
      if (word.text == "group") {
        if (const Word* value = next(word)) group(*value);
      } else if (word.text == "name") {
        if (const Word* value = next(word)) name(*value);
      } else if (link_.kind == Kind::Macvlan ? !of_macvlan(word) : !of_ipvlan(word)) {
        name(word);
      }
    }
  }

 private:
  const Word* next(const Word& option) {
    if (!words_.done()) return &words_.take();
    report_missing_value(option, *find_keyword(options_, option.text), kIgnored, values_);
    return nullptr;
  }

  bool of_macvlan(const Word& word) {
    if (word.text == "netlink_notify_msg") {
      link_.notify = true;
      return true;
    }
    if (word.text.find(':') == std::string_view::npos) return false;
    mac(word);
    return true;
  }

  void mac(const Word& word) {
    OwnLink::Mac mac{};
    bool takes_vrid = false;
    MacText text(word.text);
    if (link_.mac) {
      refuse(word, code::kRepeatedOption, "a MAC address is given already");
    } else if (!text.read(mac, takes_vrid)) {
      refuse(word, code::kBadMac, fmt::format("{} is no MAC address", quote(word.text)));
    } else if ((mac[0] & 1U) != 0 || is_of_a_router(mac)) {
      refuse(word, code::kBadMac,
             fmt::format("{} is {}", quote(word.text),
                         (mac[0] & 1U) != 0 ? "a multicast address" : "kept for virtual routers"));
    } else {
      link_.mac = mac;
      draft_.mac_takes_vrid = takes_vrid;
      if (text.rest().empty()) return;
      values_.diagnostics().warning(
          word.from(word.text.size() - text.rest().size()).where(), code::kBadMac,
          fmt::format("a MAC address has six octets: {} is ignored", quote(text.rest())));
    }
  }

  bool of_ipvlan(const Word& word) {
    const std::array kinds{std::pair{"bridge", Kind::IpvlanBridge}, std::pair{"private", Kind::IpvlanPrivate},
                           std::pair{"vepa", Kind::IpvlanVepa}};
    const auto kind =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& each) { return word.text == each.first; });
    if (kind != kinds.end()) {
      if (kind_given_) refuse(word, code::kRepeatedOption, "a kind of ipvlan is given already");
      if (!kind_given_) link_.kind = kind->second;
      kind_given_ = true;
      return true;
    }
    const auto address = Prefix::parse(word.text);
    if (!address) return false;
    if (link_.address) {
      refuse(word, code::kRepeatedOption, "an address is given already");
    } else if (draft_.join(address->address.family(), word, values_)) {
      link_.address = *address;
      if (!draft_.out.source) draft_.out.source = address->address;
    }
    return true;
  }

  void group(const Word& word) {
    if (const auto number = draft_.routes->names().find(RouteNames::Kind::Group, word.text)) {
      link_.group = std::to_string(*number);  // whoever makes the link knows no names
    } else {
      refuse(word, code::kUnknownName, fmt::format("there is no group of interfaces {}", quote(word.text)));
    }
  }

  void name(const Word& word) {
    if (!link_.name.empty()) {
      refuse(word, code::kRepeatedOption, fmt::format("the name {} is given already", quote(link_.name)));
      return;
    }
    auto name = values_.interface(word);
    if (!name) return;
    const std::string_view driver = link_.kind == Kind::Macvlan ? "macvlan" : "ipvlan";
    if (const auto there = values_.machine().interface(*name);
        there && !there->driver.empty() && there->driver != driver) {
      refuse(word, code::kContradiction,
             fmt::format("{} is there already, and is no {}", quote(word.text), driver));
      return;
    }
    if (!draft_.link_names->insert(*name).second) {
      refuse(word, code::kDuplicateName, fmt::format("another instance has a link {}", quote(word.text)));
      return;
    }
    link_.name = std::move(*name);
  }

  void refuse(const Word& word, std::string_view code, const std::string& why) {
    values_.diagnostics().error(word.where(), code, fmt::format("{}: {}", why, kIgnored));
  }

  InstanceDraft& draft_;
  OwnLink& link_;
  LineWords words_;
  const Block& options_;
  Values& values_;
  bool kind_given_ = false;
};

bool is_macvlan(const InstanceDraft& draft) {
  return draft.out.own_link && draft.out.own_link->kind == Kind::Macvlan;
}

void read_link(InstanceDraft& draft, const Node& node, Values& values) {
  const bool macvlan = node.keyword().name == "use_vmac";
  if (draft.out.own_link && (!macvlan || !is_macvlan(draft))) {
    values.diagnostics()
        .error(node.where(), code::kContradiction,
               "the instance has a link of its own already: the line is ignored")
        .see(draft.place_of(is_macvlan(draft) ? "use_vmac" : "use_ipvlan"), "it is here");
    return;
  }
  if (!draft.out.own_link) draft.out.own_link.emplace();
  if (!macvlan) draft.out.own_link->kind = Kind::IpvlanBridge;
  LinkWords(draft, node, values).read();
}

void print_common(const OwnLink& link, Item item, Document& out) {
  if (!link.group.empty()) item.inside.push_back(statement("group", {link.group}));
  if (!link.name.empty()) item.inside.push_back(statement("name", {link.name}));
  out.push_back(std::move(item));
}

void print_vmac(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  if (!is_macvlan(draft)) return;
  const OwnLink& link = *draft.out.own_link;
  Item item = statement(keyword.name, {});
  if (link.mac) item.inside.push_back(line_item("mac", {mac_text(*link.mac)}));
  item.inside.push_back(flag_item("netlink_notify_msg", link.notify));
  print_common(link, std::move(item), out);
}

void print_ipvlan(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  if (!draft.out.own_link || is_macvlan(draft)) return;
  const OwnLink& link = *draft.out.own_link;
  Item item = statement(keyword.name, {});
  item.inside.push_back(flag_item("private", link.kind == Kind::IpvlanPrivate));
  item.inside.push_back(flag_item("vepa", link.kind == Kind::IpvlanVepa));
  if (link.address) item.inside.push_back(line_item("address", {link.address->to_string()}));
  print_common(link, std::move(item), out);
}

void print_xmit_base(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(draft.out.own_link && draft.out.own_link->send_from_parent, keyword, out);
}

void read_xmit_base(InstanceDraft& draft, const Node&, Values&) {
  draft.vmac_xmit_base = true;
}

void read_dont_track(InstanceDraft& draft, const Node&, Values&) {
  draft.out.track_interface = false;
}
void print_dont_track(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(!draft.out.track_interface, keyword, out);
}

void read_native_ipv6(InstanceDraft& draft, const Node& node, Values& values) {
  if (!draft.join(Family::IPv6, node.words().front(), values)) return;
  draft.native_ipv6 = true;
  draft.settings.version = std::uint8_t{3};
}
/// Nothing else may say so.
void print_native_ipv6(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(draft.out.family == Family::IPv6, keyword, out);
}

}  // namespace

const BlockBinding<InstanceDraft>& instance_rows::links() {
  static const BlockBinding<InstanceDraft> kBinding(
      BlockId::VrrpInstance,
      {
          {"native_ipv6", read_native_ipv6, print_native_ipv6},
          {"interface", read_interface,
           [](const D& draft, const Keyword& keyword, Document& out) {
             put(draft.out.interface, keyword, out);
           }},
          {"vrf", read_vrf,
           [](const D& draft, const Keyword& keyword, Document& out) { put(draft.out.vrf, keyword, out); }},
          {"use_vmac", read_link, print_vmac},
          {"use_ipvlan", read_link, print_ipvlan},
          field<&D::out, &I::vmac_addresses>("use_vmac_addr"),
          {"vmac_xmit_base", read_xmit_base, print_xmit_base},
          {"dont_track_primary", read_dont_track, print_dont_track},
          field<&D::out, &I::promote_secondaries>("promote_secondaries"),
      });
  return kBinding;
}

}  // namespace hald::config
