// SPDX-License-Identifier: Apache-2.0
#include "config/check.h"

#include <algorithm>

namespace hald::config {

CheckStatus status_of(const Loaded& loaded) {
  if (!loaded.readable) return kCheckUnreadable;
  switch (loaded.diagnostics.verdict()) {
    case Verdict::Complaint: return kCheckComplaint;
    case Verdict::Security: return kCheckSecurity;
    case Verdict::Clean: break;
  }
  return kCheckClean;
}

CheckReport check_report(const std::string& file, const Loaded& loaded, Format format, bool color) {
  const int status = status_of(loaded);
  return {report({{file, &loaded.diagnostics, status}}, format, color), status};
}

CheckReport check_files(const std::vector<std::string>& files, const LoadOptions& options, Format format,
                        bool color, void (*select)(Diagnostics&)) {
  // Nothing else waits meanwhile, so host names can be looked up.
  const SystemMachine here(SystemMachine::HostNames::LookedUp);
  LoadOptions thorough = options;
  if (thorough.machine == nullptr) thorough.machine = &here;
  std::vector<Diagnostics> all;  // the configurations themselves are not kept: there may be many files
  std::vector<int> statuses;
  for (const std::string& file : files) {
    Loaded loaded = load_file(file, thorough);
    statuses.push_back(status_of(loaded));
    if (select != nullptr) select(loaded.diagnostics);
    all.push_back(std::move(loaded.diagnostics));
  }
  std::vector<Checked> checked;
  CheckReport out;
  for (std::size_t i = 0; i < files.size(); ++i) {
    checked.push_back({files[i], &all[i], statuses[i]});
    out.status = std::max(out.status, statuses[i]);
  }
  out.text = report(checked, format, color);
  return out;
}

}  // namespace hald::config
