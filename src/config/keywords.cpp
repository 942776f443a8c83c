// SPDX-License-Identifier: Apache-2.0
#include "config/keywords.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace hald::config {
namespace {

constexpr std::size_t kLongestWord = 40;  // no keyword is longer, so no longer word is a typo of one

char lower(char byte) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
}

/// Edits that turn `a` into `b`: a byte more, less, other, or two swapped. Case does not count.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, kLongestWord + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], rows[(i + 1) % 3][j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

/// Keeps the best of the words it is shown.
class Nearest {
 public:
  explicit Nearest(std::string_view written)
      : written_(written), best_distance_(written.size() < 3 ? 1 : written.size() / 3 + 1) {}

  void offer(std::string_view word) {
    if (written_.size() > kLongestWord || word.size() > kLongestWord) return;
    const std::size_t gap =
        word.size() > written_.size() ? word.size() - written_.size() : written_.size() - word.size();
    if (gap >= best_distance_) return;
    const std::size_t found = distance(written_, word);
    if (found >= best_distance_) return;
    best_distance_ = found;
    best_ = word;
  }
  [[nodiscard]] std::string_view best() const { return best_; }

 private:
  std::string_view written_;
  std::string_view best_;
  std::size_t best_distance_;  // only nearer ones are taken
};

std::string seconds_text(std::int64_t microseconds) {
  if (microseconds % 1'000'000 == 0) return std::to_string(microseconds / 1'000'000);
  std::string out = fmt::format("{}.{:06}", microseconds / 1'000'000, microseconds % 1'000'000);
  out.erase(out.find_last_not_of('0') + 1);
  return out;
}

}  // namespace

std::span<const Block> all_blocks() {
  static const std::array kBlocks{
      Block{BlockId::Root, "", rows::root(), false},
      Block{BlockId::GlobalDefs, "global_defs", rows::global_defs(), false},
      Block{BlockId::VrrpInstance, "vrrp_instance", rows::vrrp_instance(), false},
      Block{BlockId::Authentication, "authentication", rows::authentication(), false},
      Block{BlockId::VirtualIpaddress, "virtual_ipaddress", rows::virtual_ipaddress(), true},
      Block{BlockId::VirtualServer, "virtual_server", rows::virtual_server(), false},
      Block{BlockId::RealServer, "real_server", rows::real_server(), false},
      Block{BlockId::TcpCheck, "TCP_CHECK", rows::tcp_check(), false},
  };
  return kBlocks;
}

const Block& block_of(BlockId id) {
  // The table is in the order of the enumeration, whose first value is None.
  return all_blocks()[static_cast<std::size_t>(id) - 1];
}

const Keyword* find_keyword(const Block& block, std::string_view name) {
  for (const Keyword& keyword : block.words) {
    if (keyword.name == name) return &keyword;
  }
  return nullptr;
}

bool only_at_top(std::string_view name) {
  if (find_keyword(block_of(BlockId::Root), name) == nullptr) return false;
  const auto inner = all_blocks().subspan(1);
  return std::none_of(inner.begin(), inner.end(),
                      [name](const Block& block) { return find_keyword(block, name) != nullptr; });
}

const Block* home_of(std::string_view name) {
  for (const Block& block : all_blocks()) {
    if (!block.lines && find_keyword(block, name) != nullptr) return &block;
  }
  return nullptr;
}

std::string_view nearest_word(const Block& block, std::string_view written) {
  Nearest nearest(written);
  for (const Keyword& keyword : block.words) {
    if (keyword.instead.empty()) nearest.offer(keyword.name);
  }
  return nearest.best();
}

std::string_view nearest(std::span<const std::string_view> choices, std::string_view written) {
  Nearest nearest(written);
  for (const std::string_view choice : choices) nearest.offer(choice);
  return nearest.best();
}

std::string range_text(const Keyword& keyword) {
  if (keyword.type == ValueType::Number) return fmt::format("{}..{}", keyword.range.min, keyword.range.max);
  if (keyword.type != ValueType::Time) return {};
  return fmt::format("{}..{}", seconds_text(keyword.range.min), seconds_text(keyword.range.max));
}

}  // namespace hald::config
