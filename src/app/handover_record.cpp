// SPDX-License-Identifier: Apache-2.0
#include "app/handover_record.h"

#include <algorithm>
#include <array>
#include <exception>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>

namespace hald::app {
namespace {

namespace json = boost::json;
using vrrp::Backup;
using vrrp::Master;

constexpr const char* kMagic = "hald-handover";
/// An interval that no advert can have says that the record is none.
constexpr Duration kLongestInterval = std::chrono::minutes(10);

Error unusable(std::string why) {
  return Error{{}, std::move(why)};
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ::EVP_Digest(text.data(), text.size(), digest.data(), &size, ::EVP_sha256(), nullptr);
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

// ---------------------------------------------------------------- times

template <typename Time>
std::int64_t nanoseconds(Time time) {
  return std::chrono::duration_cast<Duration>(time.time_since_epoch()).count();
}

TimePoint time_point(const json::value& value) {
  const std::int64_t count = value.as_int64();
  if (count < 0) throw std::range_error("a time before the machine was booted");
  return TimePoint(Duration(count));
}

WallTime wall_time(const json::value& value) {
  return WallTime(std::chrono::duration_cast<WallTime::duration>(Duration(value.as_int64())));
}

/// Below 2^32 it is stored as a signed number whatever its type.
template <typename Number>
Number number(const json::value& value) {
  return json::value_to<Number>(value);
}

std::string text(const json::value& value) {
  return json::value_to<std::string>(value);
}

Address address(const json::value& value) {
  auto parsed = Address::parse(text(value));
  if (!parsed) throw std::invalid_argument("not an address");
  return *parsed;
}

// ---------------------------------------------------------------- virtual routers

json::object state_object(const vrrp::State& state) {
  json::object out;
  if (const auto* master = std::get_if<Master>(&state)) {
    out = {{"is", "MASTER"},
           {"advert_at", nanoseconds(master->advert_at)},
           {"listening", master->listening},
           {"gives_up", master->leaving || master->handing_over}};
  } else if (const auto* backup = std::get_if<Backup>(&state)) {
    out = {{"is", "BACKUP"},
           {"down_at", nanoseconds(backup->down_at)},
           {"master_interval", backup->master_interval.count()},
           {"listened", backup->listened}};
    if (backup->preempt_at) out["preempt_at"] = nanoseconds(*backup->preempt_at);
    if (backup->master) {
      out["master"] = backup->master->address.to_string();
      out["master_priority"] = backup->master->priority;
    }
  }
  return out;
}

vrrp::State read_state(const json::object& from) {
  if (from.at("is") == "MASTER") {
    Master out;
    out.advert_at = time_point(from.at("advert_at"));
    out.listening = from.at("listening").as_bool();
    out.handing_over = from.at("gives_up").as_bool();
    return out;
  }
  if (from.at("is") != "BACKUP") throw std::invalid_argument("no such state");
  Backup out;
  out.down_at = time_point(from.at("down_at"));
  out.master_interval = Duration(from.at("master_interval").as_int64());
  if (out.master_interval <= Duration::zero() || out.master_interval > kLongestInterval)
    throw std::range_error("no such interval");
  out.listened = from.at("listened").as_bool();
  if (const auto* preempt_at = from.if_contains("preempt_at")) out.preempt_at = time_point(*preempt_at);
  if (const auto* master = from.if_contains("master"))
    out.master = Backup::Sender{address(*master), number<std::uint8_t>(from.at("master_priority"))};
  return out;
}

json::object to_object(const vrrp::CarriedInstance& instance) {
  return {{"id", instance.id},
          {"state", state_object(instance.state)},
          {"since", nanoseconds(instance.since)},
          {"yields", instance.yields},
          {"ah_sequence", instance.ah_sequence},
          {"adverts_sent", instance.adverts_sent},
          {"adverts_received", instance.adverts_received},
          {"transitions_to_master", instance.transitions_to_master}};
}

void read(const json::object& from, vrrp::CarriedInstance& out) {
  out.id = text(from.at("id"));
  out.state = read_state(from.at("state").as_object());
  out.since = wall_time(from.at("since"));
  out.yields = from.at("yields").as_bool();
  out.ah_sequence = number<std::uint32_t>(from.at("ah_sequence"));
  out.adverts_sent = number<std::uint64_t>(from.at("adverts_sent"));
  out.adverts_received = number<std::uint64_t>(from.at("adverts_received"));
  out.transitions_to_master = number<std::uint64_t>(from.at("transitions_to_master"));
}

json::object to_object(const vrrp::CarriedGroup& group) {
  return {{"name", group.name},
          {"state", static_cast<unsigned>(group.state)},
          {"since", nanoseconds(group.since)},
          {"reason", group.reason}};
}

void read(const json::object& from, vrrp::CarriedGroup& out) {
  const auto state = number<std::uint8_t>(from.at("state"));
  if (state > static_cast<std::uint8_t>(vrrp::StateName::Fault)) throw std::range_error("no such state");
  out = {text(from.at("name")), static_cast<vrrp::StateName>(state), wall_time(from.at("since")),
         text(from.at("reason"))};
}

json::object to_object(const vrrp::CarriedScript& script) {
  return {{"name", script.name},
          {"command", json::value_from(script.command)},
          {"good", script.verdict.good},
          {"against", script.verdict.against},
          {"words", script.words}};
}

void read(const json::object& from, vrrp::CarriedScript& out) {
  out.name = text(from.at("name"));
  out.command = json::value_to<std::vector<std::string>>(from.at("command"));
  out.verdict = {true, from.at("good").as_bool(), number<unsigned>(from.at("against"))};
  out.words = text(from.at("words"));
}

// ---------------------------------------------------------------- virtual servers

json::object to_object(const CarriedServers::Quorum& quorum) {
  return {{"service", quorum.service}, {"up", quorum.up}};
}

void read(const json::object& from, CarriedServers::Quorum& out) {
  out = {text(from.at("service")), from.at("up").as_bool()};
}

json::object to_object(const checker::CarriedCheck& check) {
  return {{"what", check.what},
          {"up", check.up},
          {"failed", check.failed},
          {"since", nanoseconds(check.since)},
          {"reason", check.reason}};
}

void read(const json::object& from, checker::CarriedCheck& out) {
  out = {text(from.at("what")), from.at("up").as_bool(), number<std::uint32_t>(from.at("failed")),
         wall_time(from.at("since")), text(from.at("reason"))};
}

// ---------------------------------------------------------------- lists of all of them

json::object to_object(const checker::CarriedServer& server);
void read(const json::object& from, checker::CarriedServer& out);
json::object to_object(const net::RememberedSysctl& sysctl);
void read(const json::object& from, net::RememberedSysctl& out);

template <typename Item>
json::array to_array(const std::vector<Item>& items) {
  json::array out;
  out.reserve(items.size());
  for (const Item& item : items) out.push_back(to_object(item));
  return out;
}

template <typename Item>
void read_all(const json::value& from, std::vector<Item>& out) {
  for (const json::value& item : from.as_array()) read(item.as_object(), out.emplace_back());
}

json::object to_object(const checker::CarriedServer& server) {
  return {{"service", server.service},
          {"address", server.endpoint.address.to_string()},
          {"port", server.endpoint.port},
          {"since", nanoseconds(server.since)},
          {"checks", to_array(server.checks)}};
}

void read(const json::object& from, checker::CarriedServer& out) {
  out.service = text(from.at("service"));
  out.endpoint = {address(from.at("address")), number<std::uint16_t>(from.at("port"))};
  out.since = wall_time(from.at("since"));
  read_all(from.at("checks"), out.checks);
}

json::object to_object(const net::RememberedSysctl& sysctl) {
  return {{"path", sysctl.path}, {"before", sysctl.before}, {"ours", sysctl.ours}, {"link", sysctl.link}};
}

void read(const json::object& from, net::RememberedSysctl& out) {
  out = {text(from.at("path")), text(from.at("before")), text(from.at("ours")), text(from.at("link"))};
}

// ---------------------------------------------------------------- the whole

HandoverRecord read_record(const json::object& from) {
  HandoverRecord out;
  out.hald = text(from.at("hald"));
  out.place = {text(from.at("boot_id")), number<std::uint64_t>(from.at("network_namespace")),
               text(from.at("config_file"))};
  out.written = time_point(from.at("written"));
  out.ended = from.at("ended").as_bool();
  out.config = text(from.at("config"));
  read_all(from.at("instances"), out.routers.instances);
  read_all(from.at("groups"), out.routers.groups);
  read_all(from.at("scripts"), out.routers.scripts);
  read_all(from.at("quorums"), out.servers.quorums);
  read_all(from.at("servers"), out.servers.servers);
  read_all(from.at("sysctls"), out.sysctls);
  return out;
}

}  // namespace

std::string encode(const HandoverRecord& record) {
  const json::object document = {{"hald", record.hald},
                                 {"boot_id", record.place.boot_id},
                                 {"network_namespace", record.place.network_namespace},
                                 {"config_file", record.place.config_file},
                                 {"written", nanoseconds(record.written)},
                                 {"ended", record.ended},
                                 {"config", record.config},
                                 {"instances", to_array(record.routers.instances)},
                                 {"groups", to_array(record.routers.groups)},
                                 {"scripts", to_array(record.routers.scripts)},
                                 {"quorums", to_array(record.servers.quorums)},
                                 {"servers", to_array(record.servers.servers)},
                                 {"sysctls", to_array(record.sysctls)}};
  const std::string body = json::serialize(document);
  return fmt::format("{} {} {} {}\n{}", kMagic, kHandoverVersion, sha256(body), body.size(), body);
}

Result<HandoverRecord> decode(std::string_view bytes) {
  const std::size_t end = std::min(bytes.find('\n'), std::size_t{200});
  if (end >= bytes.size() || bytes[end] != '\n') return unusable("it has no header");
  std::istringstream header{std::string(bytes.substr(0, end))};
  std::string magic;
  std::string digest;
  int version = 0;
  std::size_t size = 0;
  if (!(header >> magic >> version >> digest >> size) || magic != kMagic) return unusable("it has no header");
  if (version != kHandoverVersion)
    return unusable(fmt::format("it has layout {}, this hald reads {}", version, kHandoverVersion));
  const std::string_view body = bytes.substr(end + 1);
  if (body.size() != size)
    return unusable(fmt::format("it has {} octets, not the {} it says", body.size(), size));
  if (sha256(body) != digest) return unusable("its checksum is wrong");
  try {
    return read_record(json::parse(json::string_view(body.data(), body.size())).as_object());
  } catch (const std::exception& problem) {
    return unusable(fmt::format("its contents make no sense ({})", problem.what()));
  }
}

std::string refusal(const HandoverRecord& record, const RunPlace& here, TimePoint now) {
  if (record.place.boot_id != here.boot_id) return "it is from before the machine was booted";
  if (record.place.network_namespace != here.network_namespace) return "it is from another network namespace";
  if (record.place.config_file != here.config_file)
    return fmt::format("it is from a hald that runs {}", record.place.config_file);
  if (record.written > now) return "it is from the future";
  if (record.ended && now - record.written > kHandoverAge)
    return fmt::format("it is {} minutes old",
                       std::chrono::duration_cast<std::chrono::minutes>(now - record.written).count());
  return {};
}

}  // namespace hald::app
