// SPDX-License-Identifier: Apache-2.0
// What operators order of real servers: the request to hald, and its answer in words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "ctl/options.h"

namespace hald::ctl {

/// A moment as operators write it: "30m" (s, m, h, d) from now, or "2026-01-31T12:00:00Z".
[[nodiscard]] std::optional<WallTime> parse_moment(std::string_view text, WallTime now);

/// The request line of `options.command`: drain, enable, disable or weight; an error says what is wrong with
/// the command line.
[[nodiscard]] Result<std::string> admin_request(const Options& options, std::string_view who, WallTime now);
/// The request that only asks how things stand.
[[nodiscard]] std::string admin_question(const Options& options);

struct Ordered {
  bool done = false;
  bool drained = false;  ///< no server is being drained any more
  std::string text;      ///< for the operator, ending in a line end
};
[[nodiscard]] Result<Ordered> read_ordered(const std::string& document);

}  // namespace hald::ctl
