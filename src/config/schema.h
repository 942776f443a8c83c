// SPDX-License-Identifier: Apache-2.0
// The keyword table as JSON: what `hald --schema` prints, for editors, linters and whoever generates files.
#pragma once

#include <string>

#include "config/keywords.h"

namespace hald::config {

/// An array of objects {block, keyword, args, unit, default, range, help, effect}, one for each word of each
/// block, in the order of the table; all texts but `effect`; `needless`
/// says why nothing follows from a word that keepalived has a use for. Ends in a line end.
[[nodiscard]] std::string schema_json();

/// What is allowed, in words: "1..255", "MASTER|BACKUP", "at most 15 bytes", or empty.
[[nodiscard]] std::string allowed_text(const Keyword& keyword);

}  // namespace hald::config
