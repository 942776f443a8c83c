// SPDX-License-Identifier: Apache-2.0
#include "app/admin_request.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace hald::app {
namespace {

namespace json = boost::json;
using Act = AdminRequest::Act;

constexpr std::string_view kWord = "admin ";
constexpr std::size_t kLongestText = 500;
constexpr std::int64_t kLastSecond = 253402300799;  // the year 9999

Error wrong(std::string why) {
  return Error{{}, std::move(why)};
}

/// For logs and terminals: no control characters, no more than a few lines' worth.
std::string tame(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
      ' ');
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;  // no half character
  text.resize(end);
  return text;
}

std::optional<Act> act_of(std::string_view text) {
  if (text == "show") return Act::Show;
  if (text == "enable") return Act::Enable;
  if (text == "drain") return Act::Drain;
  if (text == "disable") return Act::Disable;
  if (text == "weight") return Act::Weight;
  return std::nullopt;
}

/// Empty if it is missing; throws what boost throws if it is no text.
std::string text_at(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value == nullptr || value->is_null() ? std::string() : tame(std::string(value->as_string()));
}

Result<AdminRequest> read(const json::object& object) {
  AdminRequest out;
  const auto act = act_of(text_at(object, "act"));
  if (!act) return wrong("that is nothing to be done with a server");
  out.act = *act;
  auto server = ipvs::parse_server_name(text_at(object, "server"));
  if (!server) return server.error();
  out.server = *server;
  out.service = text_at(object, "service");
  out.who = text_at(object, "who");
  out.why = text_at(object, "why");
  if (out.act == Act::Weight) out.weight = object.at("weight").to_number<std::int32_t>();
  if (out.weight < 0) return wrong("a weight is not negative");
  const json::value* until = object.if_contains("until");
  if (until == nullptr || until->is_null()) return out;
  const auto second = until->to_number<std::int64_t>();
  if (second < 0 || second > kLastSecond) return wrong("there is no such time");
  out.until = WallTime(std::chrono::seconds(second));
  return out;
}

}  // namespace

std::optional<Result<AdminRequest>> parse_admin_request(const std::string& request) {
  if (request.rfind(kWord, 0) != 0) return std::nullopt;
  try {
    return read(json::parse(request.substr(kWord.size())).as_object());
  } catch (const std::exception&) {
    return Result<AdminRequest>(wrong("the request makes no sense"));
  }
}

bool means_service(const std::string& name, const checker::ServiceId& id) {
  if (name == checker::to_string(id)) return true;
  if (const auto* group = std::get_if<checker::GroupId>(&id)) return name == group->group;
  const auto& key = std::get<config::ServiceKey>(id);
  if (const auto* mark = std::get_if<config::FirewallMark>(&key))
    return name == fmt::format("fwmark {}", mark->mark);
  const auto meant = ipvs::parse_server_name(name);
  return meant && meant->means(std::get<config::ServiceAddress>(key).endpoint);
}

std::optional<ipvs::AdminOrder> order_of(const AdminRequest& request, WallTime now) {
  ipvs::AdminOrder out;
  switch (request.act) {
    case Act::Show:
    case Act::Enable: return std::nullopt;
    case Act::Drain: out.mode = ipvs::AdminMode::Drain; break;
    case Act::Disable: out.mode = ipvs::AdminMode::Maintenance; break;
    case Act::Weight: out.mode = ipvs::AdminMode::Weight; break;
  }
  out.weight = request.weight;
  out.since = now;
  out.until = request.until;
  out.who = request.who;
  out.why = request.why;
  return out;
}

}  // namespace hald::app
