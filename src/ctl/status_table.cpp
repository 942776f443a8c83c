// SPDX-License-Identifier: Apache-2.0
#include "ctl/status_table.h"

#include <algorithm>
#include <ctime>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "ctl/table.h"

namespace hald::ctl {
namespace {

namespace json = boost::json;

// The document comes from another process, perhaps of another version: what is missing reads as "-".
std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return "-";
  if (const auto* string = value->if_string()) return std::string(*string);
  return json::serialize(*value);
}

const json::array& list_of(const json::object& object, std::string_view key) {
  static const json::array kNone;
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

const json::object& object_of(const json::value& value) {
  static const json::object kNone;
  return value.is_object() ? value.get_object() : kNone;
}

const json::object& child_of(const json::object& object, std::string_view key) {
  static const json::object kNone;
  const json::value* value = object.if_contains(key);
  return value == nullptr ? kNone : object_of(*value);
}

std::string age_of(const json::object& object, std::string_view key, WallTime now) {
  std::tm parts{};
  const std::string text = text_of(object, key);
  if (::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return "-";
  return to_age(now - std::chrono::system_clock::from_time_t(::timegm(&parts)));
}

std::string endpoint_of(const json::object& object) {
  if (const auto group = text_of(object, "group"); group != "-")
    return fmt::format("group {} ({})", group, text_of(object, "members"));
  if (const auto mark = text_of(object, "fwmark"); mark != "-") return "fwmark " + mark;
  const std::string address = text_of(object, "address");
  const bool v6 = address.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), address, text_of(object, "port"));
}

std::string joined(const json::array& list) {
  std::string text;
  for (const auto& item : list) {
    if (!text.empty()) text += ' ';
    text += item.is_string() ? std::string(item.get_string()) : json::serialize(item);
  }
  return text.empty() ? "-" : text;
}

/// One line: how late adverts were, and whose was the latest of all. Empty while none was due.
std::string lateness_line(const json::object& root) {
  const auto& late = child_of(root, "advert_lateness");
  if (const auto count = text_of(late, "count"); count == "-" || count == "0") return {};
  std::string text =
      fmt::format("adverts late by us: p50 {}, p99 {}, p99.9 {}, max {}", text_of(late, "p50_us"),
                  text_of(late, "p99_us"), text_of(late, "p999_us"), text_of(late, "max_us"));
  for (const auto& item : list_of(root, "instances")) {
    const auto& instance = object_of(item);
    if (text_of(child_of(instance, "adverts"), "lateness_max_us") != text_of(late, "max_us")) continue;
    return text + fmt::format(" ({})\n", text_of(instance, "name"));
  }
  return text + "\n";
}

std::string heading(const json::object& root, WallTime now) {
  const auto& node = child_of(root, "node");
  const auto& config = child_of(root, "config");
  const auto& kernel = child_of(root, "kernel");
  std::string text = fmt::format("hald {} on {}, pid {}\n", text_of(node, "version"), text_of(node, "name"),
                                 text_of(node, "pid"));
  text += fmt::format("config {}, loaded {} ago", text_of(config, "file"), age_of(config, "loaded_at", now));
  if (text_of(config, "stale") == "true") text += ", STALE";
  if (const auto reason = text_of(config, "reason"); reason != "-" && !reason.empty()) text += ": " + reason;
  text += fmt::format("\nipvs {}, {} writes, {} errors, {} repairs; addresses {} writes, {} repairs\n",
                      text_of(kernel, "ipvs"), text_of(kernel, "ipvs_writes"), text_of(kernel, "ipvs_errors"),
                      text_of(kernel, "ipvs_drift"), text_of(kernel, "address_writes"),
                      text_of(kernel, "address_drift"));
  if (const auto writes = text_of(kernel, "routing_writes"); writes != "0" && writes != "-") {
    text += fmt::format("routes and rules {} writes, {} repairs\n", writes, text_of(kernel, "routing_drift"));
  }
  if (const auto writes = text_of(kernel, "filter_writes"); writes != "0" && writes != "-") {
    text += fmt::format("nftables {} writes, {} repairs\n", writes, text_of(kernel, "filter_drift"));
  }
  for (const auto& problem : list_of(kernel, "sysctl_problems")) {
    if (problem.is_string())
      text += fmt::format("ATTENTION: kernel parameter: {}\n", problem.get_string().c_str());
  }
  text += lateness_line(root);
  if (text_of(kernel, "ipvs") == "memory") {
    text += "ATTENTION: the IPVS table is in memory only, nothing is balanced (--ipvs memory)\n";
  }
  return text;
}

/// "80 of 100" while something that is tracked moves it.
std::string priority_of(const json::object& instance) {
  const std::string now = text_of(instance, "priority");
  const std::string base = text_of(instance, "base_priority");
  return base == "-" || base == now ? now : fmt::format("{} of {}", now, base);
}

std::string effect_of(const json::object& tracked) {
  if (text_of(tracked, "fault") == "true") return "FAULT";
  const std::string priority = text_of(tracked, "priority");
  return priority.empty() || priority == "0" || priority.front() == '-' ? priority : "+" + priority;
}

std::string tracked_table(const json::array& instances) {
  Table table({"INSTANCE", "TRACKS", "NAME", "WEIGHT", "EFFECT", "STATE"});
  for (const auto& item : instances) {
    const auto& instance = object_of(item);
    for (const auto& each : list_of(instance, "tracked")) {
      const auto& tracked = object_of(each);
      table.add({text_of(instance, "name"), text_of(tracked, "kind"), text_of(tracked, "name"),
                 text_of(tracked, "weight") + (text_of(tracked, "reverse") == "true" ? " reverse" : ""),
                 effect_of(tracked), text_of(tracked, "words")});
    }
  }
  return table.empty() ? std::string() : "\n" + table.to_string();
}

std::string conflicts_table(const json::array& instances, WallTime now) {
  Table table({"INSTANCE", "CONFLICT WITH", "FOR", "ADVERTS", "REASON"});
  for (const auto& item : instances) {
    const auto& instance = object_of(item);
    for (const auto& each : list_of(instance, "conflicts")) {
      const auto& conflict = object_of(each);
      table.add({text_of(instance, "name"), text_of(conflict, "source"), age_of(conflict, "since", now),
                 text_of(conflict, "count"), text_of(conflict, "reason")});
    }
  }
  return table.empty() ? std::string() : "\n" + table.to_string();
}

std::string instances_table(const json::array& instances, WallTime now) {
  Table table({"INSTANCE", "INTERFACE", "VRID", "STATE", "FOR", "PRIORITY", "MASTER", "ADDRESSES", "REASON"});
  for (const auto& item : instances) {
    const auto& instance = object_of(item);
    table.add({text_of(instance, "name"), text_of(instance, "interface"), text_of(instance, "vrid"),
               text_of(instance, "state"), age_of(instance, "since", now), priority_of(instance),
               text_of(instance, "master_address"), joined(list_of(instance, "addresses")),
               text_of(instance, "reason")});
  }
  return table.empty() ? std::string() : "\n" + table.to_string();
}

std::string groups_table(const json::array& groups, WallTime now) {
  Table table({"SYNC GROUP", "STATE", "FOR", "MEMBERS", "REASON"});
  for (const auto& item : groups) {
    const auto& group = object_of(item);
    table.add({text_of(group, "name"), text_of(group, "state"), age_of(group, "since", now),
               joined(list_of(group, "members")), text_of(group, "reason")});
  }
  return table.empty() ? std::string() : "\n" + table.to_string();
}

std::string admin_table(const json::array& services, WallTime now) {
  Table table({"REAL SERVER", "OF", "ORDERED", "FOR", "UNTIL", "CONNECTIONS", "WHO", "WHY"});
  for (const auto& item : services) {
    const auto& service = object_of(item);
    for (const auto& entry : list_of(service, "real_servers")) {
      const auto& server = object_of(entry);
      const auto& admin = child_of(server, "admin");
      if (admin.empty()) continue;
      const std::string weight = text_of(admin, "weight");
      table.add({endpoint_of(server), endpoint_of(service),
                 text_of(admin, "state") + (weight == "-" ? "" : " " + weight), age_of(admin, "since", now),
                 text_of(admin, "until"), text_of(admin, "connections"), text_of(admin, "who"),
                 text_of(admin, "why")});
    }
  }
  return table.empty() ? std::string() : "\n" + table.to_string();
}

std::string servers_table(const json::array& services, WallTime now) {
  Table table({"VIRTUAL SERVER", "PROTOCOL", "METHOD", "WEIGHT", "KERNEL", "STATE", "FOR", "REASON"});
  for (const auto& item : services) {
    const auto& service = object_of(item);
    const bool quorum = text_of(service, "quorum_up") == "true";
    table.add({endpoint_of(service), text_of(service, "protocol"), text_of(service, "scheduler"), "", "",
               quorum ? "UP" : "DOWN", "", quorum ? "" : "quorum lost"});
    for (const auto& entry : list_of(service, "real_servers")) {
      const auto& server = object_of(entry);
      table.add({"  -> " + endpoint_of(server), "", text_of(server, "forwarding"), text_of(server, "weight"),
                 text_of(server, "in_kernel"), text_of(server, "state"), age_of(server, "since", now),
                 text_of(server, "reason")});
    }
  }
  return table.empty() ? std::string() : "\n" + table.to_string();
}

}  // namespace

std::string to_age(Duration age) {
  const auto seconds = std::max<long long>(0, std::chrono::duration_cast<std::chrono::seconds>(age).count());
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{}h{:02}m", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{}d{:02}h", seconds / 86400, seconds / 3600 % 24);
}

Result<std::string> render_status(const std::string& document, WallTime now) {
  boost::system::error_code error;
  const json::value root = json::parse(document, error);
  if (error || !root.is_object()) return protocol_error("read hald's answer: it is not the JSON of a status");
  const auto& object = root.get_object();
  if (const auto* refusal = object.if_contains("error")) {
    return protocol_error("ask hald: " + json::serialize(*refusal));
  }
  return heading(object, now) + instances_table(list_of(object, "instances"), now) +
         conflicts_table(list_of(object, "instances"), now) +
         groups_table(list_of(object, "sync_groups"), now) + tracked_table(list_of(object, "instances")) +
         servers_table(list_of(object, "virtual_servers"), now) +
         admin_table(list_of(object, "virtual_servers"), now);
}

}  // namespace hald::ctl
