// SPDX-License-Identifier: Apache-2.0
#include "ctl/explain.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "config/catalogue.h"
#include "config/keywords.h"
#include "ctl/table.h"

namespace hald::ctl {
namespace {

constexpr std::size_t kWidth = 78;

/// One paragraph, its lines no longer than kWidth.
std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (column > 0 && column + 1 + word.size() > kWidth) {
      out += '\n';
      column = 0;
    }
    if (column > 0) out += ' ';
    out += word;
    column += word.size() + (column > 0 ? 1 : 0);
  }
  return out + '\n';
}

/// Lines of an example: what all of them are indented by gives way to four blanks.
std::string indented(std::string_view text) {
  const auto common = std::min(text.find_first_not_of(' '), text.size());
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out += fmt::format("    {}\n", text.substr(std::min(common, end), end - std::min(common, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

std::string_view nearest_code(std::string_view written) {
  std::vector<std::string_view> codes;
  for (const auto& each : config::catalogue()) codes.push_back(each.code);
  return config::nearest(codes, written);
}

std::optional<std::string> explain_code(std::string_view code) {
  const config::Explanation* entry = config::explain(code);
  if (entry == nullptr) return {};
  std::string out = fmt::format("{}: {}\n\n", entry->code, entry->title);
  out += wrapped(entry->meaning) + '\n';
  out += wrapped(fmt::format("Why it matters: {}", entry->why)) + '\n';
  out += wrapped(fmt::format("keepalived: {}", entry->keepalived)) + '\n';
  out += "Instead of\n\n" + indented(entry->bad) + "\nwrite\n\n";
  out += entry->mended.empty() ? std::string("    nothing\n") : indented(entry->mended);
  return out;
}

std::string list_codes() {
  Table table({"CODE", "MEANS"});
  for (const auto& each : config::catalogue()) table.add({std::string(each.code), std::string(each.title)});
  return table.to_string();
}

}  // namespace hald::ctl
