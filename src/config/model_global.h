// SPDX-License-Identifier: Apache-2.0
// The part of the model about the daemon as a whole: global_defs and the words at the top of the file. What
// was not written holds its default, where there is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "config/model_script.h"
#include "config/place.h"

namespace hald::config {

/// Announcements on interfaces that VMAC addresses are on besides the instance's own.
struct ExtraAnnouncing {
  Duration interval{};  ///< 0: none, else 1..86400 s
  bool all = false;     ///< on every interface used
  friend bool operator==(const ExtraAnnouncing&, const ExtraAnnouncing&) = default;
};

/// What is said of virtual routers in two places: in global_defs for all of them, in an instance for that
/// one.
struct VrrpSettings {
  std::optional<std::uint8_t> version;  ///< 2 or 3
  Place version_where;
  std::optional<bool> v3_checksum_as_v2;
  std::optional<unsigned> down_timer_adverts;  ///< 1..100
  std::optional<bool> lower_prio_no_advert;
  std::optional<bool> higher_prio_send_advert;
  std::optional<Duration> garp_master_delay;
  std::optional<unsigned> garp_master_repeat;  ///< at least 1
  std::optional<Duration> garp_master_refresh;
  std::optional<unsigned> garp_master_refresh_repeat;  ///< at least 1
  std::optional<Duration> garp_lower_prio_delay;
  std::optional<unsigned> garp_lower_prio_repeat;
  std::optional<ExtraAnnouncing> garp_extra_if;
  std::optional<bool> strict;
  std::optional<bool> skip_check_adv_addr;
  std::optional<bool> check_unicast_src;
  std::optional<bool> owner_ignore_adverts;
  std::optional<bool> notify_priority_changes;
  std::optional<bool> smtp_alert;
  friend bool operator==(const VrrpSettings&, const VrrpSettings&) = default;
};

/// A pipe that lines about changes are written to, and a program that reads it.
struct NotifyFifo {
  std::string path;  ///< empty: none
  RunAs owner;
  Command script;
  friend bool operator==(const NotifyFifo&, const NotifyFifo&) = default;
};

struct MailServer {
  std::string host;  ///< an address or a name
  std::uint16_t port = 25;
  friend bool operator==(const MailServer&, const MailServer&) = default;
};

/// How mails about changes are sent.
struct Mail {
  std::optional<MailServer> server;
  std::string from;  ///< empty only without a server
  std::string helo;  ///< empty only without a server
  Duration connect_timeout = std::chrono::seconds(30);
  std::vector<std::string> recipients;
  enum class Tls : std::uint8_t { None, StartTls, Implicit };
  Tls tls = Tls::None;
  bool tls_verify = true;
  std::string tls_ca{};    ///< file; empty: whom the system trusts
  std::string user{};      ///< empty: no login
  std::string password{};  ///< of the login
  friend bool operator==(const Mail&, const Mail&) = default;
};

/// Scheduling of one kind of work; keepalived has a process for each.
struct ProcessSettings {
  std::string name;                         ///< at most 15 bytes; empty: none
  std::optional<std::int8_t> nice;          ///< -20..19
  std::optional<std::uint8_t> rt_priority;  ///< SCHED_RR, 1..99
  bool no_swap = false;
  std::vector<std::uint16_t> cpus;       ///< in order, each once; empty: all
  std::uint32_t rlimit_rttime = 10'000;  ///< microseconds, at least 2
  friend bool operator==(const ProcessSettings&, const ProcessSettings&) = default;
};

/// Sizes and rights of the buffers that netlink messages are received into.
struct ReceiveBuffer {
  std::uint32_t bytes = 0;  ///< 0: the kernel's
  bool force = false;       ///< beyond the kernel's limit
  friend bool operator==(const ReceiveBuffer&, const ReceiveBuffer&) = default;
};

/// vrrp_rx_bufs_policy
struct AdvertBuffers {
  enum class Policy : std::uint8_t { Kernel, Mtu, Advert, Size };
  Policy policy = Policy::Kernel;
  std::uint32_t bytes = 0;       ///< of Policy::Size
  std::uint32_t multiplier = 3;  ///< packets that the other policies make room for
  friend bool operator==(const AdvertBuffers&, const AdvertBuffers&) = default;
};

/// Time-outs of connections in the kernel's IPVS; nothing: as they are.
struct LvsTimeouts {
  std::optional<Duration> tcp;
  std::optional<Duration> tcp_fin;
  std::optional<Duration> udp;
  friend bool operator==(const LvsTimeouts&, const LvsTimeouts&) = default;
};

/// The threads of IPVS that tell another director about connections.
struct LvsSyncDaemon {
  std::string interface;           ///< at most 15 bytes
  std::string instance;            ///< whose state says whether to send or to receive; empty: none
  std::optional<std::uint8_t> id;  ///< default: the virtual_router_id of the instance, or 0
  std::optional<std::uint16_t> max_length;
  std::optional<std::uint16_t> port;
  std::optional<std::uint8_t> ttl;
  std::optional<Address> group;
  Place where;
  friend bool operator==(const LvsSyncDaemon&, const LvsSyncDaemon&) = default;
};

enum class LvsFlushOnStop : std::uint8_t {
  No,       ///< what hald configured is removed item by item
  All,      ///< the whole table
  Services  ///< the virtual servers hald configured; their real servers go with them
};

struct Snmp {
  std::string socket;  ///< of the AgentX master; empty: its default
  bool traps = false;
  bool vrrp = false;
  bool rfc_v2 = false;
  bool rfc_v3 = false;
  bool checker = false;
  Duration vs_stats_interval = std::chrono::seconds(5);
  std::optional<Duration> rs_stats_interval;  ///< default: vs_stats_interval
  friend bool operator==(const Snmp&, const Snmp&) = default;
};

struct Dbus {
  bool enabled = false;
  std::string service_name = "org.keepalived.Vrrp1";
  std::string no_interface_name;  ///< stands for the interface of instances without one
  friend bool operator==(const Dbus&, const Dbus&) = default;
};

/// What `include_check` asks of included files.
struct IncludeCheck {
  bool read = false;
  bool match = false;
  bool wildcard_match = false;
  bool brace_match = false;
  friend bool operator==(const IncludeCheck&, const IncludeCheck&) = default;
};

struct Global {  // NOLINT(clang-analyzer-optin.performance.Padding): there is one; it is read by subject
  // The top of the file.
  bool linkbeat_use_polling = false;
  std::string net_namespace;
  std::optional<std::string> net_namespace_ipvs;  ///< empty: the one hald was started in
  bool namespace_with_ipsets = false;
  bool use_pid_dir = false;
  std::string instance;
  Duration child_wait_time = std::chrono::seconds(5);

  bool strict_config = false;  ///< errors in the configuration keep hald from starting
  std::string router_id;       ///< host name when not given
  Mail mail;
  std::optional<bool> smtp_alert;
  std::optional<bool> smtp_alert_vrrp;
  std::optional<bool> smtp_alert_checker;
  bool no_email_faults = false;
  bool checker_log_all_failures = false;
  bool rs_init_notifies = false;
  bool no_checker_emails = false;

  std::string process_name;  ///< at most 15 bytes
  ProcessSettings vrrp_process;
  ProcessSettings checker_process;
  ProcessSettings bfd_process;
  std::int8_t max_auto_priority = 0;                  ///< -1..99; 0 and below: never raised
  std::uint32_t min_auto_priority_delay = 1'000'000;  ///< microseconds

  bool use_symlink_paths = false;
  bool set_supplementary_groups = false;
  bool script_security = false;
  RunAs script_user;  ///< empty: the account keepalived_script if there is one, else hald's own
  Command startup_script;
  Duration startup_script_timeout = std::chrono::seconds(10);
  Command shutdown_script;
  Duration shutdown_script_timeout = std::chrono::seconds(10);
  NotifyFifo notify_fifo;
  NotifyFifo vrrp_notify_fifo;  ///< another one than notify_fifo, like the next
  NotifyFifo lvs_notify_fifo;

  bool dynamic_interfaces = false;
  bool allow_if_changes = false;
  std::string default_interface = "eth0";
  bool disable_local_igmp = false;
  Address mcast_group4 = Address::v4(0xe0000012);
  Address mcast_group6 = Address::v6({0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12});
  /// For all instances, complete; only `smtp_alert` may be open.
  VrrpSettings vrrp;
  bool min_garp = false;
  std::optional<Duration> garp_interval;  ///< least gap between announcements on an interface
  std::optional<Duration> gna_interval;
  std::string nftables;  ///< the table; empty: none is used
  std::int32_t nftables_priority = -1;
  bool nftables_ifindex = false;
  bool nftables_counters = false;
  bool fifo_write_vrrp_states_on_reload = false;
  ReceiveBuffer vrrp_netlink_command;
  ReceiveBuffer vrrp_netlink_monitor;
  ReceiveBuffer process_monitor;
  AdvertBuffers advert_buffers;
  std::optional<Duration> startup_delay;
  std::optional<Duration> delay_after_boot;
  bool log_unknown_vrids = false;
  std::string vmac_prefix = "vrrp";
  std::string vmac_addr_prefix;  ///< default: vmac_prefix

  LvsTimeouts lvs_timeouts;
  bool lvs_flush = false;
  LvsFlushOnStop lvs_flush_on_stop = LvsFlushOnStop::No;
  std::optional<LvsSyncDaemon> lvs_sync_daemon;
  std::string nftables_ipvs;  ///< the table; empty: none is used
  std::int32_t nftables_ipvs_priority = -1;
  std::uint32_t nftables_ipvs_start_fwmark = 1000;
  ReceiveBuffer lvs_netlink_command;
  ReceiveBuffer lvs_netlink_monitor;

  Snmp snmp;
  Dbus dbus;

  std::optional<std::uint16_t> umask;
  std::optional<std::uint32_t> random_seed;
  std::string reload_check_config;  ///< where a checking process writes to; empty: no such check
  std::string reload_time_file;
  bool reload_repeat = false;
  std::optional<std::string> reload_file;  ///< empty: beside the pid file
  IncludeCheck include_check;
  std::string config_save_dir;
  std::string tmp_config_directory;
  bool data_use_instance = false;
  std::uint8_t json_version = 1;  ///< 1 or 2
  std::string iproute_usr_dir = "/usr/share/iproute2";
  std::string iproute_etc_dir = "/etc/iproute2";
  std::string state_dump_file;
  std::string stats_dump_file;
  std::string json_dump_file;
  friend bool operator==(const Global&, const Global&) = default;
};

}  // namespace hald::config
