// SPDX-License-Identifier: Apache-2.0
// Catalogue: what each diagnostic code means, why it matters and how keepalived treats the same text, with an
// example of how not to write it and how to. `haldctl explain` prints it, `haldctl check --compat` asks it
// what keepalived would read differently. Every code of codes.h has an entry, and every example is tried by a
// test: the bad text must yield its code and the mended one must not.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hald::config {

/// Where an example belongs: what has to be around it to make a file of it.
enum class Around : std::uint8_t {
  Nothing,   ///< it is a file
  Global,    ///< in global_defs
  Instance,  ///< in a vrrp_instance that has all it needs
  Service,   ///< in a virtual_server that has all it needs
  Server,    ///< in a real_server that has all it needs
  NotText    ///< it is no configuration; no test can load it
};

/// How keepalived reads the text that hald complains about.
enum class Reading : std::uint8_t {
  Alike,     ///< to the same effect
  Otherwise  ///< to another effect; `keepalived` says which
};

struct Explanation {
  std::string_view code;
  std::string_view title;       ///< a few words, no full stop
  std::string_view meaning;     ///< what was found, and what hald does about it
  std::string_view why;         ///< what could go wrong
  std::string_view keepalived;  ///< what keepalived makes of it
  Reading reading = Reading::Alike;
  Around around = Around::Nothing;
  std::string_view bad;
  std::string_view mended;
};

/// In the order of the sections of codes.h.
[[nodiscard]] const std::vector<Explanation>& catalogue();
/// Null if there is no such code.
[[nodiscard]] const Explanation* explain(std::string_view code);
/// A whole configuration with `example` in its place.
[[nodiscard]] std::string whole_file(Around around, std::string_view example);

/// The entries, one file for each section. For catalogue.cpp only.
namespace entries {
[[nodiscard]] std::span<const Explanation> files();
[[nodiscard]] std::span<const Explanation> macros();
[[nodiscard]] std::span<const Explanation> words();
[[nodiscard]] std::span<const Explanation> values();
[[nodiscard]] std::span<const Explanation> scripts();
[[nodiscard]] std::span<const Explanation> lint();
[[nodiscard]] std::span<const Explanation> routes();
[[nodiscard]] std::span<const Explanation> routers();
[[nodiscard]] std::span<const Explanation> groups();
[[nodiscard]] std::span<const Explanation> servers();
}  // namespace entries

}  // namespace hald::config
