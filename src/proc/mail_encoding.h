// SPDX-License-Identifier: Apache-2.0
// How text becomes headers and lines of a mail. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace hald::proc {

/// "Subject: ..." with its CR LF, folded; what is not printable ASCII as encoded words (RFC 2047). Control
/// characters, line ends among them, become spaces.
[[nodiscard]] std::string text_header(std::string_view name, std::string_view value);

/// A display name, quoted or encoded as it needs, without folding.
[[nodiscard]] std::string display_name(std::string_view name);

struct BodyText {
  std::string_view encoding;  ///< "7bit" or "quoted-printable"
  std::string text;           ///< its lines end with CR LF, the last one too
};
[[nodiscard]] BodyText encode_body(std::string_view body);

}  // namespace hald::proc
