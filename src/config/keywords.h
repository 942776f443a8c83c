// SPDX-License-Identifier: Apache-2.0
// The one table of the configuration language: every word, the block it belongs into, what it takes, its
// unit, range and default, and one line of help. Parser, checks of numbers and ranges, "did you mean" and
// whatever prints the language read this table; no word or limit is written down anywhere else.
// A word whose feature is not built yet has effect == false: it is read, checked and kept like any other, and
// a note says that nothing follows from it yet.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "config/codes.h"

namespace hald::config {

/// The blocks of the language, and the words that may follow on the line of a keyword.
enum class BlockId : std::uint8_t {
  None,
  Preprocessor,
  Root,
  GlobalDefs,
  NotificationEmail,
  DynamicInterfaces,
  LvsTimeouts,
  LvsFlushOnStop,
  LvsSyncDaemon,
  RxBufsPolicy,
  GlobalGarpExtraIf,
  IncludeCheck,
  VrrpInstance,
  Authentication,
  AuthHmac,
  UseVmac,
  UseIpvlan,
  UnicastPeer,
  OldUnicastChecksum,
  GarpExtraIf,
  TrackInterface,
  TrackScript,
  TrackFileLines,
  TrackProcess,
  TrackBfd,
  VirtualIpaddress,
  VirtualIpaddressExcluded,
  VirtualRoutes,
  Nexthop,
  Encap,
  VirtualRules,
  VrrpSyncGroup,
  SyncGroupMembers,
  VrrpScript,
  VrrpTrackProcess,
  TrackFile,
  VrrpTrackFile,
  TrackGroup,
  TrackGroupMembers,
  GarpGroup,
  GarpGroupInterfaces,
  LinkbeatInterfaces,
  InterfaceUpDownDelays,
  StaticIpaddress,
  StaticRoutes,
  StaticRules,
  BfdInstance,
  VirtualServerGroup,
  VirtualServer,
  LbKind,
  RealServer,
  HttpGet,
  SslGet,
  TcpCheck,
  UdpCheck,
  PingCheck,
  DnsCheck,
  SmtpCheck,
  MiscCheck,
  FileCheck,
  BfdCheck,
  HttpUrl,
  SslUrl,
  RegexOptions,
  SmtpHost,
  Ssl
};

enum class ValueType : std::uint8_t {
  None,     ///< stands alone
  Boolean,  ///< on|true|yes or off|false|no; alone it means true
  Number,   ///< whole, decimal
  Time,     ///< seconds, with a fraction down to microseconds
  Choice,   ///< one of `choices`
  Text,     ///< any word
  Address,  ///< numeric IPv4 or IPv6
  Service,  ///< ADDRESS [PORT], or fwmark MARK
  Command,  ///< a script with arguments, in quotes where they need it
  Special,  ///< arguments with a grammar of their own
  Block     ///< what follows in braces, maybe behind arguments
};

/// How the line of a word is split into words (config/quoting.h).
enum class Quoting : std::uint8_t {
  Plain,    ///< double quotes around a whole word
  Command,  ///< quotes of both kinds, anywhere; backslashes protect the character behind them and stay
  Escaped   ///< the same, and backslash sequences turn into what they stand for
};

/// What a word means that stands twice in its block.
enum class Repeat : std::uint8_t {
  LastCounts,    ///< nothing is said, as in keepalived for most numbers
  LastReported,  ///< the last counts, and that is an error
  FirstReported  ///< the first counts, and that is an error
};

/// Inclusive. Numbers in the word's unit; times in microseconds.
struct Range {
  std::int64_t min = 0;
  std::int64_t max = 0;
};

struct Keyword {
  std::string_view name;
  std::string_view arguments;      ///< as the help shows them: "SECONDS"
  std::string_view unit;           ///< "s", or empty
  std::string_view default_value;  ///< in words; empty: the word has none
  std::string_view help;
  std::string_view instead;   ///< not empty: an old word, and what to write now
  std::string_view limits;    ///< in words, where `range` and `choices` do not say what is allowed
  std::string_view needless;  ///< not empty: nothing follows from it in hald, and why that is no loss
  std::string_view code;      ///< of the diagnostic for a bad value, if the word has its own
  std::span<const std::string_view> choices;
  Range range;  ///< of Number and Time
  ValueType type = ValueType::None;
  BlockId block = BlockId::None;  ///< what it opens, or whose words may follow on the line
  Repeat repeat = Repeat::LastCounts;
  Quoting quoting = Quoting::Plain;
  std::uint8_t min_arguments = 0;
  std::uint8_t max_arguments = 0;  ///< what comes behind is ignored, with a warning
  bool old_is_reported = false;    ///< keepalived complains of the old word
  bool any_case = false;           ///< choices are compared without regard to case
  bool effect = true;              ///< false: understood and checked, but nothing follows from it yet
  bool own = false;                ///< keepalived does not know it here
  bool steers = false;             ///< what follows it in the text is read differently (Parser::steer)
  bool positional = false;         ///< no word at all: what stands in its place, and `name` describes it
};

enum class BlockKind : std::uint8_t {
  Statements,  ///< in braces; every line begins with a keyword
  Lines,       ///< in braces; lines of another kind, in which words of the block may follow
  Options      ///< no braces: words that may follow on the line of the keyword
};

struct Block {
  BlockId id = BlockId::None;
  std::string_view path;  ///< "virtual_server/real_server/TCP_CHECK", or "(top level)"
  std::span<const Keyword> words;
  BlockKind kind = BlockKind::Statements;

  /// The keyword that opens it, for messages; empty for the file itself.
  [[nodiscard]] constexpr std::string_view name() const {
    if (path.starts_with('(')) return {};
    return path.substr(path.rfind('/') + 1);
  }
  [[nodiscard]] constexpr bool is_lines() const { return kind == BlockKind::Lines; }
};

[[nodiscard]] std::span<const Block> all_blocks();
[[nodiscard]] const Block& block_of(BlockId id);
/// Null if `block` has no such word. Rows that are `positional` are no words.
[[nodiscard]] const Keyword* find_keyword(const Block& block, std::string_view name);
/// True if `name` opens a block at the top of a file and is no word of any other block: where it turns up
/// further inside, a closing brace is missing.
[[nodiscard]] bool only_at_top(std::string_view name);
/// The block, if there is one, in which `name` is a word.
[[nodiscard]] const Block* home_of(std::string_view name);

/// What `written` was probably meant to be: the nearest word of the block, or empty.
[[nodiscard]] std::string_view nearest_word(const Block& block, std::string_view written);
[[nodiscard]] std::string_view nearest(std::span<const std::string_view> choices, std::string_view written);

/// "1..255", times in seconds: "0.01..255"; empty for words that take no number.
[[nodiscard]] std::string range_text(const Keyword& keyword);

/// The rows, one file for each area. For keywords.cpp only.
namespace rows {
[[nodiscard]] std::span<const Keyword> preprocessor();
[[nodiscard]] std::span<const Keyword> root();
[[nodiscard]] std::span<const Keyword> global_defs();
[[nodiscard]] std::span<const Keyword> notification_email();
[[nodiscard]] std::span<const Keyword> dynamic_interfaces();
[[nodiscard]] std::span<const Keyword> lvs_timeouts();
[[nodiscard]] std::span<const Keyword> lvs_flush_on_stop();
[[nodiscard]] std::span<const Keyword> lvs_sync_daemon();
[[nodiscard]] std::span<const Keyword> rx_bufs_policy();
[[nodiscard]] std::span<const Keyword> global_garp_extra_if();
[[nodiscard]] std::span<const Keyword> include_check();
[[nodiscard]] std::span<const Keyword> vrrp_instance();
[[nodiscard]] std::span<const Keyword> authentication();
[[nodiscard]] std::span<const Keyword> auth_hmac();
[[nodiscard]] std::span<const Keyword> use_vmac();
[[nodiscard]] std::span<const Keyword> use_ipvlan();
[[nodiscard]] std::span<const Keyword> unicast_peer();
[[nodiscard]] std::span<const Keyword> old_unicast_checksum();
[[nodiscard]] std::span<const Keyword> garp_extra_if();
[[nodiscard]] std::span<const Keyword> vrrp_sync_group();
[[nodiscard]] std::span<const Keyword> sync_group_members();
[[nodiscard]] std::span<const Keyword> garp_group();
[[nodiscard]] std::span<const Keyword> interface_names();
[[nodiscard]] std::span<const Keyword> linkbeat_interfaces();
[[nodiscard]] std::span<const Keyword> interface_up_down_delays();
[[nodiscard]] std::span<const Keyword> track_interface();
[[nodiscard]] std::span<const Keyword> track_script();
[[nodiscard]] std::span<const Keyword> track_file_lines();
[[nodiscard]] std::span<const Keyword> track_process();
[[nodiscard]] std::span<const Keyword> track_bfd();
[[nodiscard]] std::span<const Keyword> vrrp_script();
[[nodiscard]] std::span<const Keyword> vrrp_track_process();
[[nodiscard]] std::span<const Keyword> track_file();
[[nodiscard]] std::span<const Keyword> vrrp_track_file();
[[nodiscard]] std::span<const Keyword> track_group();
[[nodiscard]] std::span<const Keyword> bfd_instance();
[[nodiscard]] std::span<const Keyword> virtual_ipaddress();
[[nodiscard]] std::span<const Keyword> virtual_ipaddress_excluded();
[[nodiscard]] std::span<const Keyword> static_ipaddress();
[[nodiscard]] std::span<const Keyword> virtual_routes();
[[nodiscard]] std::span<const Keyword> nexthop();
[[nodiscard]] std::span<const Keyword> encap();
[[nodiscard]] std::span<const Keyword> virtual_rules();
[[nodiscard]] std::span<const Keyword> virtual_server_group();
[[nodiscard]] std::span<const Keyword> virtual_server();
[[nodiscard]] std::span<const Keyword> lb_kind();
[[nodiscard]] std::span<const Keyword> real_server();
[[nodiscard]] std::span<const Keyword> ssl();
[[nodiscard]] std::span<const Keyword> tcp_check();
[[nodiscard]] std::span<const Keyword> http_get();
[[nodiscard]] std::span<const Keyword> ssl_get();
[[nodiscard]] std::span<const Keyword> udp_check();
[[nodiscard]] std::span<const Keyword> ping_check();
[[nodiscard]] std::span<const Keyword> dns_check();
[[nodiscard]] std::span<const Keyword> smtp_check();
[[nodiscard]] std::span<const Keyword> smtp_host();
[[nodiscard]] std::span<const Keyword> misc_check();
[[nodiscard]] std::span<const Keyword> http_url();
[[nodiscard]] std::span<const Keyword> ssl_url();
[[nodiscard]] std::span<const Keyword> regex_options();
[[nodiscard]] std::span<const Keyword> file_check();
[[nodiscard]] std::span<const Keyword> bfd_check();
}  // namespace rows

}  // namespace hald::config
