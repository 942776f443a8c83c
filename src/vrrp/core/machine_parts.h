// SPDX-License-Identifier: Apache-2.0
// What the files of the machine share, and nobody else: machine.cpp dispatches to one function for each state
// and event, those of BACKUP and of MASTER are in files of their own.
#pragma once

#include <cstdint>

#include "vrrp/core/machine.h"

namespace hald::vrrp::machine {

using Kind = Reason::Kind;
/// The skew of the lowest and of the highest priority that may be used.
inline constexpr std::uint8_t lowest_priority = 1;
inline constexpr std::uint8_t highest_priority = 255;

[[nodiscard]] Reason because(Kind kind);
[[nodiscard]] Reason because(Kind kind, const Params& params, const AdvertReceived& advert);
[[nodiscard]] Reason because_late(Kind kind, Duration late);
[[nodiscard]] Reason because_blocked(const Blocked& blocked);
[[nodiscard]] Step keep(const State& state, Reason reason);
[[nodiscard]] Duration down_time(const Params& params, Duration master_interval);
[[nodiscard]] Backup fresh_backup(const Params& params, Duration master_interval, TimePoint now);
/// One interval and the skew of 255: the wait of whoever is entitled to be MASTER.
[[nodiscard]] TimePoint after_one_interval(const Params& params, TimePoint now);
[[nodiscard]] Step become_master(const Params& params, TimePoint now, Reason reason);

// ---- BACKUP
[[nodiscard]] Step advert_in_backup(const Params& params, const Backup& backup, const AdvertReceived& advert,
                                    TimePoint now);
[[nodiscard]] Step timer_in_backup(const Params& params, const Backup& backup, TimePoint now);
/// Goes on as the BACKUP of the run before. It heard nothing meanwhile, so it listens at least for as long as
/// a MASTER takes to be heard.
[[nodiscard]] Step resume_backup(const Params& params, const Backup& backup, TimePoint now);
[[nodiscard]] Step reconfigured_backup(const Params& params, const Backup& backup, const Params& before,
                                       TimePoint now);

// ---- MASTER
[[nodiscard]] Step leave_master(const Params& params, Duration master_interval, Reason reason, TimePoint now);
/// The end of leaving.
[[nodiscard]] Step left(Reason reason);
[[nodiscard]] Step begin_leaving(const Params& params, TimePoint now);
[[nodiscard]] Step hand_over(const Params& params, const State& state, TimePoint now);
[[nodiscard]] Step timer_in_master(const Params& params, const Master& master, TimePoint now);
[[nodiscard]] Step advert_in_master(const Params& params, const Master& master, const AdvertReceived& advert,
                                    TimePoint now);
/// Goes on as the MASTER of the run before; if that was silent for too long, it listens first.
[[nodiscard]] Step resume_master(const Params& params, const Master& master, TimePoint now);
[[nodiscard]] Step reconfigured_master(const Params& params, const Master& master, TimePoint now);

}  // namespace hald::vrrp::machine
