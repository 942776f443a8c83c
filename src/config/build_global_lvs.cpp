// SPDX-License-Identifier: Apache-2.0
// global_defs: what concerns IPVS and nftables, and what shows hald to others (SNMP, D-Bus).
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/global_rows.h"
#include "config/line_words.h"

namespace hald::config::global_rows {
namespace {

constexpr std::size_t kMaxInterface = 15;
constexpr std::size_t kMaxTable = 254;
constexpr std::string_view kValueIgnored = "it is ignored";

/// The value behind `option`; null, with an error, if the line ends there.
const Word* value_of(LineWords& words, const Word& option, const Keyword& row, Values& values) {
  if (!words.done()) return &words.take();
  report_missing_value(option, row, kValueIgnored, values);
  return nullptr;
}

void take_timeouts(Values& values, const Node& node, LvsTimeouts& into) {
  const Block& options = block_of(node.keyword().block);
  LineWords words(node.arguments());
  if (words.done()) report_missing_value(node.words().front(), node.keyword(), "the line is ignored", values);
  while (!words.done()) {
    const Word& option = words.take();
    const Keyword* row = find_keyword(options, option.text);
    if (row == nullptr) {
      report_unknown_option(option, quote(node.keyword().name), options, kValueIgnored, values);
      continue;
    }
    const Word* word = value_of(words, option, *row, values);
    const auto seconds = word != nullptr ? values.number(*word, *row) : std::nullopt;
    if (!seconds) continue;
    auto& target = row->name == "tcp" ? into.tcp : row->name == "udp" ? into.udp : into.tcp_fin;
    target = std::chrono::seconds(*seconds);
  }
}

void put_timeouts(const LvsTimeouts& from, const Keyword& keyword, Document& out) {
  Item item = statement(keyword.name, {});
  if (from.tcp) item.inside.push_back(statement("tcp", {*from.tcp}));
  if (from.tcp_fin) item.inside.push_back(statement("tcpfin", {*from.tcp_fin}));
  if (from.udp) item.inside.push_back(statement("udp", {*from.udp}));
  if (!item.inside.empty()) out.push_back(std::move(item));
}

void take_flush_on_stop(Values& values, const Node& node, LvsFlushOnStop& into) {
  if (node.arguments().empty()) {
    into = LvsFlushOnStop::All;
  } else if (node.arguments().front().text == "VS") {
    into = LvsFlushOnStop::Services;
  } else {
    report_unknown_option(node.arguments().front(), quote(node.keyword().name),
                          block_of(node.keyword().block), "the line is ignored", values);
  }
}

void put_flush_on_stop(LvsFlushOnStop from, const Keyword& keyword, Document& out) {
  if (from == LvsFlushOnStop::No) return;
  Item item = statement(keyword.name, {});
  if (from == LvsFlushOnStop::Services) item.values.emplace_back(std::string("VS"));
  out.push_back(std::move(item));
}

/// lvs_sync_daemon IFNAME [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDR]
class SyncDaemonLine {
 public:
  SyncDaemonLine(const Node& node, Values& values)
      : keyword_(node.keyword()), words_(node.arguments()), values_(values) {
    out_.where = node.where();
  }

  std::optional<LvsSyncDaemon> read() {
    const Word& interface = words_.take();
    if (interface.text.size() > kMaxInterface) {
      values_.diagnostics().error(
          interface.where(), code::kBadName,
          fmt::format("{} is too long for an interface: the line is ignored", quote(interface.text)));
      return {};
    }
    out_.interface = interface.text;
    const std::size_t all = words_.left() + 1;
    while (!words_.done()) {
      const std::size_t place = all - words_.left();
      option(words_.take(), place);
    }
    return std::move(out_);
  }

 private:
  void option(const Word& word, std::size_t place);
  void instance(const Word& word);
  void apply(const Keyword& row, const Word& word);
  void group(const Word& word);

  const Keyword& keyword_;
  LineWords words_;
  Values& values_;
  LvsSyncDaemon out_;
};

void SyncDaemonLine::option(const Word& word, std::size_t place) {
  const Block& options = block_of(keyword_.block);
  if (const Keyword* row = find_keyword(options, word.text); row != nullptr) {
    if (const Word* value = value_of(words_, word, *row, values_)) apply(*row, *value);
  } else if (place == 1) {
    out_.instance = word.text;  // compat: once the words had no names but a fixed order
  } else if (place == 2) {
    const Keyword& id = *find_keyword(options, "id");
    const auto number = values_.number(word, id);
    if (!number) return;
    out_.id = static_cast<std::uint8_t>(*number);
    values_.diagnostics()
        .warning(word.where(), code::kDeprecated, "the id has no name before it", "write `id` before it")
        .as_keepalived();
  } else {
    report_unknown_option(word, quote(keyword_.name), options, kValueIgnored, values_);
  }
}

void SyncDaemonLine::instance(const Word& word) {
  if (out_.instance.empty()) {
    out_.instance = word.text;
    return;
  }
  values_.diagnostics().error(
      word.where(), code::kRepeatedOption,
      fmt::format("{} is ignored: the instance is {} already", quote(word.text), quote(out_.instance)));
}

void SyncDaemonLine::apply(const Keyword& row, const Word& word) {
  if (row.name == "inst") return instance(word);
  if (row.name == "group") return group(word);
  const auto number = values_.number(word, row);
  if (!number) return;
  if (row.name == "id") {
    out_.id = static_cast<std::uint8_t>(*number);
  } else if (row.name == "ttl") {
    out_.ttl = static_cast<std::uint8_t>(*number);
  } else if (row.name == "port") {
    out_.port = static_cast<std::uint16_t>(*number);
  } else {
    out_.max_length = static_cast<std::uint16_t>(*number);
  }
}

void SyncDaemonLine::group(const Word& word) {
  const auto address = values_.loose_address(word, kValueIgnored);
  if (address && !address->is_multicast()) {
    values_.diagnostics().error(word.where(), code::kBadGroup,
                                fmt::format("{} is no multicast group: it is ignored", quote(word.text)));
  } else if (address) {
    out_.group = *address;
  }
}

void take_sync_daemon(Values& values, const Node& node, std::optional<LvsSyncDaemon>& into) {
  if (auto line = SyncDaemonLine(node, values).read()) into = std::move(line);
}

void put_sync_daemon(const std::optional<LvsSyncDaemon>& from, const Keyword& keyword, Document& out) {
  if (!from) return;
  Item item = statement(keyword.name, {from->interface});
  const auto add = [&item](std::string_view word, auto value) {
    if (value) item.inside.push_back(statement(word, {static_cast<std::int64_t>(*value)}));
  };
  if (!from->instance.empty()) item.inside.push_back(statement("inst", {from->instance}));
  add("id", from->id);
  add("maxlen", from->max_length);
  add("port", from->port);
  add("ttl", from->ttl);
  if (from->group) item.inside.push_back(statement("group", {from->group->to_string()}));
  out.push_back(std::move(item));
}

/// What nft can write without quotes, which it does not know.
bool is_nft_name(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_part = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '/';
  };
  return is_letter(text.front()) && std::all_of(text.begin(), text.end(), is_part);
}

void take_table(Values& values, const Node& node, std::string_view default_name, std::string& into) {
  if (node.arguments().empty()) {
    into = default_name;
    return;
  }
  const Word& word = node.arguments().front();
  if (word.text.empty() || word.text.size() > kMaxTable) {
    values.diagnostics().error(
        word.where(), code::kBadName,
        fmt::format("the name of a table has 1 to {} bytes: the line is ignored", kMaxTable));
    return;
  }
  if (!is_nft_name(word.text)) {
    values.diagnostics().error(word.where(), code::kBadName,
                               "the name of a table is a letter and then letters, digits, `_`, `-`, `.` and "
                               "`/`: the line is ignored");
    return;
  }
  into = word.text;
}

void take_vrrp_table(Global& global, const Node& node, Values& values) {
  take_table(values, node, "keepalived", global.nftables);
}

void take_ipvs_table(Global& global, const Node& node, Values& values) {
  take_table(values, node, "keepalived_ipvs", global.nftables_ipvs);
}

void put_vrrp_table(const Global& global, const Keyword& keyword, Document& out) {
  put(global.nftables, keyword, out);
}

void put_ipvs_table(const Global& global, const Keyword& keyword, Document& out) {
  put(global.nftables_ipvs, keyword, out);
}

void enable_rfc(Global& global, const Node&, Values&) {
  global.snmp.rfc_v2 = true;
  global.snmp.rfc_v3 = true;
}

}  // namespace

Rows lvs() {
  return {
      field_with<take_timeouts, put_timeouts, &Global::lvs_timeouts>("lvs_timeouts"),
      field<&Global::lvs_flush>("lvs_flush"),
      field_with<take_flush_on_stop, put_flush_on_stop, &Global::lvs_flush_on_stop>("lvs_flush_on_stop"),
      alias_by<take_flush_on_stop, &Global::lvs_flush_on_stop>("lvs_flush_onstop"),
      field_with<take_sync_daemon, put_sync_daemon, &Global::lvs_sync_daemon>("lvs_sync_daemon"),
      {"nftables", take_vrrp_table, put_vrrp_table},
      field<&Global::nftables_priority>("nftables_priority"),
      field<&Global::nftables_ifindex>("nftables_ifindex"),
      {"nftables_ipvs", take_ipvs_table, put_ipvs_table},
      field<&Global::nftables_ipvs_priority>("nftables_ipvs_priority"),
      field<&Global::nftables_ipvs_start_fwmark>("nftables_ipvs_start_fwmark"),
      field<&Global::nftables_counters>("nftables_counters"),
  };
}

Rows monitoring() {
  return {
      field_by<take_single, &Global::snmp, &Snmp::socket>("snmp_socket"),
      field<&Global::snmp, &Snmp::traps>("enable_traps"),
      field<&Global::snmp, &Snmp::vrrp>("enable_snmp_vrrp"),
      alias<&Global::snmp, &Snmp::vrrp>("enable_snmp_keepalived"),
      action<Global>("enable_snmp_rfc", enable_rfc),
      field<&Global::snmp, &Snmp::rfc_v2>("enable_snmp_rfcv2"),
      field<&Global::snmp, &Snmp::rfc_v3>("enable_snmp_rfcv3"),
      field<&Global::snmp, &Snmp::checker>("enable_snmp_checker"),
      field<&Global::snmp, &Snmp::vs_stats_interval>("snmp_vs_stats_update_interval"),
      field<&Global::snmp, &Snmp::rs_stats_interval>("snmp_rs_stats_update_interval"),
      field<&Global::dbus, &Dbus::enabled>("enable_dbus"),
      field<&Global::dbus, &Dbus::service_name>("dbus_service_name"),
      field<&Global::dbus, &Dbus::no_interface_name>("dbus_no_interface_name"),
  };
}

}  // namespace hald::config::global_rows
