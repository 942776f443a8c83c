// SPDX-License-Identifier: Apache-2.0
// HttpHead: what the head of an HTTP answer says, as far as a check wants to know.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hald::checker {

struct HttpHead {
  unsigned status = 0;                  ///< 0: the first line is none
  std::optional<std::uint64_t> length;  ///< Content-Length, if there is one number
};

/// The octets up to the first empty line and with it; nothing while there is none. `from` is where to look
/// from on, because all before was looked at.
[[nodiscard]] std::optional<std::size_t> head_size(std::string_view text, std::size_t from);

/// `head` without its empty line. Total: any octets give some answer.
[[nodiscard]] HttpHead parse_head(std::string_view head);

}  // namespace hald::checker
