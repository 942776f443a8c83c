// SPDX-License-Identifier: Apache-2.0
// compat: names of tables, chains and sets are keepalived's, because operators list them.
#include "net/filter_table.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace hald::net {
namespace {

/// A set, by family and name.
struct SetName {
  std::string_view family;
  std::string_view name;
  friend auto operator<=>(const SetName&, const SetName&) = default;
};

constexpr SetName kIpv4{"ip", "vips"};
constexpr SetName kIpv6{"ip6", "vips"};
constexpr SetName kLinkLocal{"ip6", "vips_link_local"};

SetName set_of(const FilterElement& element) {
  if (element.address.family() == Family::IPv4) return kIpv4;
  return element.link.empty() ? kIpv6 : kLinkLocal;
}

std::string text_of(const FilterElement& element, bool by_index) {
  std::string address = element.address.to_string();
  if (element.link.empty()) return address;
  return by_index ? fmt::format("{} . {}", address, element.link)
                  : fmt::format("{} . \"{}\"", address, element.link);
}

std::string elements_text(const std::vector<FilterElement>& elements, const FilterSettings& settings,
                          std::string_view command) {
  std::map<SetName, std::vector<std::string>> by_set;
  for (const auto& each : elements) by_set[set_of(each)].push_back(text_of(each, settings.by_index));
  std::string out;
  for (const auto& [set, texts] : by_set) {
    out += fmt::format("{} element {} {} {} {{ {} }}\n", command, set.family, settings.table, set.name,
                       fmt::join(texts, ", "));
  }
  return out;
}

std::string base_chain(const FilterSettings& settings, std::string_view name, std::string_view hook,
                       std::string_view rules) {
  return fmt::format("  chain {} {{\n    type filter hook {} priority {}; policy accept;\n{}  }}\n", name,
                     hook, settings.priority, rules);
}

/// What both families have: packets to the addresses are dropped on their way in, and those from them on
/// their way out. `before` are the rules that come first.
std::string chains(const FilterSettings& settings, std::string_view family,
                   const std::array<std::string, 2>& before) {
  const std::string_view drop = settings.counters ? "counter drop" : "drop";
  return base_chain(settings, "in", "input",
                    fmt::format("{}    {} daddr @vips {}\n", before[0], family, drop)) +
         base_chain(settings, "out", "output",
                    fmt::format("{}    {} saddr @vips {}\n", before[1], family, drop));
}

std::string ipv4_text(const FilterSettings& settings) {
  return fmt::format("table ip {} {{\n  set vips {{ type ipv4_addr; }}\n{}}}\n", settings.table,
                     chains(settings, "ip", {}));
}

/// Neighbour discovery goes on: without it nobody would find the MASTER.
std::string ipv6_text(const FilterSettings& settings) {
  const std::string_view kind = settings.by_index ? "iface_index" : "ifname";
  const std::string_view key = settings.by_index ? "if" : "ifname";
  const std::string_view counter = settings.counters ? "counter " : "";
  const std::string discovery =
      fmt::format("    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} {}accept\n", counter);
  const auto link_local = [&](std::string_view field, std::string_view direction) {
    return fmt::format("{}    ip6 {} fe80::/10 goto {}_link_local\n", discovery, field, direction);
  };
  std::string out = fmt::format("table ip6 {} {{\n  set vips {{ type ipv6_addr; }}\n", settings.table);
  out += fmt::format("  set vips_link_local {{ type ipv6_addr . {}; }}\n", kind);
  out += fmt::format("  chain in_link_local {{\n    ip6 daddr . i{} @vips_link_local {}drop\n  }}\n", key,
                     counter);
  out += fmt::format("  chain out_link_local {{\n    ip6 saddr . o{} @vips_link_local {}drop\n  }}\n", key,
                     counter);
  out += chains(settings, "ip6", {link_local("daddr", "in"), link_local("saddr", "out")});
  return out + "}\n";
}

}  // namespace

std::string removal(const std::string& table) {
  std::string out;
  // Deleting what is not there is an error, and making what is there is none.
  for (const std::string_view family : {"ip", "ip6"})
    out += fmt::format("add table {0} {1}\ndelete table {0} {1}\n", family, table);
  return out;
}

std::string creation(const FilterTable& table) {
  std::string out;
  if (table.ipv4) out += ipv4_text(table.settings);
  if (table.ipv6) out += ipv6_text(table.settings);
  return out + elements_text({table.elements.begin(), table.elements.end()}, table.settings, "add");
}

std::string difference(const FilterTable& before, const FilterTable& after) {
  std::vector<FilterElement> gone;
  std::vector<FilterElement> fresh;
  std::set_difference(before.elements.begin(), before.elements.end(), after.elements.begin(),
                      after.elements.end(), std::back_inserter(gone));
  std::set_difference(after.elements.begin(), after.elements.end(), before.elements.begin(),
                      before.elements.end(), std::back_inserter(fresh));
  return elements_text(gone, before.settings, "delete") + elements_text(fresh, after.settings, "add");
}

std::string inquiry(const FilterTable& table) {
  std::string out;
  if (table.ipv4) out += fmt::format("list table ip {}\n", table.settings.table);
  if (table.ipv6) out += fmt::format("list table ip6 {}\n", table.settings.table);
  return out;
}

}  // namespace hald::net
