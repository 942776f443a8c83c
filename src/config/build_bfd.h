// SPDX-License-Identifier: Apache-2.0
// Builds bfd_instance. One that cannot be used is left out, with a message.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/document.h"
#include "config/model_bfd.h"
#include "config/values.h"

namespace hald::config {

class BfdBuilder {
 public:
  /// The session, valid until the next read(); null if it cannot be used.
  const BfdInstance* read(const Node& block, Values& values);
  [[nodiscard]] std::vector<BfdInstance> finish() { return std::move(out_); }

 private:
  /// The sessions with one neighbour and port, as indices: either all have a source of their own, or there is
  /// but one.
  struct Group {
    std::optional<std::size_t> without_source;
    std::map<Address, std::size_t> by_source;
  };
  /// The session whose addresses are those of `session`, if there is one.
  [[nodiscard]] std::optional<std::size_t> rival(const BfdInstance& session) const;

  std::map<std::string, Position, std::less<>> names_;
  std::map<std::pair<Address, bool>, Group> by_neighbor_;
  std::vector<BfdInstance> out_;
};

void print_bfd(const std::vector<BfdInstance>& sessions, Document& out);

}  // namespace hald::config
