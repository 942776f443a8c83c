// SPDX-License-Identifier: Apache-2.0
// The part of the model about the checks of real servers. Of a hundred thousand servers nearly all have one
// TCP_CHECK with the same settings, so settings are shared and the bigger kinds of checks kept in boxes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/boxed.h"
#include "base/ip.h"
#include "base/time.h"
#include "config/model_script.h"

namespace hald::config {

/// How often and how patiently a real server is checked; every field resolved from checker, real server,
/// virtual server and built-in default, in this order.
struct CheckTiming {
  Duration delay_loop = std::chrono::seconds(60);         ///< from the end of one run to the next
  Duration delay_before_retry = std::chrono::seconds(1);  ///< from the end of a failing try to the next
  Duration connect_timeout = std::chrono::seconds(5);
  Duration warmup = std::chrono::seconds(60);  ///< the first run is spread over this; default: delay_loop
  std::uint32_t retry = 1;                     ///< further tries before a failure counts
  friend bool operator==(const CheckTiming&, const CheckTiming&) = default;
};

/// What the words say that all kinds of checks have in common.
struct CheckSettings {
  CheckTiming timing;
  std::optional<Endpoint> bind;  ///< bindto and bind_port
  std::string bind_interface;    ///< bind_if; empty: any
  std::uint32_t mark = 0;        ///< fwmark of its packets; 0: none
  bool alpha = false;            ///< starts as failed
  bool log_all_failures = false;
  friend bool operator==(const CheckSettings&, const CheckSettings&) = default;
};

/// A check that asks something of a machine in the network.
struct NetworkCheck {
  Endpoint target;  ///< connect_ip and connect_port, else the real server
  Shared<CheckSettings> settings;
  friend bool operator==(const NetworkCheck&, const NetworkCheck&) = default;
};

struct TcpCheck : NetworkCheck {
  friend bool operator==(const TcpCheck&, const TcpCheck&) = default;
};

struct PingCheck : NetworkCheck {
  friend bool operator==(const PingCheck&, const PingCheck&) = default;
};

struct UdpCheck : NetworkCheck {
  std::vector<std::uint8_t> payload;  ///< empty: a text of hald's own
  bool require_reply = false;         ///< silence is a failure
  std::vector<std::uint8_t> reply;    ///< how the reply must begin; empty: anything
  std::vector<std::uint8_t> ignored;  ///< as long as `reply`: bits set here may differ; or empty
  std::uint16_t min_reply = 0;        ///< bytes
  std::uint16_t max_reply = 255;
  friend bool operator==(const UdpCheck&, const UdpCheck&) = default;
};

/// In the order of the table's choices.
enum class DnsType : std::uint8_t { A, Ns, Cname, Soa, Mx, Txt, Aaaa, Rrsig, Dnskey };

struct DnsCheck : NetworkCheck {
  DnsType type = DnsType::Soa;
  std::string name;  ///< empty: the root
  friend bool operator==(const DnsCheck&, const DnsCheck&) = default;
};

struct SmtpCheck : NetworkCheck {
  std::string helo_name;
  friend bool operator==(const SmtpCheck&, const SmtpCheck&) = default;
};

enum class HttpVersion : std::uint8_t { Http10, Http11, Http10Close };

/// What is looked for in the body.
struct BodyPattern {
  std::string pattern;        ///< for PCRE2
  std::uint32_t options = 0;  ///< bit n: word n of regex_options
  bool negated = false;       ///< regex_no_match
  std::uint64_t min_offset = 0;
  std::optional<std::uint64_t> max_offset;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> stack;  ///< of the JIT: at first, at most
  friend bool operator==(const BodyPattern&, const BodyPattern&) = default;
};

struct StatusRange {
  std::uint16_t first = 200;
  std::uint16_t last = 299;
  friend bool operator==(const StatusRange&, const StatusRange&) = default;
};

using Digest = std::array<std::uint8_t, 16>;

struct HttpUrl {
  std::string path;
  std::string virtualhost;           ///< empty: that of the check
  std::vector<StatusRange> status;   ///< ascending, apart, 100..599; never empty
  std::optional<Digest> digest;      ///< MD5 of the body
  std::optional<BodyPattern> regex;  ///< of the body
  bool tls_compliant = false;        ///< hald says good-bye before it ends the TLS session
  friend bool operator==(const HttpUrl&, const HttpUrl&) = default;
};

/// HTTP_GET and SSL_GET.
struct HttpCheck : NetworkCheck {
  bool tls = false;
  HttpVersion version = HttpVersion::Http10;
  std::string virtualhost;     ///< empty: that of the real server, then of the virtual server
  bool send_name = false;      ///< enable_sni: the TLS hello names the server
  std::string tls_name;        ///< sni_name; empty: a virtualhost
  bool fast_recovery = false;  ///< the first urls, and those after a failure, are tried without a pause
  std::vector<HttpUrl> urls;   ///< in file order; never empty
  friend bool operator==(const HttpCheck&, const HttpCheck&) = default;
};

struct MiscCheck {
  Shared<CheckSettings> settings;
  Command command;
  std::optional<Duration> timeout;  ///< nothing: the virtual server's delay_loop
  bool dynamic = false;             ///< the exit status sets the weight
  friend bool operator==(const MiscCheck&, const MiscCheck&) = default;
};

struct FileCheck {
  std::string track_file;
  std::int32_t weight = 0;  ///< multiplies the number in the file; 0: any but 0 is a failure
  bool reverse = false;     ///< the product is negated
  friend bool operator==(const FileCheck&, const FileCheck&) = default;
};

struct BfdCheck {
  std::string name;  ///< of the bfd_instance
  bool alpha = false;
  friend bool operator==(const BfdCheck&, const BfdCheck&) = default;
};

using Check = std::variant<TcpCheck, PingCheck, Boxed<HttpCheck>, Boxed<UdpCheck>, Boxed<DnsCheck>,
                           Boxed<SmtpCheck>, Boxed<MiscCheck>, Boxed<FileCheck>, Boxed<BfdCheck>>;
static_assert(sizeof(Check) <= 40, "a hundred thousand of these are kept");

}  // namespace hald::config
