// SPDX-License-Identifier: Apache-2.0
// FakeMachine: accounts, interfaces and files as a test describes them; what it does not name is not there.
// hald runs as root on it.
#pragma once

#include <map>
#include <set>
#include <string>

#include "config/machine.h"

namespace hald::fakes {

class FakeMachine final : public config::Machine {
 public:
  using Kind = config::FileFacts::Kind;

  std::map<std::string, config::Account> users;
  std::map<std::string, std::uint32_t> groups;
  std::map<std::string, config::InterfaceFacts> interfaces;
  std::map<std::string, config::FileFacts> files{{"/", {Kind::Directory, 0, 0, 0755}}};
  std::map<std::string, std::string> links;  ///< path to where it really leads
  std::map<std::string, std::string> texts;
  std::set<std::string> unwatched;
  std::set<std::string> hosts;
  std::string path = "/bin";
  config::Account own;
  std::vector<config::LocalAddress> local;
  unsigned processor_count = 2;

  void add_folder(const std::string& name, std::uint32_t mode = 0755, std::uint32_t owner = 0) {
    files[name] = {Kind::Directory, owner, 0, mode};
  }
  void add_script(const std::string& name, std::uint32_t mode = 0755, std::uint32_t owner = 0) {
    files[name] = {Kind::Regular, owner, 0, mode};
  }

  [[nodiscard]] config::Account self() const override { return own; }
  [[nodiscard]] std::optional<config::Account> user(const std::string& name) const override {
    return at(users, name);
  }
  [[nodiscard]] std::optional<std::uint32_t> group(const std::string& name) const override {
    return at(groups, name);
  }
  [[nodiscard]] std::optional<config::InterfaceFacts> interface(const std::string& name) const override {
    return at(interfaces, name);
  }
  [[nodiscard]] std::optional<config::FileFacts> facts(const std::string& name) const override {
    return at(files, name);
  }
  [[nodiscard]] std::optional<std::string> real_path(const std::string& name) const override {
    if (const auto link = links.find(name); link != links.end()) return link->second;
    if (files.contains(name)) return name;
    return {};
  }
  [[nodiscard]] std::optional<std::string> text(const std::string& name) const override {
    return at(texts, name);
  }
  [[nodiscard]] std::string search_path() const override { return path; }
  [[nodiscard]] bool can_watch(const std::string& directory) const override {
    return !unwatched.contains(directory);
  }
  [[nodiscard]] bool knows_host(const std::string& name) const override { return hosts.contains(name); }
  [[nodiscard]] std::vector<config::LocalAddress> addresses() const override { return local; }
  [[nodiscard]] unsigned processors() const override { return processor_count; }

 private:
  template <typename Map>
  static std::optional<typename Map::mapped_type> at(const Map& map, const std::string& name) {
    const auto found = map.find(name);
    if (found == map.end()) return {};
    return found->second;
  }
};

}  // namespace hald::fakes
