// SPDX-License-Identifier: Apache-2.0
#include "golden/print_config.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <vector>

#include <fmt/format.h>

#include "config/build_bfd.h"
#include "config/build_global.h"
#include "config/build_lvs.h"
#include "config/build_route.h"
#include "config/build_virtual_routers.h"
#include "config/render.h"

namespace hald::golden {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// The host name differs from machine to machine, so the default of router_id is shown as a word.
std::string router_id(const config::Config& config) {
  return config.global.router_id == host_name() ? "(host name)" : config.global.router_id;
}

/// What an instance has that says nothing of it, line by line: left out, so that the rest is seen.
std::set<std::string> usual_lines() {
  config::VrrpInstance usual;
  usual.group = Address::v4(0xe0000012);
  config::Document document;
  config::print_instance(usual, document);
  std::istringstream text(config::to_conf(document));
  std::set<std::string> out;
  for (std::string line; std::getline(text, line);) {
    if (line.find_first_of("{}") == std::string::npos && !line.empty()) out.insert(line);
  }
  return out;
}

/// The part about virtual routers as a canonical file, without what is as usual in every instance.
std::string print_routers(const config::Config& config) {
  static const auto kUsual = usual_lines();
  config::Document document;
  config::print_virtual_routers(config, document);
  std::istringstream text(config::to_conf(document));
  std::string out;
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && !kUsual.contains(line)) out += line + "\n";
  }
  return out;
}

/// One word of a Document in each line.
std::vector<std::string> lines_of(const config::Document& document) {
  std::vector<std::string> out;
  std::istringstream in(config::to_conf(document));
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

/// The words of global_defs and of the top of the file that are not as in an empty configuration.
std::string global_words(const config::Config& config) {
  config::Document defaults;
  config::Document written;
  config::print_global(config::load_text("", "empty").config->global, defaults);
  config::Global global = config.global;
  global.router_id.clear();
  if (global.mail.helo == host_name()) global.mail.helo.clear();
  if (global.mail.from.ends_with('@' + host_name())) global.mail.from.clear();
  config::print_global(global, written);
  const auto usual = lines_of(defaults);
  std::string out;
  for (const auto& line : lines_of(written)) {
    if (std::find(usual.begin(), usual.end(), line) == usual.end()) out += line + "\n";
  }
  return out;
}

std::string lines(const config::Config& config) {
  config::Document out;
  config::print_bfd(config.bfd_instances, out);
  config::print_routes("static_routes", config.static_routes, out);
  config::print_rules("static_rules", config.static_rules, out);
  return config::to_conf(out);
}

}  // namespace

std::string print(const config::Config& config) {
  std::string out = fmt::format("router_id {}\n", router_id(config));
  out += global_words(config) + lines(config) + print_routers(config);
  config::Document servers;
  config::print_lvs(config, servers);
  return out + config::to_conf(servers);
}

std::string print(const config::Diagnostics& diagnostics) {
  return config::report(diagnostics);
}

}  // namespace hald::golden
