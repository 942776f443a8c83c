// SPDX-License-Identifier: Apache-2.0
#include "app/config_loader.h"

#include <malloc.h>

#include <string_view>

#include <fmt/format.h>

#include "app/process.h"
#include "config/delta.h"

namespace hald::app {
namespace {

template <typename T>
void describe(std::string& text, const config::DeltaOf<T>& delta, std::string_view what) {
  const auto part = [&](std::size_t count, std::string_view how) {
    if (count == 0) return;
    text += fmt::format("{}{} {}{} {}", text.empty() ? "" : ", ", count, what, count == 1 ? "" : "s", how);
  };
  part(delta.added.size(), "added");
  part(delta.changed.size(), "changed");
  part(delta.removed.size(), "removed");
}

std::shared_ptr<ConfigLoader::Outcome> work(const ConfigLoader::Request& request) {
  auto out = std::make_shared<ConfigLoader::Outcome>();
  out->loaded = config::load_file(request.path, request.options);
  if (request.modules) load_scheduler_modules(*out->loaded.config);
  out->users = script_users(*out->loaded.config);
  out->changes = describe_changes(*request.running, *out->loaded.config);
  // The text and its tree are gone by now: give the pages back, from here where nobody waits.
  ::malloc_trim(0);
  return out;
}

}  // namespace

std::string describe_changes(const config::Config& before, const config::Config& after) {
  const config::Delta delta = config::delta(before, after);
  std::string text;
  describe(text, delta.instances, "instance");
  describe(text, delta.virtual_servers, "virtual server");
  describe(text, delta.group_servers, "virtual server by group");
  const auto add = [&text](std::string_view what) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", what);
  };
  if (delta.global_changed) add("global settings changed");
  if (delta.others_changed) add("other settings changed");
  return text.empty() ? "nothing changed" : text;
}

std::shared_ptr<const ScriptUsers> script_users(const config::Config& config) {
  const config::SystemMachine here(config::SystemMachine::HostNames::Trusted);
  return std::make_shared<const ScriptUsers>(config, here);
}

ConfigLoader::~ConfigLoader() {
  if (thread_.joinable()) thread_.join();
}

void ConfigLoader::load(Request request, Done done) {
  if (thread_.joinable()) thread_.join();  // it has posted its result, so it is at its end
  busy_ = true;
  thread_ = std::thread([this, request = std::move(request), done = std::move(done)]() mutable {
    scheduler_.post([this, outcome = work(request), done = std::move(done)] {
      busy_ = false;
      done(*outcome);
    });
  });
}

}  // namespace hald::app
