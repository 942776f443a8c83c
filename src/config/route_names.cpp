// SPDX-License-Identifier: Apache-2.0
#include "config/route_names.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "config/expand.h"

namespace hald::config {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20U;

struct Name {
  std::string_view name;
  std::uint32_t number;
};
constexpr std::array kTables{Name{"default", 253}, Name{"main", 254}, Name{"local", 255}};
constexpr std::array kProtocols{
    Name{"unspec", 0}, Name{"none", 0},       Name{"redirect", 1}, Name{"kernel", 2}, Name{"boot", 3},
    Name{"static", 4}, Name{"gated", 8},      Name{"ra", 9},       Name{"mrt", 10},   Name{"zebra", 11},
    Name{"bird", 12},  Name{"dnrouted", 13},  Name{"xorp", 14},    Name{"ntk", 15},   Name{"dhcp", 16},
    Name{"babel", 42}, Name{"keepalived", 18}};
constexpr std::array kScopes{Name{"global", 0}, Name{"site", 200}, Name{"link", 253}, Name{"host", 254},
                             Name{"nowhere", 255}};
constexpr std::array kTypesOfService{
    Name{"default", 0}, Name{"AF11", 0x28}, Name{"AF12", 0x30}, Name{"AF13", 0x38}, Name{"AF21", 0x48},
    Name{"AF22", 0x50}, Name{"AF23", 0x58}, Name{"AF31", 0x68}, Name{"AF32", 0x70}, Name{"AF33", 0x78},
    Name{"AF41", 0x88}, Name{"AF42", 0x90}, Name{"AF43", 0x98}, Name{"CS1", 0x20},  Name{"CS2", 0x40},
    Name{"CS3", 0x60},  Name{"CS4", 0x80},  Name{"CS5", 0xa0},  Name{"CS6", 0xc0},  Name{"CS7", 0xe0},
    Name{"EF", 0xb8}};
constexpr std::array kRealms{Name{"cosmos", 0}};
constexpr std::array kGroups{Name{"default", 0}};
constexpr std::array kAddressProtocols{Name{"unspecified", 0}, Name{"kernel_lo", 1}, Name{"kernel_ra", 2},
                                       Name{"kernel_ll", 3}};

/// What there is to know about a kind.
struct KindFacts {
  std::string_view file;
  std::uint32_t max;
  std::span<const Name> built_in;
};

KindFacts facts_of(RouteNames::Kind kind) {
  using Kind = RouteNames::Kind;
  switch (kind) {
    case Kind::Table: return {"rt_tables", UINT32_MAX, kTables};
    case Kind::Protocol: return {"rt_protos", UINT8_MAX, kProtocols};
    case Kind::Scope: return {"rt_scopes", UINT8_MAX, kScopes};
    case Kind::TypeOfService: return {"rt_dsfield", UINT8_MAX, kTypesOfService};
    case Kind::Realm: return {"rt_realms", UINT8_MAX, kRealms};
    case Kind::Group: return {"group", INT32_MAX, kGroups};
    case Kind::AddressProtocol: break;
  }
  return {"rt_addrprotos", UINT8_MAX, kAddressProtocols};
}

/// The words of a line; three at most, because more are wrong anyway.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> out;
  line = line.substr(0, line.find('#'));
  while (out.size() < 3 && !(line = trimmed(line)).empty()) {
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    out.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return out;
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

std::optional<std::uint64_t> parse_c_number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.starts_with('0')) {
    base = 8;
  }
  std::uint64_t out = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, out, base);
  if (failure != std::errc{} || stop != end) return {};
  return out;
}

std::optional<std::uint32_t> RouteNames::find(Kind kind, std::string_view text) {
  if (const auto number = parse_c_number(text)) {
    if (*number > facts_of(kind).max) return {};
    return static_cast<std::uint32_t>(*number);
  }
  const Names& known = names(kind);
  const auto found = known.find(text);
  if (found == known.end()) return {};
  return found->second;
}

const RouteNames::Names& RouteNames::names(Kind kind) {
  auto& out = loaded_[static_cast<std::size_t>(kind)];
  if (!out) out = load(kind);
  return *out;
}

RouteNames::Names RouteNames::load(Kind kind) const {
  const KindFacts facts = facts_of(kind);
  Names out;
  const auto read = [&](const std::string& path) {
    const FileText file = files_.read(path, kMaxFile);
    for (std::string_view text = file.text; !text.empty();) {
      const auto end = std::min(text.find('\n'), text.size());
      const auto words = words_of(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (words.size() != 2) continue;
      const auto number = parse_c_number(words.front());
      if (number && *number <= facts.max)
        out.try_emplace(std::string(words.back()), static_cast<std::uint32_t>(*number));
    }
    return file.outcome == ReadOutcome::Read;
  };
  const std::string local = global_.iproute_etc_dir + '/' + std::string(facts.file);
  const std::string vendor = global_.iproute_usr_dir + '/' + std::string(facts.file);
  if (!read(local)) read(vendor);
  std::set<std::string> overridden;
  const auto local_files = files_.match(local + ".d/*.conf").paths;
  for (const std::string& path : local_files) overridden.insert(file_name(path));
  const auto vendor_files = files_.match(vendor + ".d/*.conf").paths;
  for (const std::string& path : vendor_files) {
    if (!overridden.contains(file_name(path))) read(path);
  }
  for (const std::string& path : local_files) read(path);
  for (const Name& each : facts.built_in) out.try_emplace(std::string(each.name), each.number);
  return out;
}

}  // namespace hald::config
