// SPDX-License-Identifier: Apache-2.0
// Layout: a table as ipvsadm 1.31 prints it, byte for byte: people and programs read it by column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ipvs/core/observed.h"
#include "ipvs/core/tuning.h"
#include "ipvsadm/core/command.h"
#include "ipvsadm/core/names.h"

namespace hald::ipvsadm {

enum class Columns : std::uint8_t { Plain, Stats, Rate, Thresholds, PersistentConn, TunnelInfo };

struct View {
  Columns columns = Columns::Plain;
  bool numeric = false;
  bool exact = false;  ///< no thousands and millions
};
/// Of several columns one wins.
[[nodiscard]] View view_of(const Options& options);

/// Into the order of a listing, which is ipvsadm's own.
void sort(std::vector<ipvs::ObservedService>& services);

/// The two lines above the services.
[[nodiscard]] std::string title(const View& view);
/// A service and its servers.
[[nodiscard]] std::string listed(const ipvs::ObservedService& service, const View& view, Names& names);
/// The same as what would make it again.
[[nodiscard]] std::string saved(const ipvs::ObservedService& service, bool numeric, Names& names);

[[nodiscard]] std::string listed(const ipvs::Timeouts& timeouts);
[[nodiscard]] std::string listed(const ipvs::SyncDaemon& daemon);

/// "10.0.0.1:http", "[fd00::1]:80".
[[nodiscard]] std::string endpoint_name(const Endpoint& endpoint, std::optional<config::Protocol> protocol,
                                        bool numeric, Names& names);

}  // namespace hald::ipvsadm
