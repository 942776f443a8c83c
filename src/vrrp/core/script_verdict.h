// SPDX-License-Identifier: Apache-2.0
// From the results of a tracked script to whether it is good: `rise` good ones in a row make it good, `fall`
// bad ones bad, and the very first result decides by itself. Rules: keepalived's (keepalived.conf(5),
// "vrrp_script").
#pragma once

namespace hald::vrrp {

struct ScriptParams {
  unsigned rise = 1;
  unsigned fall = 1;
};

struct ScriptVerdict {
  bool known = false;  ///< there was a result, or init_fail stands for one
  bool good = false;
  unsigned against = 0;  ///< results in a row that speak against it
  friend bool operator==(const ScriptVerdict&, const ScriptVerdict&) = default;
};

/// Before the first result. With init_fail it is bad, and takes `rise` good results to become good.
[[nodiscard]] constexpr ScriptVerdict first_verdict(bool init_fail) {
  return {init_fail, false, 0};
}

[[nodiscard]] constexpr ScriptVerdict fold(const ScriptParams& params, const ScriptVerdict& verdict,
                                           bool succeeded) {
  if (!verdict.known) return {true, succeeded, 0};
  if (verdict.good == succeeded) return {true, verdict.good, 0};
  const unsigned against = verdict.against + 1;
  if (against < (verdict.good ? params.fall : params.rise)) return {true, verdict.good, against};
  return {true, succeeded, 0};
}

}  // namespace hald::vrrp
