// SPDX-License-Identifier: Apache-2.0
// Place: where in the text a part of the model was written. For messages only.
#pragma once

#include "config/diagnostics.h"

namespace hald::config {

/// Any two are equal: where a setting stands is no setting, and comparing two configurations must not see it.
struct Place : Position {
  constexpr Place() = default;
  constexpr Place(Position position) : Position(position) {}  // NOLINT(google-explicit-constructor)
  friend constexpr bool operator==(const Place&, const Place&) { return true; }
};

}  // namespace hald::config
