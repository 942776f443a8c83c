// SPDX-License-Identifier: Apache-2.0
// Rows of the keyword table: the checks of real servers. What all of them share is written once.
#include <array>

#include "config/keyword_rows.h"

namespace hald::config::rows {
namespace {

constexpr std::array<std::string_view, 9> kType{"A",   "NS",   "CNAME", "SOA",   "MX",
                                                "TXT", "AAAA", "RRSIG", "DNSKEY"};
constexpr std::array<std::string_view, 4> kHttpProtocol{"1.0", "1.1", "1.0C", "1.0c"};

template <std::size_t... N>
constexpr auto join(const std::array<Keyword, N>&... parts) {
  std::array<Keyword, (N + ...)> out{};
  std::size_t at = 0;
  const auto append = [&](const auto& part) {
    for (const Keyword& row : part) out[at++] = row;
  };
  (append(parts), ...);
  return out;
}

template <std::size_t N>
constexpr std::array<Keyword, N> later(std::array<Keyword, N> rows) {
  for (Keyword& row : rows) row.effect = false;
  return rows;
}

/// Where a check goes to and comes from.
constexpr std::array kPath{address("connect_ip", "address of the real server", "Address to connect to."),
                           port("connect_port", "port of the real server", "Port to connect to."),
                           address("bindto", "chosen by the kernel", "Local address of the connection."),
                           port("bind_port", "chosen by the kernel", "Local port of the connection."),
                           connect_timeout("of the real server, the virtual server, 5")};

constexpr std::array kMoreOfPath{
    text("bind_if", "INTERFACE", "none", "Local interface of the connection."),
    number("fwmark", "MARK", {0, kMaxUint32}, "0", "Firewall mark of the packets of the check.")};

/// When a check runs. The defaults are those of one kind of check.
constexpr auto rhythm(std::string_view retry_default, std::string_view pause_default) {
  return std::array{
      delay_loop("of the real server, the virtual server, 60"), delay_before_retry(pause_default),
      warmup("of the real server, the virtual server, delay_loop"), retry(0, retry_default),
      boolean("alpha", "alpha of the real server", "The server is down until this check passes.")};
}
constexpr std::string_view kOnce = "of the real server, the virtual server, 1";
constexpr std::array kLogging{
    boolean("log_all_failures", "checker_log_all_failures", "Logs every failed try.")};
constexpr auto kUsual = rhythm(kOnce, kOnce);
constexpr auto kHttpRhythm = rhythm(kOnce, "of the real server, the virtual server, 3");

}  // namespace

std::span<const Keyword> tcp_check() {
  static constexpr auto kRows = join(kPath, kMoreOfPath, kUsual, kLogging,
                                     std::array{ours(formerly_reported("nb_get_retry", retry(0, kOnce)))});
  return kRows;
}

std::span<const Keyword> http_get() {
  static constexpr auto kRows = join(
      kPath, kMoreOfPath, kHttpRhythm, kLogging,
      std::array{
          formerly_reported("nb_get_retry", retry(0, kOnce)),
          last_of(text("virtualhost", "NAME", "real_server then virtual_server value",
                       "Default Host header of the checker's urls.")),
          choice("http_protocol", "1.0|1.1|1.0C|1.0c", kHttpProtocol, code::kBadChoice, "1.0",
                 "Protocol version of requests."),
          boolean("enable_sni", "false", "Sends a server name in the TLS hello."),
          special("sni_name", "[NAME]", 0, 1, "url, checker or service virtualhost", "Server name to send."),
          boolean("fast_recovery", "false",
                  "Checks the remaining urls without waiting once a failed one recovers."),
          block("url", BlockId::HttpUrl, "One resource to fetch.")});
  return kRows;
}

std::span<const Keyword> ssl_get() {
  static constexpr auto kRows = join(
      kPath, kMoreOfPath, kHttpRhythm, kLogging,
      std::array{
          formerly_reported("nb_get_retry", retry(0, kOnce)),
          last_of(text("virtualhost", "NAME", "real_server then virtual_server value",
                       "Default Host header of the checker's urls.")),
          choice("http_protocol", "1.0|1.1|1.0C|1.0c", kHttpProtocol, code::kBadChoice, "1.0",
                 "Protocol version of requests."),
          boolean("enable_sni", "false", "Sends a server name in the TLS hello."),
          special("sni_name", "[NAME]", 0, 1, "url, checker or service virtualhost", "Server name to send."),
          boolean("fast_recovery", "false",
                  "Checks the remaining urls without waiting once a failed one recovers."),
          boolean("tls_compliant", "false", "Ends the TLS session with a close notification."),
          block("url", BlockId::SslUrl, "One resource to fetch.")});
  return kRows;
}

std::span<const Keyword> udp_check() {
  static constexpr auto kRows = join(
      kPath, kMoreOfPath, kUsual, kLogging,
      std::array{
          special("payload", "HEX...", 1, kAny, "32 bytes of a fixed text", "Bytes to send."),
          special("require_reply", "[HEX...]", 0, kAny, "off",
                  "Demands an answer, optionally with this content."),
          with_unit("byte", number("min_reply_length", "N", {0, 65535}, "0", "Shortest answer accepted.")),
          with_unit("byte", number("max_reply_length", "N", {0, 65535}, "255", "Longest answer accepted."))});
  return kRows;
}

std::span<const Keyword> ping_check() {
  static constexpr auto kRows = join(kPath, kMoreOfPath, kUsual, kLogging);
  return kRows;
}

std::span<const Keyword> dns_check() {
  static constexpr auto kRows =
      join(kPath, kMoreOfPath,
           rhythm("of the real server, the virtual server, 3",
                  "of the real server, the virtual server, delay_loop"),
           kLogging,
           std::array{any_case(choice("type", "A|NS|CNAME|SOA|MX|TXT|AAAA|RRSIG|DNSKEY", kType,
                                      code::kBadChoice, "SOA", "Record type to ask for.")),
                      text("name", "NAME", "the root", "Name to ask for.")});
  return kRows;
}

std::span<const Keyword> smtp_check() {
  static constexpr auto kRows = join(
      kPath, kMoreOfPath, kUsual, kLogging,
      std::array{
          last_of(text("helo_name", "NAME", "smtpchecker.keepalived.org", "Name given in HELO.")),
          block("host", BlockId::SmtpHost, "Meant as an extra target with its own connection options.")});
  return kRows;
}

std::span<const Keyword> smtp_host() {
  return ping_check();
}

std::span<const Keyword> misc_check() {
  static constexpr auto kRows = join(
      later(rhythm("of the real server, the virtual server, 0", kOnce)), later(kLogging),
      std::array{
          later(with_arguments(command("misc_path", "", 1, "mandatory", "Program to run."), "CMD", 1, 1)),
          later(seconds("misc_timeout", {0, 4294}, "delay_loop", "Longest run time.")),
          later(flag("misc_dynamic", "off", "Uses the exit code as weight.")),
          later(special("user", "USER [GROUP]", 1, 2, "script_user", "Account that runs the program."))});
  return kRows;
}

std::span<const Keyword> http_url() {
  static constexpr std::array kRows{
      last_of(text("path", "PATH", "mandatory", "Path to request.")),
      with_limits("32 hex digits", text("digest", "HEX", "none", "Expected MD5 of the body.")),
      with_limits("100..599", special("status_code", "[N|N-M...]", 0, kAny, "200-299",
                                      "Status codes that count as success.")),
      last_of(text("virtualhost", "NAME", "checker, real_server, virtual_server value",
                   "Host header of this url.")),
      last_of(escaped(single(text("regex", "PATTERN", "none", "Pattern the body must match.")))),
      flag("regex_no_match", "off", "Succeeds only when the pattern does not match."),
      options(BlockId::RegexOptions,
              special("regex_options", "[OPTION...]", 0, kAny, "none", "PCRE2 compile options.")),
      with_unit("byte", special("regex_min_offset", "N", 0, kAny, "0", "Earliest start of a match.")),
      with_unit("byte", special("regex_max_offset", "N", 0, kAny, "none", "Latest start of a match.")),
      with_limits("START<=MAX", with_unit("byte", special("regex_stack", "START MAX", 0, kAny,
                                                          "library default", "Size of the JIT stack.")))};
  return kRows;
}

std::span<const Keyword> ssl_url() {
  static constexpr std::array kRows{
      last_of(text("path", "PATH", "mandatory", "Path to request.")),
      with_limits("32 hex digits", text("digest", "HEX", "none", "Expected MD5 of the body.")),
      with_limits("100..599", special("status_code", "[N|N-M...]", 0, kAny, "200-299",
                                      "Status codes that count as success.")),
      last_of(text("virtualhost", "NAME", "checker, real_server, virtual_server value",
                   "Host header of this url, candidate for SNI.")),
      last_of(escaped(single(text("regex", "PATTERN", "none", "Pattern the body must match.")))),
      flag("regex_no_match", "off", "Succeeds only when the pattern does not match."),
      options(BlockId::RegexOptions,
              special("regex_options", "[OPTION...]", 0, kAny, "none", "PCRE2 compile options.")),
      with_unit("byte", special("regex_min_offset", "N", 0, kAny, "0", "Earliest start of a match.")),
      with_unit("byte", special("regex_max_offset", "N", 0, kAny, "none", "Latest start of a match.")),
      with_unit("byte",
                special("regex_stack", "START MAX", 0, kAny, "library default", "Size of the JIT stack.")),
      boolean("tls_compliant", "value of checker", "Per-url form of tls_compliant.")};
  return kRows;
}

std::span<const Keyword> regex_options() {
  static constexpr std::array kRows{
      flag("allow_empty_class", "off", "Permits an empty character class."),
      flag("alt_bsux", "off", "Alternative handling of \\u \\U \\x."),
      flag("auto_callout", "off", "Inserts automatic callouts."),
      flag("caseless", "off", "Ignores letter case."),
      flag("dollar_endonly", "off", "Dollar matches only at the very end."),
      flag("dotall", "off", "Dot also matches newlines."),
      flag("dupnames", "off", "Allows repeated group names."),
      flag("extended", "off", "Ignores blanks and comments in the pattern."),
      flag("firstline", "off", "Match must start before the first newline."),
      flag("match_unset_backref", "off", "Unset back references match empty."),
      flag("multiline", "off", "Anchors match at every line."),
      flag("never_ucp", "off", "Locks out Unicode properties."),
      flag("never_utf", "off", "Locks out UTF mode."),
      flag("no_auto_capture", "off", "Plain groups do not capture."),
      flag("no_auto_possess", "off", "Disables automatic possessification."),
      flag("no_dotstar_anchor", "off", "Disables implicit anchoring of dot star."),
      flag("no_start_optimize", "off", "Disables start optimisations."),
      flag("ucp", "off", "Classes use Unicode properties."),
      flag("ungreedy", "off", "Inverts quantifier greediness."),
      flag("utf", "off", "Treats pattern and body as UTF."),
      flag("never_backslash_c", "off", "Locks out \\C."),
      flag("alt_circumflex", "off", "Alternative handling of ^ in multiline mode."),
      flag("alt_verbnames", "off", "Processes escapes in verb names."),
      flag("use_offset_limit", "off", "Enables the offset limit.")};
  return kRows;
}

std::span<const Keyword> file_check() {
  static constexpr std::array kRows{
      later(with_limits("existing track_file", text("track_file", "NAME", "mandatory", "File to follow."))),
      later(with_limits("-2147483647..2147483647",
                        special("weight", "N [reverse|noreverse]", 1, 2, "weight of track_file",
                                "Multiplier of the number."))),
      later(flag("reverse", "setting of track_file", "Option of weight: negates the product.")),
      later(flag("noreverse", "", "Option of weight: cancels reverse."))};
  return kRows;
}

std::span<const Keyword> bfd_check() {
  static constexpr std::array kRows{
      later(with_limits("existing bfd_instance",
                        single(text("name", "NAME", "mandatory", "Session to follow.")))),
      later(boolean("alpha", "value of real_server", "Starts down until the session is up."))};
  return kRows;
}

}  // namespace hald::config::rows
