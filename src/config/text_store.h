// SPDX-License-Identifier: Apache-2.0
// TextStore: text that lives as long as the loading of a configuration, since words are views of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace hald::config {

class TextStore {
 public:
  TextStore() = default;
  TextStore(const TextStore&) = delete;
  TextStore& operator=(const TextStore&) = delete;

  std::string_view keep(std::string_view text) {
    if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < text.size()) {
      blocks_.emplace_back().reserve(std::max(kBlock, text.size()));
    }
    std::string& block = blocks_.back();
    const std::size_t at = block.size();
    block += text;  // fits, so that the block stays where it is
    bytes_ += text.size();
    return std::string_view(block).substr(at);
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kBlock = 64UL << 10U;

  std::deque<std::string> blocks_;
  std::size_t bytes_ = 0;
};

}  // namespace hald::config
