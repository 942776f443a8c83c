// SPDX-License-Identifier: Apache-2.0
// Predefined: the macros that need no definition, such as ${_ENV NAME}. What they stand for comes from the
// surroundings: the file that is read, the environment, a random number. A definition of the same name in
// the file goes before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/files.h"

namespace hald::config {

class Predefined {
 public:
  enum class Name : std::uint8_t { Pwd, Instance, Random, Env, Hash, Bang };
  struct Value {
    std::string text;
    std::string fault;  ///< not empty: why the reference cannot be replaced, or what was assumed
    bool usable = true;
  };

  Predefined(const Files& files, std::string config_id, std::uint64_t seed);

  [[nodiscard]] static std::optional<Name> find(std::string_view name);
  /// `path` is the file that the reference is read from.
  Value value(Name name, std::string_view parameters, const std::string& path);
  void seed(std::uint64_t value) { random_ = value; }

 private:
  const std::string& directory(const std::string& path);
  Value random(std::string_view parameters);
  std::uint64_t next_random();

  const Files& files_;
  std::string config_id_;
  std::uint64_t random_;
  std::string path_;  // whose directory is known
  std::string directory_;
};

}  // namespace hald::config
