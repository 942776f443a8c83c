// SPDX-License-Identifier: Apache-2.0
// Builds what concerns the daemon as a whole: global_defs, and the words at the top of the file. Instances
// take defaults from it, and are therefore completed when the whole file is read: global_defs may come last.
#pragma once

#include <string>

#include "config/binding.h"
#include "config/model.h"
#include "config/script_check.h"
#include "config/values.h"

namespace hald::config {

/// What the configuration takes over from the machine.
struct Host {
  std::string name;
  std::string user;  ///< that hald runs as
};

class GlobalBuilder {
 public:
  GlobalBuilder();

  /// A word at the top of the file; false if it is none of hers.
  bool read_root(const Node& node, Values& values);
  /// A block global_defs; several add up.
  void read(const Node& block, Values& values);
  /// As it is while the file is being read.
  [[nodiscard]] const Global& so_far() const { return out_; }
  /// Fills the defaults in. Once, when all is read.
  [[nodiscard]] Global finish(const Host& host, Diagnostics& diagnostics);

 private:
  Repeats root_repeats_;
  Repeats repeats_;
  Global out_;
};

/// When the instances are known: which one the sync daemon of IPVS follows. One that is not there costs the
/// daemon.
void settle_sync_daemon(Config& config, Diagnostics& diagnostics);

/// The scripts of global_defs: one that cannot run goes.
void settle_global_scripts(Config& config, const Machine& machine, ScriptChecks& scripts,
                           Diagnostics& diagnostics);

/// The words of a vrrp_instance that have a twin in global_defs.
[[nodiscard]] const BlockBinding<VrrpSettings>& instance_settings();

/// What holds for an instance: its own word, else the global one, else the built-in default.
[[nodiscard]] Announcing resolve_announcing(const VrrpSettings& own, const VrrpSettings& global);

/// The words at the top of the file, then global_defs.
void print_global(const Global& global, Document& out);

}  // namespace hald::config
