// SPDX-License-Identifier: Apache-2.0
#include "ctl/admin.h"

#include <charconv>
#include <ctime>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace hald::ctl {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestText = 500;

Error wrong(std::string why) {
  return Error{{}, std::move(why)};
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> seconds_of(char unit) {
  switch (unit) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return 86400;
    default: return std::nullopt;
  }
}

std::string text_of(const json::object& object, const char* member) {
  const json::value* value = object.if_contains(member);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::string state_words(const json::object& admin) {
  const std::string state = text_of(admin, "state");
  if (state == "weight") return "weight " + text_of(admin, "weight");
  if (state != "drain") return state == "maintenance" ? "out for maintenance" : state;
  const std::string connections = text_of(admin, "connections");
  return connections.empty() ? "draining" : fmt::format("draining, {} connections left", connections);
}

std::string line_of(const json::object& server) {
  const std::string address = text_of(server, "address");
  const bool v6 = address.find(':') != std::string::npos;
  std::string out = fmt::format(fmt::runtime(v6 ? "[{}]:{} of {}: " : "{}:{} of {}: "), address,
                                text_of(server, "port"), text_of(server, "service"));
  const json::value& admin = server.at("admin");
  out += admin.is_null() ? "enabled" : state_words(admin.as_object());
  if (!admin.is_null()) {
    if (const auto until = text_of(admin.as_object(), "until"); !until.empty()) out += ", until " + until;
  }
  return out + "\n";
}

json::object request_of(const Options& options, std::string_view act) {
  json::object out{{"act", act}, {"server", options.words.front()}};
  if (!options.service.empty()) out["service"] = options.service;
  return out;
}

}  // namespace

std::optional<WallTime> parse_moment(std::string_view text, WallTime now) {
  if (text.size() > 1) {
    const auto unit = seconds_of(text.back());
    const auto count = number_of(text.substr(0, text.size() - 1));
    if (unit && count && *count > 0 && *count <= 1'000'000'000)
      return now + std::chrono::seconds(*count * *unit);
  }
  std::tm parts{};
  const std::string whole(text);
  const char* const end = ::strptime(whole.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

Result<std::string> admin_request(const Options& options, std::string_view who, WallTime now) {
  const bool weight = options.command == "weight";
  if (options.words.size() != (weight ? 2U : 1U))
    return wrong(weight ? "weight: one server and its weight"
                        : fmt::format("{}: one server", options.command));
  json::object out = request_of(options, options.command);
  if (weight) {
    const auto value = number_of(options.words[1]);
    if (!value || *value < 0 || *value > 2147483647)
      return wrong(fmt::format("weight: '{}' is none", options.words[1]));
    out["weight"] = *value;
  }
  if (!options.until.empty()) {
    const auto until = parse_moment(options.until, now);
    if (!until) {
      return wrong(fmt::format("--until={}: 30m, 2h, 1d or 2026-01-31T12:00:00Z are times", options.until));
    }
    out["until"] = std::chrono::duration_cast<std::chrono::seconds>(until->time_since_epoch()).count();
  }
  if (options.why.size() > kLongestText)
    return wrong(fmt::format("--why: {} characters are enough", kLongestText));
  out["why"] = options.why;
  out["who"] = json::string_view(who.data(), who.size());
  return "admin " + json::serialize(out);
}

std::string admin_question(const Options& options) {
  return "admin " + json::serialize(request_of(options, "show"));
}

Result<Ordered> read_ordered(const std::string& document) {
  try {
    const json::object root = json::parse(document).as_object();
    if (root.contains("error")) return protocol_error(fmt::format("hald: {}", text_of(root, "error")));
    Ordered out;
    out.done = root.at("done").as_bool();
    out.drained = true;
    for (const auto& each : root.at("servers").as_array()) {
      const json::object& server = each.as_object();
      out.text += line_of(server);
      const json::value& admin = server.at("admin");
      if (!admin.is_null() && text_of(admin.as_object(), "state") == "drain") out.drained = false;
    }
    if (!out.done) out.text += fmt::format("not done: {}\n", text_of(root, "reason"));
    if (out.done && !root.at("kept").as_bool())
      out.text += fmt::format("in force, but not kept over a restart: {}\n", text_of(root, "reason"));
    return out;
  } catch (const std::exception&) {
    return protocol_error("understand hald's answer");
  }
}

}  // namespace hald::ctl
