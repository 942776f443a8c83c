// SPDX-License-Identifier: Apache-2.0
// The file that a hand-over record lies in between two runs: written by the one that goes, taken by the one
// that comes, which never sees it twice.
#pragma once

#include <optional>
#include <string>

#include "app/handover_record.h"
#include "base/result.h"

namespace hald::app {

/// Of the calling process; `config_file` is the caller's.
[[nodiscard]] RunPlace this_place(const std::string& config_file);

/// Readable by this account only: the configuration has secrets. Whole or not at all.
[[nodiscard]] Result<void> write_handover(const std::string& path, const HandoverRecord& record);
/// Reads and removes it. Nothing if there is none; an error says why it must not be used.
[[nodiscard]] Result<std::optional<HandoverRecord>> take_handover(const std::string& path,
                                                                  const RunPlace& here, TimePoint now);

}  // namespace hald::app
