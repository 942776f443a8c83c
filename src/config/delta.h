// SPDX-License-Identifier: Apache-2.0
// What a reload changes: two configurations compared by identity (model.h), not by name or place in the file.
// Where a setting stands in the text does not matter. Pointers lead into the two configurations.
#pragma once

#include <vector>

#include "config/model.h"

namespace hald::config {

template <typename T>
struct Changed {
  const T* before = nullptr;
  const T* after = nullptr;
};

template <typename T>
struct DeltaOf {
  std::vector<const T*> added;      ///< in the order of the new file
  std::vector<const T*> removed;    ///< in the order of the old file
  std::vector<Changed<T>> changed;  ///< in the order of the new file
  [[nodiscard]] bool empty() const { return added.empty() && removed.empty() && changed.empty(); }
};

struct Delta {
  bool global_changed = false;
  DeltaOf<VrrpInstance> instances;
  DeltaOf<VirtualServer> virtual_servers;
  DeltaOf<GroupServer> group_servers;  ///< those whose group changed are among the changed ones
  bool others_changed = false;         ///< any of the other lists of Config
  [[nodiscard]] bool empty() const {
    return !global_changed && !others_changed && instances.empty() && virtual_servers.empty() &&
           group_servers.empty();
  }
};

[[nodiscard]] Delta delta(const Config& before, const Config& after);

}  // namespace hald::config
