// SPDX-License-Identifier: Apache-2.0
// Rows of the keyword table: what moves priorities. Scripts, files, processes, BFD sessions, the lines that
// refer to them, and track_group.
#include <array>

#include "config/keyword_rows.h"

namespace hald::config::rows {
namespace {

constexpr Keyword milliseconds(std::string_view name, std::int64_t least, std::string_view default_value,
                               std::string_view help) {
  constexpr std::int64_t kMillisecond = 1000;
  constexpr std::int64_t kMost = 4'294'967;
  Keyword row =
      with_unit("ms", time(name, {least * kMillisecond, kMost * kMillisecond}, default_value, help));
  row.arguments = "MSECS";
  return row;
}

}  // namespace

std::span<const Keyword> track_interface() {
  static constexpr std::array kRows{
      positional(special("IFNAME", "[weight N [reverse]]", 0, kAny, "weight 0", "Interface to watch.")),
      with_limits("-254..254, +-254 becomes +-253", special("weight", "N", 1, kAny, "0 (down means fault)",
                                                            "Priority change tied to the interface.")),
      flag("reverse", "off", "Inverts the meaning of up and down.")};
  return kRows;
}

std::span<const Keyword> track_script() {
  static constexpr std::array kRows{
      positional(special("NAME", "[weight N [reverse|noreverse]]", 0, kAny, "weight of vrrp_script",
                         "vrrp_script to follow.")),
      with_limits("-254..254, +-254 becomes +-253", special("weight", "N", 1, kAny, "weight of vrrp_script",
                                                            "Priority change tied to the result.")),
      flag("reverse", "setting of vrrp_script", "Inverts success and failure."),
      flag("noreverse", "", "Cancels a reverse set in vrrp_script.")};
  return kRows;
}

std::span<const Keyword> track_file_lines() {
  static constexpr std::array kRows{
      positional(special("NAME", "[weight N [reverse|noreverse]]", 0, kAny, "weight of track_file",
                         "track_file to follow.")),
      number("weight", "N", {-254, 254}, "weight of track_file", "Multiplier of the number read."),
      flag("reverse", "setting of track_file", "Negates the product."),
      flag("noreverse", "", "Cancels a reverse set in track_file.")};
  return kRows;
}

std::span<const Keyword> track_process() {
  static constexpr std::array kRows{
      positional(special("NAME", "[weight N [reverse|noreverse]]", 0, kAny, "weight of vrrp_track_process",
                         "vrrp_track_process to follow.")),
      number("weight", "N", {-254, 254}, "weight of vrrp_track_process",
             "Priority change tied to the process quorum."),
      flag("reverse", "setting of vrrp_track_process", "Inverts the quorum result."),
      flag("noreverse", "", "Cancels a reverse set in vrrp_track_process.")};
  return kRows;
}

std::span<const Keyword> track_bfd() {
  static constexpr std::array kRows{
      later(positional(special("NAME", "[weight N [reverse|noreverse]]", 0, kAny, "weight of bfd_instance",
                               "bfd_instance to follow."))),
      later(number("weight", "N", {-253, 253}, "weight of bfd_instance",
                   "Priority change tied to the session.")),
      later(flag("reverse", "setting of bfd_instance", "Inverts session up and down.")),
      later(flag("noreverse", "", "Cancels a reverse set in bfd_instance."))};
  return kRows;
}

std::span<const Keyword> vrrp_script() {
  static constexpr std::array kRows{
      command("script", "CMD", 1, "mandatory", "Command to run."),
      time("interval", {1000, 4294000000}, "1", "Time between starts."),
      time("timeout", {1000, 4294000000}, "interval", "Run time after which the command counts as failed."),
      with_limits("-253..253",
                  special("weight", "N [reverse]", 1, kAny, "0", "Priority change tied to the result.")),
      number("rise", "N", {1, kMaxInt32}, "1", "Successes in a row that make it good."),
      number("fall", "N", {1, kMaxInt32}, "1", "Failures in a row that make it bad."),
      special("user", "USER [GROUP]", 1, kAny, "script_user", "Account that runs the command."),
      flag("init_fail", "off", "Presumes failure until the first success."),
      positional(flag("reverse", "off", "Option of weight: inverts success and failure."))};
  return kRows;
}

std::span<const Keyword> vrrp_track_process() {
  static constexpr std::array kRows{
      once(special("process", "PATH [PARAM...]", 1, kAny, "mandatory",
                   "Executable (and parameters) to count.")),
      special("param_match", "[initial|partial]", 0, kAny, "exact when parameters are given",
              "How given parameters are compared."),
      with_limits("-254..254",
                  special("weight", "N [reverse]", 1, kAny, "0", "Priority change tied to the quorum.")),
      positional(flag("reverse", "off", "Option of weight: inverts the quorum result.")),
      number("quorum", "N", {1, 65535}, "1", "Fewest matching processes that count as good."),
      number("quorum_max", "N", {0, 65535}, "unlimited", "Most matching processes that still count as good."),
      time("delay", {1, 3600000000}, "0", "Sets both terminate_delay and fork_delay."),
      time("terminate_delay", {1, 3600000000}, "0", "Grace before a lost quorum takes effect."),
      time("fork_delay", {1, 3600000000}, "0", "Grace before a regained quorum takes effect."),
      flag("full_command", "off", "Matches the whole command line instead of the short name.")};
  return kRows;
}

std::span<const Keyword> track_file() {
  static constexpr std::array kRows{
      once(text("file", "PATH", "mandatory", "File holding one integer.")),
      with_limits("-254..254", special("weight", "N [reverse]", 1, kAny, "1", "Multiplier of the number.")),
      positional(flag("reverse", "off", "Option of weight: negates the product.")),
      with_limits("int32", special("init_file", "[VALUE] [overwrite]", 0, kAny, "off; VALUE 0",
                                   "Creates the file at start.")),
      positional(flag("overwrite", "off", "Option of init_file: writes even if the file exists."))};
  return kRows;
}

std::span<const Keyword> vrrp_track_file() {
  static constexpr std::array kRows{
      once(text("file", "PATH", "mandatory", "File holding one integer.")),
      with_limits("-254..254", special("weight", "N [reverse]", 1, kAny, "1", "Multiplier of the number.")),
      with_limits("int32",
                  special("init_file", "[VALUE] [overwrite]", 0, kAny, "off", "Creates the file at start."))};
  return kRows;
}

std::span<const Keyword> track_group() {
  static constexpr std::array kRows{
      later(once(block("group", BlockId::TrackGroupMembers, "Instances whose combined state decides.")))};
  return kRows;
}

std::span<const Keyword> bfd_instance() {
  static constexpr std::array kRows{
      later(address("source_ip", "chosen by the kernel", "Local address of the session.")),
      later(address("neighbor_ip", "mandatory", "Remote address of the session.")),
      later(also("neighbour_ip", address("neighbor_ip", "mandatory", "British spelling of neighbor_ip."))),
      later(milliseconds("min_rx", 1, "10", "Shortest interval at which packets can be received.")),
      later(milliseconds("min_tx", 1, "10", "Interval at which packets are to be sent.")),
      later(milliseconds("idle_tx", 1000, "1000", "Sending interval while the session is down.")),
      later(number("multiplier", "N", {1, 255}, "5", "Missed packets that take the session down.")),
      later(flag("passive", "off", "Waits for the neighbour to start talking.")),
      later(number("ttl", "N", {1, 255}, "255 (IPv4), 64 (IPv6)", "TTL or hop limit of sent packets.")),
      later(number("hoplimit", "N", {1, 255}, "255 (IPv4), 64 (IPv6)", "Alias of ttl.")),
      later(number("max_hops", "N", {-1, 255}, "0", "How many hops a received packet may have crossed.")),
      later(boolean("multihop", "false", "Uses the multihop port 4784 instead of 3784.")),
      later(with_arguments(
          number("weight", "", {-253, 253}, "0", "Priority change tied to the session in VRRP instances."),
          "N [reverse]", 1, 2)),
      later(positional(flag("reverse", "off", "Option of weight: inverts up and down."))),
      later(flag("vrrp", "both vrrp and checker",
                 "Delivers the session's events to the VRRP child only (plus checker if named).")),
      later(flag("checker", "both vrrp and checker",
                 "Delivers the session's events to the checker child only (plus vrrp if named)."))};
  return kRows;
}

}  // namespace hald::config::rows
