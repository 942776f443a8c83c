// SPDX-License-Identifier: Apache-2.0
// The one table of the configuration language: every word, the block it belongs into, what it takes, its
// unit, range and default, and one line of help. Parser, checks of numbers and ranges, "did you mean" and
// whatever prints the language read this table; no word or limit is written down anywhere else.
// A word that keepalived knows and hald has not built has effect == false: it is told apart from a typo.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "config/codes.h"

namespace hald::config {

enum class BlockId : std::uint8_t {
  None,
  Root,
  GlobalDefs,
  VrrpInstance,
  Authentication,
  VirtualIpaddress,
  VirtualServer,
  RealServer,
  TcpCheck
};

/// What a word means, across blocks: `lb_algo` and `lvs_sched` are one, so are the `retry` of a virtual
/// server, a real server and a check.
enum class Meaning : std::uint8_t {
  NotBuilt,
  // blocks
  GlobalDefs,
  VrrpInstance,
  VirtualServer,
  Authentication,
  VirtualIpaddress,
  RealServer,
  TcpCheck,
  // global_defs
  RouterId,
  Version,
  V3ChecksumAsV2,
  // announcements, global and per instance
  GarpMasterDelay,
  GarpMasterRepeat,
  GarpMasterRefresh,
  GarpMasterRefreshRepeat,
  GarpLowerPrioDelay,
  GarpLowerPrioRepeat,
  LowerPrioNoAdvert,
  HigherPrioSendAdvert,
  DownTimerAdverts,
  // vrrp_instance
  State,
  Interface,
  VirtualRouterId,
  Priority,
  AdvertInt,
  Nopreempt,
  Preempt,
  PreemptDelay,
  AuthType,
  AuthPass,
  // a line of virtual_ipaddress
  Dev,
  Label,
  Scope,
  Broadcast,
  // virtual_server, real_server, checks
  DelayLoop,
  DelayBeforeRetry,
  Retry,
  ConnectTimeout,
  Warmup,
  Scheduler,
  Forwarding,
  PersistenceTimeout,
  PersistenceGranularity,
  Protocol,
  OnePacket,
  Quorum,
  Hysteresis,
  Alpha,
  Weight,
  ConnectIp,
  ConnectPort,
  BindIp,
  BindPort
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
  Block,    ///< statements in braces, maybe behind arguments
  Lines     ///< lines in braces that do not begin with a keyword
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
  std::string_view instead;  ///< not empty: an old word, and what to write now
  std::string_view code;     ///< of the diagnostic for a bad value, if the word has its own
  std::span<const std::string_view> choices;
  Range range;  ///< of Number and Time
  Meaning meaning = Meaning::NotBuilt;
  ValueType type = ValueType::None;
  BlockId block = BlockId::None;  ///< what it opens
  std::uint8_t min_arguments = 0;
  std::uint8_t max_arguments = 0;  ///< what comes behind is ignored, with a warning
  bool any_case = false;           ///< choices are compared without regard to case
  bool effect = true;              ///< false: known to keepalived, not built here
};

struct Block {
  BlockId id = BlockId::None;
  std::string_view name;           ///< the keyword that opens it; empty for the file itself
  std::span<const Keyword> words;  ///< of a block of lines: the options that may follow in a line
  bool lines = false;
};

[[nodiscard]] std::span<const Block> all_blocks();
[[nodiscard]] const Block& block_of(BlockId id);
/// Null if `block` has no such word.
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
[[nodiscard]] std::span<const Keyword> root();
[[nodiscard]] std::span<const Keyword> global_defs();
[[nodiscard]] std::span<const Keyword> vrrp_instance();
[[nodiscard]] std::span<const Keyword> authentication();
[[nodiscard]] std::span<const Keyword> virtual_ipaddress();
[[nodiscard]] std::span<const Keyword> virtual_server();
[[nodiscard]] std::span<const Keyword> real_server();
[[nodiscard]] std::span<const Keyword> tcp_check();
}  // namespace rows

}  // namespace hald::config
