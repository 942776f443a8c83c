// SPDX-License-Identifier: Apache-2.0
// The catalogue of diagnostics as pages for a terminal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hald::ctl {

/// All there is to say about one code; nothing if there is no such one.
[[nodiscard]] std::optional<std::string> explain_code(std::string_view code);
/// The code that was probably meant, or empty.
[[nodiscard]] std::string_view nearest_code(std::string_view written);
/// All codes with their titles, one a line.
[[nodiscard]] std::string list_codes();

}  // namespace hald::ctl
