// SPDX-License-Identifier: Apache-2.0
// Overloaded: the usual helper that makes std::visit read like a switch over a variant.
#pragma once

namespace hald {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
// clang 14 does not deduce aggregates by itself.
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace hald
