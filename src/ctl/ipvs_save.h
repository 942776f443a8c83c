// SPDX-License-Identifier: Apache-2.0
// haldctl ipvs save: the kernel's IPVS table as the lines of ipvsadm-save. It asks the kernel, not hald.
#pragma once

#include <string>

#include "base/result.h"
#include "ipvs/kernel.h"

namespace hald::ctl {

/// Each line ends in a newline. The whole table or an error: half a table restored would be an outage.
[[nodiscard]] Result<std::string> saved_rules(ipvs::Kernel& kernel);

}  // namespace hald::ctl
