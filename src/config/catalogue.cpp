// SPDX-License-Identifier: Apache-2.0
#include "config/catalogue.h"

#include <algorithm>

#include <fmt/format.h>

namespace hald::config {
namespace {

constexpr std::string_view kInstance =
    "vrrp_instance VI_1 {{\n    interface eth0\n    virtual_router_id 51\n{}\n"
    "    virtual_ipaddress {{\n        10.0.0.3/24\n    }}\n}}\n";
constexpr std::string_view kService =
    "virtual_server 10.0.0.3 80 {{\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n{}\n"
    "    real_server 10.0.0.7 80 {{\n        weight 1\n    }}\n}}\n";
constexpr std::string_view kServer =
    "virtual_server 10.0.0.3 80 {{\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
    "    real_server 10.0.0.7 80 {{\n{}\n    }}\n}}\n";

}  // namespace

const std::vector<Explanation>& catalogue() {
  static const std::vector<Explanation> kAll = [] {
    std::vector<Explanation> out;
    for (const auto section :
         {entries::files(), entries::macros(), entries::words(), entries::values(), entries::scripts(),
          entries::routes(), entries::routers(), entries::groups(), entries::servers(), entries::lint()})
      out.insert(out.end(), section.begin(), section.end());
    return out;
  }();
  return kAll;
}

const Explanation* explain(std::string_view code) {
  const auto& all = catalogue();
  const auto found =
      std::find_if(all.begin(), all.end(), [code](const Explanation& each) { return each.code == code; });
  return found == all.end() ? nullptr : &*found;
}

std::string whole_file(Around around, std::string_view example) {
  const std::string usual = fmt::format(fmt::runtime(kInstance), "");
  switch (around) {
    case Around::Global: return fmt::format("global_defs {{\n{}\n}}\n{}", example, usual);
    case Around::Instance: return fmt::format(fmt::runtime(kInstance), example);
    case Around::Service: return fmt::format(fmt::runtime(kService), example);
    case Around::Server: return fmt::format(fmt::runtime(kServer), example);
    case Around::Nothing:
    case Around::NotText: break;
  }
  return std::string(example);
}

}  // namespace hald::config
