// SPDX-License-Identifier: Apache-2.0
// Words: a command line as popt would cut it, one option at a time, because what an earlier option complains
// about comes before what is wrong with a later one. Which options there are is the table in words.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hald::ipvsadm {

/// An option by its short letter, or by a number above all letters.
enum Tag : int {
  kSctpService = 256,
  kSet,
  kStartDaemon,
  kStopDaemon,
  kMulticastInterface,
  kTimeout,
  kDaemon,
  kStats,
  kRate,
  kThresholds,
  kPersistentConn,
  kNoSort,
  kSort,
  kExact,
  kSyncId,
  kEngine,
  kSyncMaxLength,
  kMulticastGroup,
  kMulticastPort,
  kMulticastTtl,
  kTunnelInfo,
  kTunnelType,
  kTunnelPort,
  kTunnelNoChecksum,
  kTunnelChecksum,
  kTunnelRemoteChecksum,
};

class Words {
 public:
  explicit Words(std::vector<std::string> words) : words_(std::move(words)) {}

  struct Step {
    int tag = 0;  ///< 0: no option is left
    std::optional<std::string> argument;
    std::string_view wrong;  ///< not empty: what is wrong with last()
  };
  [[nodiscard]] Step next();
  /// The word that was read last.
  [[nodiscard]] const std::string& last() const { return words_.at(position_ - 1); }
  /// The next word that is no option. Complete only when next() has found the end.
  [[nodiscard]] std::optional<std::string> leftover();

 private:
  [[nodiscard]] Step take_long(const std::string& word);
  [[nodiscard]] Step take_short();
  [[nodiscard]] Step following(int tag, bool optional);

  std::vector<std::string> words_;
  std::size_t position_ = 0;
  std::string bundle_;  ///< letters behind one '-' that are still to be read
  std::vector<std::string> leftovers_;
  std::size_t handed_ = 0;
};

}  // namespace hald::ipvsadm
