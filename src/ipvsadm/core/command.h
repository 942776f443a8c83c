// SPDX-License-Identifier: Apache-2.0
// A command of ipvsadm 1.31 as a value: what its arguments ask for, checked as ipvsadm checks them and in its
// order, with its complaints and exit statuses. Nothing is executed here.
#pragma once

#include <cstdint>
#include <string>
#include <system_error>
#include <variant>
#include <vector>

#include "ipvs/core/observed.h"
#include "ipvs/core/tuning.h"
#include "ipvsadm/core/names.h"

namespace hald::ipvsadm {

/// In the order of the table of what goes with what (legal.cpp), as are the options.
enum class Verb : std::uint8_t {
  AddService,
  EditService,
  DeleteService,
  Flush,
  List,
  AddServer,
  DeleteServer,
  EditServer,
  Set,
  StartDaemon,
  StopDaemon,
  Restore,
  Save,
  Zero
};

enum class Option : std::uint8_t {
  Numeric,
  Connection,
  Service,
  Scheduler,
  Persistent,
  Netmask,
  Server,
  Forward,
  Weight,
  UpperThreshold,
  LowerThreshold,
  MulticastInterface,
  Timeout,
  Daemon,
  Stats,
  Rate,
  Thresholds,
  PersistentConn,
  NoSort,
  SyncId,
  Exact,
  OnePacket,
  Engine,
  SchedulerFlags,
  MulticastGroup,
  MulticastPort,
  MulticastTtl,
  SyncMaxLength,
  TunnelInfo,
  TunnelType,
  TunnelPort,
  TunnelNoChecksum,
  TunnelChecksum,
  TunnelRemoteChecksum
};

class Options {
 public:
  [[nodiscard]] bool has(Option option) const { return (bits_ & bit(option)) != 0; }
  void add(Option option) { bits_ |= bit(option); }

 private:
  static constexpr std::uint64_t bit(Option option) {
    return std::uint64_t{1} << static_cast<unsigned>(option);
  }
  std::uint64_t bits_ = 0;
};

struct Command {
  Verb verb = Verb::List;
  Options options;
  ipvs::ServiceEntry service;
  ipvs::Destination server;
  ipvs::SyncDaemon daemon;
  ipvs::Timeouts timeouts;
};

/// Nothing is to be executed: `text` is all there is to say.
struct Ended {
  int status = 0;
  std::string text;
  bool stops = true;  ///< false: of restored lines the next one follows nevertheless
};

inline constexpr int kWrongArguments = 2;
inline constexpr int kFailed = 255;

/// `program` is what messages call it. A call without arguments is the list of everything.
[[nodiscard]] std::variant<Command, Ended> parse(const std::string& program, std::vector<std::string> words,
                                                 Names& names);

/// The complaint about options that the verb does not know or lacks; empty: there is none.
[[nodiscard]] std::string illegal(Verb verb, const Options& options);
/// The same of the options of a tunnel.
[[nodiscard]] std::string illegal_tunnel(ipvs::TunnelType type, const Options& options);
/// As the complaints call it.
[[nodiscard]] std::string_view name_of(Option option);

/// What ipvsadm says when the kernel refuses this.
[[nodiscard]] std::string refusal(Verb verb, const std::error_code& code);

/// The complaint about something that is no command.
[[nodiscard]] Ended try_help(const std::string& program);
[[nodiscard]] std::string help(const std::string& program);
[[nodiscard]] std::string version();

}  // namespace hald::ipvsadm
