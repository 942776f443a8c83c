// SPDX-License-Identifier: Apache-2.0
#include "config/compat.h"

#include <utility>

#include <fmt/format.h>

#include "config/catalogue.h"

namespace hald::config {

void keep_differences(Diagnostics& diagnostics) {
  diagnostics.filter([](Diagnostic& each) {
    const Explanation* entry = explain(each.code);
    if (entry == nullptr || entry->reading == Reading::Alike) return false;
    each.remarks.push_back({{}, fmt::format("keepalived: {}", entry->keepalived), {}});
    return true;
  });
}

CheckReport check_differences(const std::vector<std::string>& files, LoadOptions options, Format format,
                              bool color) {
  options.note_own_words = true;
  CheckReport out = check_files(files, options, format, color, keep_differences);
  if (out.text.empty() && format == Format::Human) out.text = "keepalived reads the same in every line\n";
  return out;
}

}  // namespace hald::config
