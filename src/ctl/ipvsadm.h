// SPDX-License-Identifier: Apache-2.0
// haldctl ipvsadm: ipvsadm 1.31 on the kernel's table: its grammar, its output, its exit statuses. What the
// words mean is ipvsadm/core's business; here it is executed.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace hald::ctl {

/// The exit status. `program` is what messages call it.
int run_ipvsadm(const std::string& program, std::vector<std::string> words);

/// Called as ipvsadm, ipvsadm-save or ipvsadm-restore (argv[0]), or as `haldctl ipvsadm`; nothing: as none of
/// these.
std::optional<int> run_as_ipvsadm(int argc, char** argv);

}  // namespace hald::ctl
