// SPDX-License-Identifier: Apache-2.0
// Regex: a pattern of PCRE2, and the one table of its options. A search costs a limited amount of time and
// memory, whatever the pattern and the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

struct pcre2_real_code_8;

namespace hald {

/// The words of regex_options; bit n of an option set is word n.
[[nodiscard]] std::span<const std::string_view> regex_option_words();

class Regex {
 public:
  struct Failure {
    std::size_t at = 0;  ///< octet of the pattern
    std::string text;
  };
  struct Search {
    std::optional<std::size_t> start{};  ///< of the match
    std::string failure{};               ///< not empty: could not be finished
  };

  /// Nothing if it is none; `failure` then says why.
  [[nodiscard]] static std::optional<Regex> compile(std::string_view pattern, std::uint32_t options,
                                                    Failure& failure);
  /// The first match that starts at or behind `from`. `stack`: of the JIT, at first and at most.
  [[nodiscard]] Search search(std::string_view text, std::size_t from,
                              const std::optional<std::pair<std::uint64_t, std::uint64_t>>& stack) const;

 private:
  using Code = std::shared_ptr<pcre2_real_code_8>;
  explicit Regex(Code code) : code_(std::move(code)) {}
  Code code_;
};

}  // namespace hald
