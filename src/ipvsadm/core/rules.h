// SPDX-License-Identifier: Apache-2.0
// What listings and saved rules have in common.
#pragma once

#include <optional>
#include <string>

#include "ipvs/core/observed.h"

namespace hald::ipvsadm {

/// "sh-fallback,sh-port"; empty: none.
[[nodiscard]] std::string flag_names(const ipvs::ServiceSettings& settings);
/// Empty: every client by itself.
[[nodiscard]] std::string mask_text(const ipvs::ServiceEntry& entry);
/// Nothing: a mark, which has no protocol.
[[nodiscard]] std::optional<config::Protocol> protocol_of(const ipvs::ServiceKey& key);

}  // namespace hald::ipvsadm
