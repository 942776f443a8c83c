// SPDX-License-Identifier: Apache-2.0
// Builds the checks of a real server, one function for each kind, and prints them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/short_list.h"
#include "config/check_words.h"
#include "config/model_check.h"

namespace hald::config {

/// What checks refer to by name. keepalived knows only what stands above the check.
struct CheckSources {
  struct TrackFile {
    std::int32_t weight = 0;
    bool reverse = false;
  };
  std::map<std::string, TrackFile, std::less<>> track_files;
  std::set<std::string, std::less<>> bfd_instances;
};

/// Settings that were used lately: servers side by side nearly always have the same.
class SettingsPool {
 public:
  [[nodiscard]] Shared<CheckSettings> share(CheckSettings settings);

 private:
  std::array<Shared<CheckSettings>, 8> recent_;
  std::size_t next_ = 0;
};

/// What a check takes over from around it.
struct CheckContext {
  Endpoint target;    ///< where it goes when it names nothing itself; the port may be 0
  RhythmWords outer;  ///< what the real server and the virtual server say
  const CheckSources& sources;
  SettingsPool& pool;
};

/// Appends what a block says, which may be several checks or, if they cannot be run, none.
void build_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values);

void print_check(const Check& check, Document& out);

/// True if a block of this kind is a check.
[[nodiscard]] bool is_check(BlockId block);

// For the builders of the kinds.

/// What a kind of check does where no word says so.
struct KindDefaults {
  Duration delay_before_retry = std::chrono::seconds(1);  ///< 0: delay_loop
  std::uint32_t retry = 1;
};
[[nodiscard]] CheckTiming timing_of(const RhythmWords& words, const KindDefaults& kind);
/// Fills in target and settings; false if it cannot be run.
[[nodiscard]] bool settle_path(const PathWords& words, const CheckContext& context, const KindDefaults& kind,
                               const Node& block, NetworkCheck& into, Values& values);
/// As if all of it had been written.
void unsettle(const CheckSettings& settings, RhythmWords& into);
void unsettle_path(const NetworkCheck& check, PathWords& into);

void build_http_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values);
void build_udp_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values);
void build_dns_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values);
void build_smtp_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values);
void build_misc_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values);
void build_file_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values);
void build_bfd_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values);

void print(const HttpCheck& check, Document& out);
void print(const UdpCheck& check, Document& out);
void print(const DnsCheck& check, Document& out);
void print(const SmtpCheck& check, Document& out);
void print(const MiscCheck& check, Document& out);
void print(const FileCheck& check, Document& out);
void print(const BfdCheck& check, Document& out);

}  // namespace hald::config
