// SPDX-License-Identifier: Apache-2.0
// Completing a vrrp_instance: which authentication can be had.
#include <algorithm>
#include <utility>

#include "config/codes.h"
#include "config/complete_vrrp.h"

namespace hald::config {

void Completion::authentication() {
  if (!draft_.auth_type) return;
  const auto refuse = [this](std::string_view code, std::string message) {
    error("authentication", code, std::move(message));
  };
  const bool ah = draft_.auth_type == AuthType::Ah;
  if (out_.strict) {
    refuse(code::kAuthIgnored, "strict mode has no authentication: it is ignored");
  } else if (out_.version == 3) {
    refuse(code::kAuthIgnored, "VRRP version 3 has no authentication: it is ignored");
  } else if (draft_.auth_password.value_or("").empty()) {
    refuse(code::kNoPassword, "authentication without a password: it is ignored");
  } else {
    out_.auth_type = *draft_.auth_type;
    out_.auth_password = std::move(*draft_.auth_password);
  }
  if (out_.auth_type == AuthType::None || !ah || !is_master() || is_owner()) return;
  error("state", code::kStateConflict,
        "with AH authentication an instance listens first: state MASTER is ignored", "write state BACKUP");
  out_.initial_state = InitialState::Backup;
}

void Completion::auth_hmac() {
  if (!out_.auth_hmac) return;
  HmacAuth& auth = *out_.auth_hmac;
  if (out_.auth_type != AuthType::None) {
    error("authentication", code::kAuthIgnored, "`authentication` gives way to `auth_hmac`: it is ignored")
        .see(draft_.place_of("auth_hmac"), "it is here");
    out_.auth_type = AuthType::None;
    out_.auth_password.clear();
  }
  const bool known = std::any_of(auth.keys.begin(), auth.keys.end(),
                                 [&](const HmacAuth::Key& key) { return key.id == auth.active_key; });
  if (!known) {
    error("auth_hmac", code::kAuthIgnored, "there is no key that `active_key` names: auth_hmac is ignored",
          "active_key ID names the key that signs");
    out_.auth_hmac.reset();
    return;
  }
  if (out_.strict && auth.mode != HmacAuth::Mode::Enforce) {
    error("auth_hmac", code::kStrict, "in strict mode `auth_hmac` enforces: its `mode` is ignored");
    auth.mode = HmacAuth::Mode::Enforce;
  }
  using std::chrono::seconds;
  if (!auth.by_time || auth.time_window > Duration::zero()) return;
  const auto three = 3 * std::chrono::duration_cast<seconds>(out_.advert_interval);
  auth.time_window = std::clamp<seconds>(three, seconds(5), seconds(300));
}

}  // namespace hald::config
