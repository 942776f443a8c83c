// SPDX-License-Identifier: Apache-2.0
// Rows of the keyword table: global_defs and the options of its words.
#include <array>

#include "config/keyword_rows.h"

namespace hald::config::rows {
namespace {

constexpr std::array<std::string_view, 3> kMailTls{"none", "starttls", "implicit"};

constexpr Keyword extra_if(std::string_view name) {
  return with_arguments(number(name, "", {1, 86400}, "0 (off)",
                               "Period of announcements for VMAC addresses on other interfaces."),
                        "[all] SECS", 1, kAny);
}

constexpr Keyword rlimit(std::string_view name, std::string_view help) {
  return with_unit("us", number(name, "USECS", {1, kMaxUint32}, "10000", help));
}

constexpr std::string_view kOneProcess =
    "hald is one process, named by `process_name` and scheduled by the words for VRRP";
constexpr std::string_view kRealTime = "hald has real-time priority from the start where it may";
constexpr std::string_view kNoLimit = "hald does not end itself because a turn of its loop was long";
constexpr std::string_view kNetlinkRoom =
    "hald gives its netlink sockets much room, and reads everything again after an overrun";
constexpr std::string_view kReceiveRoom = "hald gives its sockets for adverts room for a thousand of them";
constexpr std::string_view kNoIpsets = "hald closes addresses with nftables, whose sets come with the table";
constexpr std::string_view kNoDumps = "hald writes no dump files: `haldctl status --json` tells all";

}  // namespace

std::span<const Keyword> global_defs() {
  static constexpr std::array kRows{
      needless(kOneProcess, flag("process_names", "off", "Gives the child processes distinct names.")),
      with_limits("15 chars kept", text("process_name", "NAME", "hald", "Name of the process.")),
      needless(kOneProcess, with_limits("15 chars kept", text("vrrp_process_name", "NAME", "unset",
                                                              "Name of the VRRP child."))),
      needless(kOneProcess, with_limits("15 chars kept", text("checker_process_name", "NAME", "unset",
                                                              "Name of the checker child."))),
      needless(kOneProcess,
               formerly("lvs_process_name",
                        with_limits("15 chars kept", text("checker_process_name", "NAME", "unset",
                                                          "Old name of checker_process_name.")))),
      needless(kOneProcess, with_limits("15 chars kept",
                                        text("bfd_process_name", "NAME", "unset", "Name of the BFD child."))),
      boolean("use_symlink_paths", "false",
              "Keeps symbolic links in script paths instead of resolving them."),
      boolean("set_supplementary_groups", "false",
              "Also sets the script user's supplementary groups when running scripts."),
      boolean("strict_config", "false", "Refuses to start with a configuration that has errors."),
      text("router_id", "NAME", "the host name", "Name of this node in status and mails."),
      with_arguments(
          text("notification_email_from", "ADDRESS", "user@hostname", "Sender address of alert mails."),
          "ADDRESS", 1, kAny),
      special("smtp_server", "HOST [PORT]", 1, 2, "unset; port 25", "Mail relay that receives alerts."),
      with_arguments(
          text("smtp_helo_name", "NAME", "local host name", "Name given in the HELO command of alert mails."),
          "NAME", 0, 1),
      seconds("smtp_connect_timeout", {0, 4294}, "30",
              "Connection and conversation timeout toward the relay."),
      ours(choice("smtp_tls", "none|starttls|implicit", kMailTls, code::kBadChoice, "none",
                  "TLS toward the relay: a mail goes with it or not at all.")),
      ours(boolean("smtp_tls_verify", "true", "The relay's certificate must be valid for its host.")),
      ours(text("smtp_tls_ca", "PATH", "those of the system",
                "File with whom to trust to certify the relay.")),
      ours(special("smtp_login", "USER PASSWORD", 2, 2, "none", "Logs in at the relay.")),
      block("notification_email", BlockId::NotificationEmail, "Recipients of alert mails."),
      boolean("smtp_alert", "unset", "Default for every smtp_alert setting."),
      boolean("smtp_alert_vrrp", "unset (falls back to smtp_alert)",
              "Default of smtp_alert for instances and groups."),
      boolean("smtp_alert_checker", "unset (falls back to smtp_alert)",
              "Default of smtp_alert for virtual and real servers."),
      boolean("checker_log_all_failures", "false", "Default of log_all_failures for every checker."),
      once(command("startup_script", "CMD [USER [[:]GROUP]]", 1, "none",
                   "Command the parent runs before starting its children.")),
      seconds("startup_script_timeout", {1, 1000}, "10", "Longest wait for the startup command."),
      once(command("shutdown_script", "CMD [USER [[:]GROUP]]", 1, "none",
                   "Command the parent runs after its children have gone.")),
      seconds("shutdown_script_timeout", {1, 1000}, "10", "Longest wait for the shutdown command."),
      needless(
          kRealTime,
          with_arguments(number("max_auto_priority", "", {-1, 99}, "0 (off)",
                                "Highest real-time priority the daemon may give itself after late wake-ups."),
                         "[PRIO]", 0, 1)),
      needless(kRealTime,
               with_unit("us", number("min_auto_priority_delay", "USECS", {1, 10000000}, "1000000",
                                      "Lateness of a timer that triggers automatic priority raising."))),
      options(BlockId::DynamicInterfaces,
              special("dynamic_interfaces", "[allow_if_changes]", 0, 1, "off",
                      "Lets instances refer to interfaces that do not exist yet.")),
      flag("no_email_faults", "off", "Suppresses mails about FAULT transitions."),
      text("default_interface", "IFNAME", "eth0", "Interface used by static addresses that name none."),
      flag("disable_local_igmp", "off", "Stops the kernel reporting link-local multicast memberships."),
      flag("v3_checksum_as_v2", "off", "VRRPv3 checksums over IPv4 leave out the pseudo-header."),
      options(BlockId::LvsTimeouts,
              special("lvs_timeouts", "[tcp N] [tcpfin N] [udp N]", 0, kAny, "kernel values",
                      "IPVS connection timeouts to set while running.")),
      flag("lvs_flush", "off", "Wipes the whole IPVS table before configuring it at start."),
      options(BlockId::LvsFlushOnStop, special("lvs_flush_on_stop", "[VS]", 0, 1, "off",
                                               "At exit flushes the IPVS table, or with VS deletes only "
                                               "whole services, instead of removing item by item.")),
      formerly("lvs_flush_onstop",
               options(BlockId::LvsFlushOnStop, special("lvs_flush_on_stop", "[VS]", 0, 1, "off",
                                                        "Misspelt older form of lvs_flush_on_stop."))),
      once(options(
          BlockId::LvsSyncDaemon,
          special("lvs_sync_daemon",
                  "IFNAME [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDR]", 1, kAny,
                  "id = VRID or 0", "Runs the IPVS connection synchronisation threads on an interface."))),
      with_limits("IPv4 multicast",
                  address("vrrp_mcast_group4", "224.0.0.18", "Destination group for IPv4 adverts.")),
      with_limits("IPv6 multicast",
                  address("vrrp_mcast_group6", "ff02::12", "Destination group for IPv6 adverts.")),
      seconds("vrrp_garp_master_delay", {0, 4294}, "5",
              "Pause before the second announcements of a new master; 0: none."),
      number("vrrp_garp_master_repeat", "N", {0, kMaxUint32}, "5",
             "Announcements of each address at a time, as new master."),
      seconds("vrrp_garp_master_refresh", {0, kMaxUint32}, "0",
              "Period of further announcements while master; 0: none."),
      number("vrrp_garp_master_refresh_repeat", "N", {0, kMaxUint32}, "1",
             "Announcements of each address at a refresh."),
      seconds("vrrp_garp_lower_prio_delay", {0, 4294}, "vrrp_garp_master_delay",
              "Pause before the second announcements after a losing advert; 0: none."),
      number("vrrp_garp_lower_prio_repeat", "N", {0, 2147483647}, "vrrp_garp_master_repeat",
             "Announcements of each address after a losing advert."),
      number("vrrp_down_timer_adverts", "N", {1, 100}, "3", "Adverts missed before a master counts as dead."),
      time("vrrp_garp_interval", {1, 4294967295}, "0", "Minimum gap between ARP messages on one interface."),
      time("vrrp_gna_interval", {1, 4294967295}, "0",
           "Minimum gap between unsolicited neighbour advertisements on one interface."),
      boolean("vrrp_min_garp", "false", "Reduces announcements to a single message unless set otherwise."),
      options(BlockId::GlobalGarpExtraIf, extra_if("vrrp_garp_extra_if")),
      formerly_reported("vrrp_vmac_garp_intvl",
                        options(BlockId::GlobalGarpExtraIf, extra_if("vrrp_garp_extra_if"))),
      boolean("vrrp_lower_prio_no_advert", "false", "Masters do not answer a losing advert."),
      boolean("vrrp_higher_prio_send_advert", "false", "Masters send one more advert before they yield."),
      number("vrrp_version", "N", {2, 3}, "2", "VRRP version of instances that name none."),
      with_limits("names <28 chars, distinct", special("vrrp_iptables", "[IN [OUT]]", 0, kAny, "not used",
                                                       "Older word for nftables; its chains are not used.")),
      needless(kNoIpsets, with_limits("distinct names",
                                      special("vrrp_ipsets", "[ADDR [ADDR6 [ADDR_IF6 [IGMP [MLD [ND]]]]]]", 0,
                                              kAny, "keepalived, keepalived6, _if6 ...",
                                              "Names of the ipsets used with iptables."))),
      once(special("nftables", "[TABLE]", 0, 1, "keepalived",
                   "Uses nftables for VRRP filtering, in the named table.")),
      number("nftables_priority", "N", {-kMaxInt32 - 1, kMaxInt32}, "-1",
             "Chain priority of the VRRP nftables chains."),
      flag("nftables_ifindex", "off", "Matches interfaces by index rather than by name in nftables."),
      flag("vrrp_check_unicast_src", "off",
           "Default for accepting unicast adverts only from configured peers."),
      boolean("vrrp_skip_check_adv_addr", "false",
              "Default for comparing an advert's address list only when the sender changes."),
      boolean("vrrp_strict", "false", "Default for strict RFC conformance."),
      number("vrrp_priority", "NICE", {-20, 19}, "unset", "Nice value of hald; rules out real time."),
      flag("vrrp_no_swap", "off", "Locks hald's memory."),
      number("vrrp_rt_priority", "PRIO", {1, 99}, "1 if there are instances",
             "Real-time (SCHED_RR) priority of the loop."),
      with_arguments(number("vrrp_cpu_affinity", "", {0, 1023}, "all", "Processors the loop may use."),
                     "CPU...", 1, kAny),
      needless(kNoLimit,
               rlimit("vrrp_rlimit_rttime",
                      "CPU time the VRRP child may use without blocking under real-time scheduling.")),
      needless(kNoLimit, formerly("vrrp_rlimit_rtime", rlimit("vrrp_rlimit_rttime",
                                                              "Misspelt older form of vrrp_rlimit_rttime."))),
      later(once(special("nftables_ipvs", "[TABLE]", 0, 1, "keepalived_ipvs",
                         "Maps virtual server groups to fwmarks with nftables."))),
      later(number("nftables_ipvs_priority", "N", {-kMaxInt32 - 1, kMaxInt32}, "-1",
                   "Chain priority of the IPVS nftables chains.")),
      later(number("nftables_ipvs_start_fwmark", "MARK", {1, kMaxUint32}, "1000",
                   "First fwmark handed out automatically.")),
      flag("nftables_counters", "off", "Adds packet counters to the generated nftables rules."),
      once(special("notify_fifo", "PATH [USER [GROUP]]", 1, 3, "none",
                   "FIFO that receives every VRRP and LVS state line.")),
      once(command("notify_fifo_script", "CMD [USER [GROUP]]", 1, "none",
                   "Program started to read the general FIFO.")),
      once(special("vrrp_notify_fifo", "PATH [USER [GROUP]]", 1, 3, "none",
                   "FIFO that receives VRRP state lines.")),
      once(command("vrrp_notify_fifo_script", "CMD [USER [GROUP]]", 1, "none",
                   "Program started to read the VRRP FIFO.")),
      boolean("vrrp_notify_priority_changes", "false",
              "Also writes effective priority changes of instances to the FIFOs."),
      flag("fifo_write_vrrp_states_on_reload", "off",
           "Writes current states to the FIFOs again after each reload."),
      once(special("lvs_notify_fifo", "PATH [USER [GROUP]]", 1, 3, "none",
                   "FIFO that receives virtual and real server state lines.")),
      once(command("lvs_notify_fifo_script", "CMD [USER [GROUP]]", 1, "none",
                   "Program started to read the LVS FIFO.")),
      number("checker_priority", "NICE", {-20, 19}, "unset", "Nice value of the checker child."),
      flag("checker_no_swap", "off", "Locks the checker child's memory."),
      number("checker_rt_priority", "PRIO", {1, 99}, "unset", "Real-time priority of the checker child."),
      with_arguments(
          number("checker_cpu_affinity", "", {0, 1023}, "unset", "CPUs the checker child may use."), "CPU...",
          1, kAny),
      needless(kOneProcess,
               rlimit("checker_rlimit_rttime",
                      "CPU time the checker child may use without blocking under real-time scheduling.")),
      needless(kOneProcess,
               formerly("checker_rlimit_rtime",
                        rlimit("checker_rlimit_rttime", "Misspelt older form of checker_rlimit_rttime."))),
      needless(kOneProcess,
               number("bfd_priority", "NICE", {-20, 19}, "unset", "Nice value of the BFD child.")),
      needless(kOneProcess, flag("bfd_no_swap", "off", "Locks the BFD child's memory.")),
      needless(kOneProcess,
               number("bfd_rt_priority", "PRIO", {1, 99}, "unset", "Real-time priority of the BFD child.")),
      needless(kOneProcess, with_arguments(number("bfd_cpu_affinity", "", {0, 1023}, "unset",
                                                  "CPUs the BFD child may use."),
                                           "CPU...", 1, kAny)),
      needless(kOneProcess,
               rlimit("bfd_rlimit_rttime",
                      "CPU time the BFD child may use without blocking under real-time scheduling.")),
      needless(kOneProcess,
               formerly("bfd_rlimit_rtime",
                        rlimit("bfd_rlimit_rttime", "Misspelt older form of bfd_rlimit_rttime."))),
      later(single(once(text("snmp_socket", "ADDRESS", "net-snmp default (unix:/var/agentx/master)",
                             "AgentX master address.")))),
      later(flag("enable_traps", "off", "Sends SNMP notifications.")),
      later(flag("enable_snmp_vrrp", "off", "Registers the vendor MIB's VRRP part.")),
      later(formerly("enable_snmp_keepalived",
                     flag("enable_snmp_vrrp", "off", "Old name of enable_snmp_vrrp."))),
      later(flag("enable_snmp_rfc", "off", "Registers both standard VRRP MIBs (v2 and v3).")),
      later(flag("enable_snmp_rfcv2", "off", "Registers the VRRPv2 MIB (RFC 2787).")),
      later(flag("enable_snmp_rfcv3", "off", "Registers the VRRPv3 MIB (RFC 6527).")),
      later(flag("enable_snmp_checker", "off", "Registers the vendor MIB's virtual server part.")),
      later(time("snmp_vs_stats_update_interval", {1000, 30000000}, "5",
                 "Age after which virtual server counters are read again from the kernel.")),
      later(time("snmp_rs_stats_update_interval", {1000, 30000000}, "value of snmp_vs_stats_update_interval",
                 "Age after which real server counters are read again from the kernel.")),
      later(flag("enable_dbus", "off", "Publishes instances on the system D-Bus.")),
      later(with_limits("valid bus name",
                        text("dbus_service_name", "NAME", "org.keepalived.Vrrp1", "Bus name to claim."))),
      later(text("dbus_no_interface_name", "NAME", "none",
                 "Word used in object paths for instances that have no interface.")),
      special("script_user", "USER [GROUP]", 1, 2, "keepalived_script if it exists, else root",
              "Default account for running scripts."),
      flag("enable_script_security", "off",
           "Disables scripts run as root whose path can be altered by others."),
      needless(kNetlinkRoom,
               with_unit("byte", number("vrrp_netlink_cmd_rcv_bufs", "BYTES", {0, kMaxUint32}, "kernel",
                                        "Receive buffer of the VRRP child's netlink command socket."))),
      needless(kNetlinkRoom, boolean("vrrp_netlink_cmd_rcv_bufs_force", "false",
                                     "Uses SO_RCVBUFFORCE for that command socket.")),
      needless(kNetlinkRoom,
               with_unit("byte", number("vrrp_netlink_monitor_rcv_bufs", "BYTES", {0, kMaxUint32}, "kernel",
                                        "Receive buffer of the VRRP child's netlink monitor socket."))),
      needless(kNetlinkRoom, boolean("vrrp_netlink_monitor_rcv_bufs_force", "false",
                                     "Uses SO_RCVBUFFORCE for that monitor socket.")),
      needless(kNetlinkRoom,
               with_unit("byte", number("process_monitor_rcv_bufs", "BYTES", {0, kMaxUint32}, "kernel",
                                        "Receive buffer of the process event socket."))),
      needless(kNetlinkRoom, boolean("process_monitor_rcv_bufs_force", "false",
                                     "Uses SO_RCVBUFFORCE for the process event socket.")),
      needless(kNetlinkRoom,
               with_unit("byte", number("lvs_netlink_cmd_rcv_bufs", "BYTES", {0, kMaxUint32}, "kernel",
                                        "Receive buffer of the checker child's netlink command socket."))),
      needless(kNetlinkRoom, boolean("lvs_netlink_cmd_rcv_bufs_force", "false",
                                     "Uses SO_RCVBUFFORCE for that command socket.")),
      needless(kNetlinkRoom,
               with_unit("byte", number("lvs_netlink_monitor_rcv_bufs", "BYTES", {0, kMaxUint32}, "kernel",
                                        "Receive buffer of the checker child's netlink monitor socket."))),
      needless(kNetlinkRoom, boolean("lvs_netlink_monitor_rcv_bufs_force", "false",
                                     "Uses SO_RCVBUFFORCE for that monitor socket.")),
      boolean("rs_init_notifies", "false", "Runs notify_up for real servers that come up at start."),
      needless("a real server is worth one mail when it changes, however many checks it has",
               boolean("no_checker_emails", "false",
                       "Mails only once per real server rather than per checker change.")),
      needless(kReceiveRoom,
               options(BlockId::RxBufsPolicy,
                       with_arguments(number("vrrp_rx_bufs_policy", "", {0, kMaxUint32}, "kernel default",
                                             "How the VRRP receive socket buffer is sized."),
                                      "MTU|ADVERT|NUMBER", 1, kAny))),
      needless(kReceiveRoom, single(number("vrrp_rx_bufs_multiplier", "N", {1, kMaxUint32}, "3",
                                           "Packets the MTU/ADVERT policies make room for."))),
      time("vrrp_startup_delay", {1000, 4294967295}, "0",
           "Holds back VRRP instances for a time after start."),
      time("vrrp_delay_after_boot", {1000, 4294967295}, "0",
           "As vrrp_startup_delay but measured from system boot."),
      flag("log_unknown_vrids", "off", "Logs adverts whose router id is not configured on the interface."),
      boolean("vrrp_owner_ignore_adverts", "false", "Default for address owners discarding adverts."),
      once(text("vmac_prefix", "NAME", "vrrp", "First part of automatic VMAC interface names.")),
      once(text("vmac_addr_prefix", "NAME", "vmac_prefix",
                "First part of VMAC names created for addresses on other interfaces.")),
      later(with_limits(
          "IRUSR IWUSR IXUSR IRWXU IRGRP IWGRP IXGRP IRWXG IROTH IWOTH IXOTH IRWXO",
          special("umask", "NUMBER or FLAG|FLAG...", 1, kAny, "inherited", "File mode mask of the daemon."))),
      steering(number("random_seed", "N", {0, kMaxUint32}, "time based", "Seed of ${_RANDOM}.")),
      later(special("reload_check_config", "[LOGFILE]", 0, 1, "off; /dev/null",
                    "Validates a new configuration in a separate process before reloading.")),
      later(single(text("reload_time_file", "PATH", "none", "File holding a time at which to reload."))),
      later(flag("reload_repeat", "off", "Keeps the reload time file and repeats daily.")),
      later(special("reload_file", "[PATH]", 0, 1, "off; RUNDIR/keepalived.reload",
                    "Marker file present while a configuration is being read.")),
      steering(options(BlockId::IncludeCheck,
                       special("include_check", "[[+|-]read|match|wildcard_match|brace_match ...]", 0, kAny,
                               "none", "Which checks plain include applies."))),
      later(text("config_save_dir", "DIR", "none",
                 "Directory where the consolidated configuration is saved at each load.")),
      later(once(text("tmp_config_directory", "DIR", "memfd / TMPDIR",
                      "Directory for the temporary consolidated configuration."))),
      needless(kNoDumps, boolean("data_use_instance", "false",
                                 "Adds namespace and instance names to dump file names.")),
      needless(kNoDumps, number("json_version", "N", {1, 2}, "1", "Layout of the JSON dump.")),
      single(
          text("iproute_usr_dir", "DIR", "/usr/share/iproute2", "Vendor directory of iproute2 name tables.")),
      single(text("iproute_etc_dir", "DIR", "/etc/iproute2", "Local directory of iproute2 name tables.")),
      needless(kNoDumps, single(text("state_dump_file", "PATH", "TMPDIR/keepalived.data",
                                     "File (or directory) for the SIGUSR1 state dump."))),
      needless(kNoDumps, single(text("stats_dump_file", "PATH", "TMPDIR/keepalived.stats",
                                     "File for the SIGUSR2 statistics dump."))),
      needless(kNoDumps,
               single(text("json_dump_file", "PATH", "TMPDIR/keepalived.json", "File for the JSON dump.")))};
  return kRows;
}

std::span<const Keyword> notification_email() {
  static constexpr std::array kRows{positional(flag("ADDRESS", "", "One recipient per word."))};
  return kRows;
}

std::span<const Keyword> dynamic_interfaces() {
  static constexpr std::array kRows{
      flag("allow_if_changes", "off", "Tolerates an interface being recreated as another type.")};
  return kRows;
}

std::span<const Keyword> lvs_timeouts() {
  static constexpr std::array kRows{
      seconds("tcp", {0, 2678400}, "kernel", "Idle timeout of established TCP connections."),
      seconds("tcpfin", {0, 2678400}, "kernel", "Timeout after a FIN was seen."),
      seconds("udp", {0, 2678400}, "kernel", "Idle timeout of UDP flows.")};
  return kRows;
}

std::span<const Keyword> lvs_flush_on_stop() {
  static constexpr std::array kRows{
      flag("VS", "", "Removes services only and leaves their real servers to the kernel.")};
  return kRows;
}

std::span<const Keyword> lvs_sync_daemon() {
  static constexpr std::array kRows{
      with_limits("existing vrrp_instance", text("inst", "INSTANCE", "none",
                                                 "VRRP instance whose state selects the thread direction.")),
      number("id", "N", {0, 255}, "VRID of inst, or 0", "Sync id carried in messages."),
      with_unit("byte", number("maxlen", "BYTES", {1, 65507}, "kernel", "Largest sync datagram.")),
      port("port", "kernel (8848)", "UDP port of the sync protocol."),
      number("ttl", "TTL", {1, 255}, "kernel (1)", "Multicast TTL of sync datagrams."),
      with_limits("IPv4/IPv6 multicast",
                  address("group", "kernel (224.0.0.81)", "Multicast group of sync datagrams."))};
  return kRows;
}

std::span<const Keyword> rx_bufs_policy() {
  static constexpr std::array kRows{
      needless(kReceiveRoom, flag("MTU", "", "Sizes the buffer from the interface MTU.")),
      needless(kReceiveRoom, flag("ADVERT", "", "Sizes the buffer from the advert length."))};
  return kRows;
}

std::span<const Keyword> global_garp_extra_if() {
  static constexpr std::array kRows{
      flag("all", "", "Extends the extra announcements to every interface used.")};
  return kRows;
}

std::span<const Keyword> include_check() {
  static constexpr std::array kRows{
      later(special("read", "[+|-]", 0, kAny, "off", "Files must be readable.")),
      later(special("match", "[+|-]", 0, kAny, "off", "A literal name must match.")),
      later(special("wildcard_match", "[+|-]", 0, kAny, "off", "A wildcard must match something.")),
      later(special("brace_match", "[+|-]", 0, kAny, "off", "Every brace alternative must match."))};
  return kRows;
}

}  // namespace hald::config::rows
