// SPDX-License-Identifier: Apache-2.0
// global_defs: mails, and for whom and when they are sent.
#include <algorithm>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/global_rows.h"
#include "config/line_words.h"

namespace hald::config::global_rows {
namespace {

/// Letters, digits and what else occurs in the names of hosts.
bool is_host_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char byte) {
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    return letter || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_';
  });
}

/// A zone may follow a link-local address.
bool is_address(std::string_view text) {
  const auto address = Address::parse(text.substr(0, text.find('%')));
  return address && (text.find('%') == std::string_view::npos || address->is_link_local());
}

void take_from(Values& values, const Node& node, std::string& into) {
  const auto arguments = node.arguments();
  into = arguments.front().text;
  if (arguments.size() == 1) return;
  values.diagnostics().error(
      arguments[1].where(), code::kExtraWords,
      fmt::format("{} and what follows is ignored: one address is expected", quote(arguments[1].text)),
      "put an address with a name in quotes");
}

/// A name that is not known now may be when a mail is sent, so it is kept.
void take_server(Values& values, const Node& node, std::optional<MailServer>& into) {
  const auto arguments = node.arguments();
  MailServer out;
  out.host = arguments.front().text;
  if (!is_address(out.host) && !is_host_name(out.host)) {
    values.diagnostics().error(
        arguments.front().where(), code::kBadAddress,
        fmt::format("{} is neither an IP address nor the name of a host: the line is ignored",
                    quote(out.host)));
    return;
  }
  if (arguments.size() > 1) {
    const auto port = parse_whole(arguments[1].text);
    if (!port || *port < 1 || *port > UINT16_MAX) {
      values.diagnostics().error(
          arguments[1].where(), code::kBadPort,
          fmt::format("{} is not a port: the line is ignored", quote(arguments[1].text)),
          "a port is 1..65535");
      return;
    }
    out.port = static_cast<std::uint16_t>(*port);
  }
  if (!is_address(out.host) && !values.machine().knows_host(out.host)) {
    values.diagnostics()
        .warning(arguments.front().where(), code::kUnknownHost,
                 fmt::format("there is no host {}: it is looked up again for each mail", quote(out.host)))
        .as_keepalived();
  }
  into = std::move(out);
}

void put_server(const std::optional<MailServer>& from, const Keyword& keyword, Document& out) {
  if (from) out.push_back(statement(keyword.name, {from->host, static_cast<std::int64_t>(from->port)}));
}

/// compat: without a value the word does nothing, and nobody complains.
void take_helo(Values& values, const Node& node, std::string& into) {
  if (!node.arguments().empty()) {
    into = node.arguments().front().text;
    return;
  }
  values.diagnostics().warning(node.where(), code::kMissingArgument,
                               "`smtp_helo_name` without a name does nothing");
}

void take_timeout(Values& values, const Node& node, Duration& into) {
  if (!take(values, node, into) || into > Duration::zero()) return;
  values.diagnostics().error(node.arguments().front().where(), code::kOutOfRange,
                             "`smtp_connect_timeout` must be at least 1: 1 is used");
  into = std::chrono::seconds(1);
}

void take_login(Values& values, const Node& node, Mail& into) {
  const auto arguments = node.arguments();
  into.user = arguments[0].text;
  into.password = arguments[1].text;
  if (!into.user.empty()) return;
  values.diagnostics().error(arguments[0].where(), code::kMissingArgument,
                             "`smtp_login` without a user does nothing");
}

void put_login(const Mail& from, const Keyword& keyword, Document& out) {
  if (!from.user.empty()) out.push_back(statement(keyword.name, {from.user, from.password}));
}

void take_recipients(Values& values, const Node& block, std::vector<std::string>& into) {
  bool any = false;
  for (const Node line : block.children()) {
    for (const Word& word : line.words()) {
      any = true;
      if (!word.text.empty()) into.emplace_back(word.text);
    }
  }
  if (any) return;
  values.diagnostics()
      .warning(block.where(), code::kNoRecipient, "`notification_email` names nobody")
      .as_keepalived();
}

void put_recipients(const std::vector<std::string>& from, const Keyword& keyword, Document& out) {
  if (from.empty()) return;
  Document lines;
  for (const std::string& each : from) lines.push_back(line_item("address", {each}));
  out.push_back(block_item(keyword.name, {}, std::move(lines)));
}

}  // namespace

Rows mail() {
  return {
      field_with<take_recipients, put_recipients, &Global::mail, &Mail::recipients>("notification_email"),
      field_by<take_from, &Global::mail, &Mail::from>("notification_email_from"),
      field_with<take_server, put_server, &Global::mail, &Mail::server>("smtp_server"),
      field_by<take_helo, &Global::mail, &Mail::helo>("smtp_helo_name"),
      field_by<take_timeout, &Global::mail, &Mail::connect_timeout>("smtp_connect_timeout"),
      field<&Global::mail, &Mail::tls>("smtp_tls"),
      field<&Global::mail, &Mail::tls_verify>("smtp_tls_verify"),
      field<&Global::mail, &Mail::tls_ca>("smtp_tls_ca"),
      field_with<take_login, put_login, &Global::mail>("smtp_login"),
      field<&Global::smtp_alert>("smtp_alert"),
      field<&Global::smtp_alert_vrrp>("smtp_alert_vrrp"),
      field<&Global::smtp_alert_checker>("smtp_alert_checker"),
      field<&Global::no_email_faults>("no_email_faults"),
      field<&Global::checker_log_all_failures>("checker_log_all_failures"),
      field<&Global::rs_init_notifies>("rs_init_notifies"),
      field<&Global::no_checker_emails>("no_checker_emails"),
  };
}

}  // namespace hald::config::global_rows
