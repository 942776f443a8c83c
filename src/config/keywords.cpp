// SPDX-License-Identifier: Apache-2.0
#include "config/keywords.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace hald::config {
namespace {

constexpr std::size_t kLongestWord = 40;  // no keyword is longer, so no longer word is a typo of one

char lower(char byte) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
}

/// Edits that turn `a` into `b`: a byte more, less, other, or two swapped. Case does not count.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, kLongestWord + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], rows[(i + 1) % 3][j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

/// Keeps the best of the words it is shown.
class Nearest {
 public:
  explicit Nearest(std::string_view written)
      : written_(written), best_distance_(written.size() < 3 ? 1 : written.size() / 3 + 1) {}

  void offer(std::string_view word) {
    if (written_.size() > kLongestWord || word.size() > kLongestWord) return;
    const std::size_t gap =
        word.size() > written_.size() ? word.size() - written_.size() : written_.size() - word.size();
    if (gap >= best_distance_) return;
    const std::size_t found = distance(written_, word);
    if (found >= best_distance_) return;
    best_distance_ = found;
    best_ = word;
  }
  [[nodiscard]] std::string_view best() const { return best_; }

 private:
  std::string_view written_;
  std::string_view best_;
  std::size_t best_distance_;  // only nearer ones are taken
};

std::string seconds_text(std::int64_t microseconds) {
  if (microseconds % 1'000'000 == 0) return std::to_string(microseconds / 1'000'000);
  std::string out = fmt::format("{}.{:06}", microseconds / 1'000'000, microseconds % 1'000'000);
  out.erase(out.find_last_not_of('0') + 1);
  return out;
}

}  // namespace

std::span<const Block> all_blocks() {
  static const std::array kBlocks{
      Block{BlockId::Preprocessor, "(preprocessor)", rows::preprocessor(), BlockKind::Options},
      Block{BlockId::Root, "(top level)", rows::root(), BlockKind::Statements},
      Block{BlockId::GlobalDefs, "global_defs", rows::global_defs(), BlockKind::Statements},
      Block{BlockId::NotificationEmail, "global_defs/notification_email", rows::notification_email(),
            BlockKind::Lines},
      Block{BlockId::DynamicInterfaces, "global_defs/dynamic_interfaces", rows::dynamic_interfaces(),
            BlockKind::Options},
      Block{BlockId::LvsTimeouts, "global_defs/lvs_timeouts", rows::lvs_timeouts(), BlockKind::Options},
      Block{BlockId::LvsFlushOnStop, "global_defs/lvs_flush_on_stop", rows::lvs_flush_on_stop(),
            BlockKind::Options},
      Block{BlockId::LvsSyncDaemon, "global_defs/lvs_sync_daemon", rows::lvs_sync_daemon(),
            BlockKind::Options},
      Block{BlockId::RxBufsPolicy, "global_defs/vrrp_rx_bufs_policy", rows::rx_bufs_policy(),
            BlockKind::Options},
      Block{BlockId::GlobalGarpExtraIf, "global_defs/vrrp_garp_extra_if", rows::global_garp_extra_if(),
            BlockKind::Options},
      Block{BlockId::IncludeCheck, "global_defs/include_check", rows::include_check(), BlockKind::Options},
      Block{BlockId::VrrpInstance, "vrrp_instance", rows::vrrp_instance(), BlockKind::Statements},
      Block{BlockId::Authentication, "vrrp_instance/authentication", rows::authentication(),
            BlockKind::Statements},
      Block{BlockId::AuthHmac, "vrrp_instance/auth_hmac", rows::auth_hmac(), BlockKind::Statements},
      Block{BlockId::UseVmac, "vrrp_instance/use_vmac", rows::use_vmac(), BlockKind::Options},
      Block{BlockId::UseIpvlan, "vrrp_instance/use_ipvlan", rows::use_ipvlan(), BlockKind::Options},
      Block{BlockId::UnicastPeer, "vrrp_instance/unicast_peer", rows::unicast_peer(), BlockKind::Lines},
      Block{BlockId::OldUnicastChecksum, "vrrp_instance/old_unicast_checksum", rows::old_unicast_checksum(),
            BlockKind::Options},
      Block{BlockId::GarpExtraIf, "vrrp_instance/garp_extra_if", rows::garp_extra_if(), BlockKind::Options},
      Block{BlockId::TrackInterface, "vrrp_instance/track_interface", rows::track_interface(),
            BlockKind::Lines},
      Block{BlockId::TrackScript, "vrrp_instance/track_script", rows::track_script(), BlockKind::Lines},
      Block{BlockId::TrackFileLines, "vrrp_instance/track_file", rows::track_file_lines(), BlockKind::Lines},
      Block{BlockId::TrackProcess, "vrrp_instance/track_process", rows::track_process(), BlockKind::Lines},
      Block{BlockId::TrackBfd, "vrrp_instance/track_bfd", rows::track_bfd(), BlockKind::Lines},
      Block{BlockId::VirtualIpaddress, "vrrp_instance/virtual_ipaddress", rows::virtual_ipaddress(),
            BlockKind::Lines},
      Block{BlockId::VirtualIpaddressExcluded, "vrrp_instance/virtual_ipaddress_excluded",
            rows::virtual_ipaddress_excluded(), BlockKind::Lines},
      Block{BlockId::VirtualRoutes, "vrrp_instance/virtual_routes", rows::virtual_routes(), BlockKind::Lines},
      Block{BlockId::Nexthop, "vrrp_instance/virtual_routes/nexthop", rows::nexthop(), BlockKind::Options},
      Block{BlockId::Encap, "vrrp_instance/virtual_routes/encap", rows::encap(), BlockKind::Options},
      Block{BlockId::VirtualRules, "vrrp_instance/virtual_rules", rows::virtual_rules(), BlockKind::Lines},
      Block{BlockId::VrrpSyncGroup, "vrrp_sync_group", rows::vrrp_sync_group(), BlockKind::Statements},
      Block{BlockId::SyncGroupMembers, "vrrp_sync_group/group", rows::sync_group_members(), BlockKind::Lines},
      Block{BlockId::VrrpScript, "vrrp_script", rows::vrrp_script(), BlockKind::Statements},
      Block{BlockId::VrrpTrackProcess, "vrrp_track_process", rows::vrrp_track_process(),
            BlockKind::Statements},
      Block{BlockId::TrackFile, "track_file", rows::track_file(), BlockKind::Statements},
      Block{BlockId::VrrpTrackFile, "vrrp_track_file", rows::vrrp_track_file(), BlockKind::Statements},
      Block{BlockId::TrackGroup, "track_group", rows::track_group(), BlockKind::Statements},
      Block{BlockId::TrackGroupMembers, "track_group/group", rows::sync_group_members(), BlockKind::Lines},
      Block{BlockId::GarpGroup, "garp_group", rows::garp_group(), BlockKind::Statements},
      Block{BlockId::GarpGroupInterfaces, "garp_group/interfaces", rows::interface_names(), BlockKind::Lines},
      Block{BlockId::LinkbeatInterfaces, "linkbeat_interfaces", rows::linkbeat_interfaces(),
            BlockKind::Lines},
      Block{BlockId::InterfaceUpDownDelays, "interface_up_down_delays", rows::interface_up_down_delays(),
            BlockKind::Lines},
      Block{BlockId::StaticIpaddress, "static_ipaddress", rows::static_ipaddress(), BlockKind::Lines},
      Block{BlockId::StaticRoutes, "static_routes", rows::virtual_routes(), BlockKind::Lines},
      Block{BlockId::StaticRules, "static_rules", rows::virtual_rules(), BlockKind::Lines},
      Block{BlockId::BfdInstance, "bfd_instance", rows::bfd_instance(), BlockKind::Statements},
      Block{BlockId::VirtualServerGroup, "virtual_server_group", rows::virtual_server_group(),
            BlockKind::Lines},
      Block{BlockId::VirtualServer, "virtual_server", rows::virtual_server(), BlockKind::Statements},
      Block{BlockId::LbKind, "virtual_server/lb_kind", rows::lb_kind(), BlockKind::Options},
      Block{BlockId::RealServer, "virtual_server/real_server", rows::real_server(), BlockKind::Statements},
      Block{BlockId::HttpGet, "virtual_server/real_server/HTTP_GET", rows::http_get(), BlockKind::Statements},
      Block{BlockId::SslGet, "virtual_server/real_server/SSL_GET", rows::ssl_get(), BlockKind::Statements},
      Block{BlockId::TcpCheck, "virtual_server/real_server/TCP_CHECK", rows::tcp_check(),
            BlockKind::Statements},
      Block{BlockId::UdpCheck, "virtual_server/real_server/UDP_CHECK", rows::udp_check(),
            BlockKind::Statements},
      Block{BlockId::PingCheck, "virtual_server/real_server/PING_CHECK", rows::ping_check(),
            BlockKind::Statements},
      Block{BlockId::DnsCheck, "virtual_server/real_server/DNS_CHECK", rows::dns_check(),
            BlockKind::Statements},
      Block{BlockId::SmtpCheck, "virtual_server/real_server/SMTP_CHECK", rows::smtp_check(),
            BlockKind::Statements},
      Block{BlockId::MiscCheck, "virtual_server/real_server/MISC_CHECK", rows::misc_check(),
            BlockKind::Statements},
      Block{BlockId::FileCheck, "virtual_server/real_server/FILE_CHECK", rows::file_check(),
            BlockKind::Statements},
      Block{BlockId::BfdCheck, "virtual_server/real_server/BFD_CHECK", rows::bfd_check(),
            BlockKind::Statements},
      Block{BlockId::HttpUrl, "virtual_server/real_server/HTTP_GET/url", rows::http_url(),
            BlockKind::Statements},
      Block{BlockId::SslUrl, "virtual_server/real_server/SSL_GET/url", rows::ssl_url(),
            BlockKind::Statements},
      Block{BlockId::RegexOptions, "virtual_server/real_server/HTTP_GET/url/regex_options",
            rows::regex_options(), BlockKind::Options},
      Block{BlockId::SmtpHost, "virtual_server/real_server/SMTP_CHECK/host", rows::smtp_host(),
            BlockKind::Statements},
      Block{BlockId::Ssl, "SSL", rows::ssl(), BlockKind::Statements},
  };
  return kBlocks;
}

const Block& block_of(BlockId id) {
  // The table is in the order of the enumeration, whose first value is None.
  return all_blocks()[static_cast<std::size_t>(id) - 1];
}

const Keyword* find_keyword(const Block& block, std::string_view name) {
  for (const Keyword& keyword : block.words) {
    if (keyword.name == name && !keyword.positional) return &keyword;
  }
  return nullptr;
}

bool only_at_top(std::string_view name) {
  if (find_keyword(block_of(BlockId::Root), name) == nullptr) return false;
  const auto inner = all_blocks().subspan(2);  // behind the preprocessor and the top itself
  return std::none_of(inner.begin(), inner.end(),
                      [name](const Block& block) { return find_keyword(block, name) != nullptr; });
}

const Block* home_of(std::string_view name) {
  for (const Block& block : all_blocks()) {
    if (block.kind == BlockKind::Statements && find_keyword(block, name) != nullptr) return &block;
  }
  return nullptr;
}

std::string_view nearest_word(const Block& block, std::string_view written) {
  Nearest nearest(written);
  for (const Keyword& keyword : block.words) {
    if (keyword.instead.empty()) nearest.offer(keyword.name);
  }
  return nearest.best();
}

std::string_view nearest(std::span<const std::string_view> choices, std::string_view written) {
  Nearest nearest(written);
  for (const std::string_view choice : choices) nearest.offer(choice);
  return nearest.best();
}

std::string range_text(const Keyword& keyword) {
  if (keyword.type == ValueType::Number) return fmt::format("{}..{}", keyword.range.min, keyword.range.max);
  if (keyword.type != ValueType::Time) return {};
  constexpr std::int64_t kMillisecond = 1000;
  if (keyword.unit == "ms")
    return fmt::format("{}..{}", keyword.range.min / kMillisecond, keyword.range.max / kMillisecond);
  return fmt::format("{}..{}", seconds_text(keyword.range.min), seconds_text(keyword.range.max));
}

}  // namespace hald::config
