// SPDX-License-Identifier: Apache-2.0
#include "config/build_vrrp.h"

#include <utility>

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::size_t kPasswordBytes = 8;

void read_state(const Node& node, Values& values, InstanceDraft& draft) {
  const auto choice = values.choice(node);
  if (!choice) return;
  const InitialState state = *choice == 0 ? InitialState::Backup : InitialState::Master;
  if (draft.state == InitialState::Master && state == InitialState::Backup) {
    // compat: the first MASTER stays.
    values.diagnostics().error(node.where(), code::kStateConflict,
                               "`state` is MASTER above: this line is ignored");
    return;
  }
  draft.state = state;
}

void read_interface(const Node& node, Values& values, InstanceDraft& draft) {
  draft.interface_written = true;
  const Word& word = node.arguments().front();
  if (word.text == "lo") {
    values.diagnostics().error(word.where(), code::kLoopback, "VRRP cannot run on the loopback interface");
    return;
  }
  if (auto name = values.interface(word)) draft.interface = std::move(*name);
}

void read_password(const Node& node, Values& values, InstanceDraft& draft) {
  const Word& word = node.arguments().front();
  if (word.text.size() > kPasswordBytes) {
    values.diagnostics().error(
        word.where(), code::kPasswordCut,
        fmt::format("the password has {} bytes: the first {} are used", word.text.size(), kPasswordBytes));
  }
  draft.auth_password = std::string(word.text.substr(0, kPasswordBytes));
}

void read_auth_type(const Node& node, Values& values, InstanceDraft& draft) {
  const Word& word = node.arguments().front();
  if (word.text == "AH") {
    values.diagnostics().error(word.where(), code::kNotBuilt,
                               "AH authentication is not supported yet: none is used");
  } else if (values.choice(node)) {
    draft.auth_type = AuthType::Pass;
  }
}

void read_authentication(const Node& block, Values& values, InstanceDraft& draft) {
  draft.auth_where = block.where();
  for (const Node node : block.children()) {
    if (node.meaning() == Meaning::AuthPass) read_password(node, values, draft);
    if (node.meaning() == Meaning::AuthType) read_auth_type(node, values, draft);
  }
}

void read_addresses(const Node& block, Values& values, InstanceDraft& draft) {
  for (const Node line : block.children()) {
    draft.addresses_written = true;
    if (auto address = read_virtual_address(line, values)) draft.addresses.push_back(std::move(*address));
  }
}

void read_statement(const Node& node, Values& values, InstanceDraft& draft) {
  switch (node.meaning()) {
    case Meaning::State: read_state(node, values, draft); return;
    case Meaning::Interface: read_interface(node, values, draft); return;
    case Meaning::VirtualRouterId:
      draft.vrid_written = true;
      if (const auto vrid = values.number(node)) draft.vrid = static_cast<std::uint8_t>(*vrid);
      return;
    case Meaning::Priority:
      // compat: a bad priority counts as 100, also with state MASTER.
      draft.priority = static_cast<std::uint8_t>(values.number(node).value_or(100));
      return;
    case Meaning::AdvertInt:
      draft.advert_where = node.arguments().front().where();
      draft.advert_interval = values.time(node).value_or(draft.advert_interval);
      return;
    case Meaning::Nopreempt:
      draft.nopreempt = true;
      draft.nopreempt_where = node.where();
      return;
    case Meaning::Preempt: draft.nopreempt = false; return;
    case Meaning::PreemptDelay:
      draft.preempt_delay_where = node.where();
      draft.preempt_delay = values.time(node).value_or(draft.preempt_delay);
      return;
    case Meaning::Authentication: read_authentication(node, values, draft); return;
    case Meaning::VirtualIpaddress: read_addresses(node, values, draft); return;
    default: break;
  }
  instance_settings().read_one(draft.settings, node, values);
}

}  // namespace

std::optional<InstanceDraft> read_instance(const Node& block, Values& values) {
  const auto arguments = block.arguments();
  if (arguments.size() != 1 || arguments.front().text.empty()) {
    values.diagnostics().error(block.where(), code::kBadName, "a vrrp_instance has exactly one name",
                               "the whole block is ignored");
    return {};
  }
  InstanceDraft draft;
  draft.name = arguments.front().text;
  draft.where = arguments.front().where();
  for (const Node node : block.children()) read_statement(node, values, draft);
  return draft;
}

}  // namespace hald::config
