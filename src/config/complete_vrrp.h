// SPDX-License-Identifier: Apache-2.0
// The second step of building a vrrp_instance, when the whole file is known: defaults, what global_defs and
// the sync group say, and what contradicts itself. Rules: those by which keepalived starts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/build_vrrp.h"
#include "config/machine.h"
#include "config/model_vrrp.h"

namespace hald::config {

struct CompletionContext {
  const Global& global;
  const Machine& machine;
  Diagnostics& diagnostics;
};

/// Nothing if the instance cannot run at all. `group` is the sync group it is in, or null.
[[nodiscard]] std::optional<VrrpInstance> complete_instance(InstanceDraft draft, const SyncGroup* group,
                                                            const CompletionContext& context);

/// One topic each, in the order in which they depend on one another. For complete_vrrp*.cpp only.
class Completion {
 public:
  Completion(InstanceDraft& draft, const SyncGroup* group, const CompletionContext& context)
      : draft_(draft), out_(draft.out), group_(group), context_(context) {}

  std::optional<VrrpInstance> run();

 private:
  // complete_vrrp.cpp
  void lacks(std::string_view word, std::string_view code, std::string_view what);
  bool identity();
  void version();
  void election();
  void preemption();
  void interval();
  void accept();
  void repeats();
  void strict_repeats();
  void owner();
  void settings();
  // complete_vrrp_auth.cpp
  void authentication();
  void auth_hmac();
  // complete_vrrp_link.cpp
  bool unicast();
  void own_link();
  bool interface();
  void group_address();
  // complete_vrrp_lists.cpp
  void room_for_addresses();
  void devices();
  void device(VirtualAddress& address, Position where, bool& extra_link, bool& extra_vmac);
  bool some_address();
  void own_interface();
  void weights();

  /// Something is ignored or replaced.
  Told error(std::string_view word, std::string_view code, std::string message, std::string help = {}) {
    return context_.diagnostics.error(draft_.place_of(word), code, std::move(message), std::move(help));
  }
  /// Harmless, but keepalived complains.
  Told complain(std::string_view word, std::string_view code, std::string message, std::string help = {}) {
    return context_.diagnostics.warning(draft_.place_of(word), code, std::move(message), std::move(help))
        .as_keepalived();
  }
  [[nodiscard]] bool is_master() const { return out_.initial_state == InitialState::Master; }
  [[nodiscard]] bool is_owner() const { return out_.priority == UINT8_MAX; }
  [[nodiscard]] bool has_vmac() const {
    return out_.own_link && out_.own_link->kind == OwnLink::Kind::Macvlan;
  }
  [[nodiscard]] InterfaceFacts facts() const;

  InstanceDraft& draft_;
  VrrpInstance& out_;
  const SyncGroup* group_;
  const CompletionContext& context_;
};

}  // namespace hald::config
