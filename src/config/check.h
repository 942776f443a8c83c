// SPDX-License-Identifier: Apache-2.0
// Check: what `hald -t` and `haldctl check` have in common: the exit status and the report.
#pragma once

#include <string>
#include <vector>

#include "config/load.h"
#include "config/render.h"

namespace hald::config {

/// What loading came to, as an exit status.
/// compat: the numbers are those of keepalived's configuration test.
enum CheckStatus : int {
  kCheckClean = 0,
  kCheckUnreadable = 4,  ///< there was no text to judge
  kCheckComplaint = 5,
  kCheckSecurity = 6  ///< scripts would run without script security
};
[[nodiscard]] CheckStatus status_of(const Loaded& loaded);

/// `text` is for the operator; `status` that of the gravest file.
struct CheckReport {
  std::string text;
  int status = kCheckClean;
};
[[nodiscard]] CheckReport check_report(const std::string& file, const Loaded& loaded, Format format,
                                       bool color);
/// `select` may leave some diagnostics out; the status does not change by that.
[[nodiscard]] CheckReport check_files(const std::vector<std::string>& files, const LoadOptions& options,
                                      Format format, bool color, void (*select)(Diagnostics&) = nullptr);

}  // namespace hald::config
