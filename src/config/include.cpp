// SPDX-License-Identifier: Apache-2.0
#include "config/include.h"

#include <algorithm>
#include <array>

namespace hald::config {
namespace {

constexpr std::array kForms{IncludeForm{"include", {false, false, false, false}},
                            IncludeForm{"includer", {true, false, false, false}},
                            IncludeForm{"includem", {true, true, false, false}},
                            IncludeForm{"includew", {true, true, true, false}},
                            IncludeForm{"includeb", {true, false, false, true}},
                            IncludeForm{"includea", {true, true, true, true}}};

/// The first group in braces: where it opens and closes, and the commas between its alternatives.
struct Group {
  std::size_t open = std::string_view::npos;
  std::size_t close = std::string_view::npos;
  std::vector<std::size_t> cuts;  ///< open, the commas, close
};

Group first_group(std::string_view pattern) {
  Group group;
  group.open = pattern.find('{');
  if (group.open == std::string_view::npos) return group;
  std::size_t depth = 0;
  for (std::size_t at = group.open; at < pattern.size(); ++at) {
    if (pattern[at] == '{') ++depth;
    if (pattern[at] == ',' && depth == 1) group.cuts.push_back(at);
    if (pattern[at] == '}' && --depth == 0) {
      group.close = at;
      break;
    }
  }
  group.cuts.insert(group.cuts.begin(), group.open);
  group.cuts.push_back(group.close);
  return group;
}

}  // namespace

const IncludeForm* include_form(std::string_view word) {
  const auto* found = std::find_if(kForms.begin(), kForms.end(),
                                   [word](const IncludeForm& form) { return form.word == word; });
  return found == kForms.end() ? nullptr : &*found;
}

IncludeCheck operator|(const IncludeCheck& a, const IncludeCheck& b) {
  return {a.read || b.read, a.match || b.match, a.wildcard_match || b.wildcard_match,
          a.brace_match || b.brace_match};
}

IncludeChange apply(std::string_view word, bool first, IncludeCheck& to) {
  const bool has_sign = word.starts_with('+') || word.starts_with('-');
  if (!has_sign && !first) return IncludeChange::NotFirst;
  const std::string_view name = word.substr(has_sign ? 1 : 0);
  bool* check = name == "read"             ? &to.read
                : name == "match"          ? &to.match
                : name == "wildcard_match" ? &to.wildcard_match
                : name == "brace_match"    ? &to.brace_match
                                           : nullptr;
  if (!has_sign) to = {check != nullptr, false, false, false};
  if (check == nullptr) return IncludeChange::Unknown;
  *check = !word.starts_with('-');
  return IncludeChange::Done;
}

std::vector<std::string> expand_braces(std::string_view pattern, std::size_t limit) {
  std::vector<std::string> done;
  std::vector<std::string> open{std::string(pattern)};
  while (!open.empty()) {
    const std::string current = std::move(open.back());
    open.pop_back();
    const Group group = first_group(current);
    if (group.close == std::string_view::npos) {  // none, or never closed: then it is a plain character
      done.push_back(current);
      continue;
    }
    if (done.size() + open.size() + group.cuts.size() > limit + 1) return {};
    for (std::size_t i = group.cuts.size() - 1; i > 0; --i) {  // backwards: the stack turns it round again
      const std::size_t begin = group.cuts[i - 1] + 1;
      open.push_back(current.substr(0, group.open) + current.substr(begin, group.cuts[i] - begin) +
                     current.substr(group.close + 1));
    }
  }
  return done;
}

bool has_wildcard(std::string_view pattern) {
  return pattern.find_first_of("*?[") != std::string_view::npos;
}

std::string beside(std::string_view from, std::string_view name) {
  const auto slash = from.rfind('/');
  if (name.starts_with('/') || slash == std::string_view::npos) return std::string(name);
  return std::string(from.substr(0, slash + 1)) + std::string(name);
}

}  // namespace hald::config
