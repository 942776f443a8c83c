// SPDX-License-Identifier: Apache-2.0
#include "config/source.h"

#include <utility>

namespace hald::config {

const Source& Sources::add(std::string path, std::string text, FileIdentity identity, Position included_at) {
  Source source;
  source.index = diagnostics_.add_file(path, included_at);
  source.path = std::move(path);
  source.text = std::move(text);
  source.identity = identity;
  bytes_ += source.text.size();
  sources_.push_back(std::move(source));
  return sources_.back();
}

std::vector<std::string_view> Sources::texts() const {
  std::vector<std::string_view> out;
  out.reserve(sources_.size());
  for (const Source& source : sources_) out.emplace_back(source.text);
  return out;
}

std::string_view foreign_format(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return "UTF-16 text";
  // A NUL this early: a program, an archive, UTF-16 without a mark. Later ones cost only their line.
  constexpr std::size_t kHead = 512;
  if (text.substr(0, kHead).find('\0') != std::string_view::npos) return "binary data";
  return {};
}

}  // namespace hald::config
