// SPDX-License-Identifier: Apache-2.0
#include "config/schema.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "config/pretty_json.h"

namespace hald::config {
namespace {

namespace json = boost::json;

json::object object_of(const Block& block, const Keyword& keyword) {
  json::object out;
  out["block"] = block.path;
  out["keyword"] = keyword.name;
  out["args"] = keyword.arguments;
  out["unit"] = keyword.unit;
  out["default"] = keyword.default_value;
  out["range"] = allowed_text(keyword);
  out["help"] = keyword.help;
  out["effect"] = keyword.effect;
  if (!keyword.needless.empty()) out["needless"] = keyword.needless;
  return out;
}

}  // namespace

std::string allowed_text(const Keyword& keyword) {
  if (!keyword.limits.empty()) return std::string(keyword.limits);
  if (!keyword.choices.empty()) return fmt::format("{}", fmt::join(keyword.choices, "|"));
  return range_text(keyword);
}

std::string schema_json() {
  json::array out;
  for (const Block& block : all_blocks()) {
    for (const Keyword& keyword : block.words) out.push_back(object_of(block, keyword));
  }
  return pretty(out);
}

}  // namespace hald::config
