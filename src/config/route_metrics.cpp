// SPDX-License-Identifier: Apache-2.0
#include "config/route_metrics.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::string_view kLineIgnored = "the line is ignored";
constexpr std::uint64_t kLeastMs = 200;  // what the kernel allows for retransmission
constexpr std::uint64_t kMostMs = 120'000;

struct MetricRow {
  std::string_view word;
  std::optional<RouteMetric> RouteMetrics::*member;
  bool lockable;
  unsigned units_per_ms;  // of times; 0: a plain number
};
constexpr std::array kRows{MetricRow{"mtu", &RouteMetrics::mtu, true, 0},
                           MetricRow{"hoplimit", &RouteMetrics::hop_limit, false, 0},
                           MetricRow{"advmss", &RouteMetrics::advmss, true, 0},
                           MetricRow{"rtt", &RouteMetrics::rtt, true, 8},
                           MetricRow{"rttvar", &RouteMetrics::rttvar, true, 4},
                           MetricRow{"rto_min", &RouteMetrics::rto_min, true, 1},
                           MetricRow{"reordering", &RouteMetrics::reordering, true, 0},
                           MetricRow{"window", &RouteMetrics::window, false, 0},
                           MetricRow{"cwnd", &RouteMetrics::cwnd, true, 0},
                           MetricRow{"ssthresh", &RouteMetrics::ssthresh, true, 0},
                           MetricRow{"initcwnd", &RouteMetrics::initcwnd, false, 0},
                           MetricRow{"initrwnd", &RouteMetrics::initrwnd, false, 0},
                           MetricRow{"quickack", &RouteMetrics::quickack, false, 0},
                           MetricRow{"fastopen_no_cookie", &RouteMetrics::fastopen_no_cookie, false, 0}};

/// How a time is written: a number and, in letters of any case, s, sec or secs, or the same behind an m.
struct Time {
  std::string_view number;
  bool has_unit = false;
  unsigned places = 0;  ///< of decimals that count: 3 for seconds
};

std::optional<Time> split_time(std::string_view text) {
  const auto unit_at = text.find_first_of("sS");
  if (unit_at == std::string_view::npos) return Time{text, false, 0};
  std::string unit(text.substr(unit_at));
  std::transform(unit.begin(), unit.end(), unit.begin(),
                 [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  if (unit != "s" && unit != "sec" && unit != "secs") return {};
  std::string_view number = text.substr(0, unit_at);
  const bool is_ms = number.ends_with('m') || number.ends_with('M');
  if (is_ms) number.remove_suffix(1);
  if (number.empty()) return {};
  return Time{number, true, is_ms ? 0U : 3U};
}

/// The number with its decimals moved before the point; nothing if it has more of them, or is none.
std::optional<std::uint64_t> shifted(std::string_view text, unsigned places) {
  const auto point = std::min(text.find('.'), text.size());
  std::string digits(text.substr(0, point));
  const std::string_view decimals = text.substr(std::min(point + 1, text.size()));
  if (decimals.size() > places) return {};
  digits += decimals;
  digits.append(places - decimals.size(), '0');
  const auto value = parse_whole(digits);
  if (!value || *value < 0) return {};
  return static_cast<std::uint64_t>(*value);
}

/// In the kernel's units, within the kernel's limits.
std::optional<std::uint32_t> read_time(const Word& word, const MetricRow& row, Values& values) {
  const std::uint64_t most = kMostMs * row.units_per_ms;
  const std::uint64_t least = kLeastMs * row.units_per_ms;
  const auto time = split_time(word.text);
  auto value = time ? shifted(time->number, time->places) : std::nullopt;
  if (!value || *value > most) {
    values.diagnostics().error(
        word.where(), code::kBadTime,
        fmt::format("{} is no time for {}: {}", quote(word.text), quote(row.word), kLineIgnored),
        fmt::format("seconds such as 0.5s, milliseconds such as 500ms, or a number of "
                    "1/{} ms, up to {} s",
                    row.units_per_ms, kMostMs / 1000));
    return {};
  }
  if (time->has_unit) *value *= row.units_per_ms;
  const std::uint64_t used = std::clamp(*value, least, most);
  if (used != *value) {
    values.diagnostics().error(word.where(), code::kOutOfRange,
                               fmt::format("{} is out of range for {}: {} ms is used", quote(word.text),
                                           quote(row.word), used / row.units_per_ms),
                               fmt::format("{} ms to {} s", kLeastMs, kMostMs / 1000));
  }
  return static_cast<std::uint32_t>(used);
}

}  // namespace

std::optional<bool> read_metric(const Word& option, LineWords& words, RouteMetrics& into, Values& values) {
  const auto* row = std::find_if(kRows.begin(), kRows.end(),
                                 [&](const MetricRow& each) { return each.word == option.text; });
  if (row == kRows.end()) return {};
  const Keyword& keyword = *find_keyword(block_of(BlockId::VirtualRoutes), row->word);
  RouteMetric out;
  out.locked = row->lockable && words.take_if("lock");
  if (words.done()) {
    report_missing_value(option, keyword, kLineIgnored, values);
    return false;
  }
  const Word& word = words.take();
  if (row->units_per_ms > 0) {
    const auto time = read_time(word, *row, values);
    if (!time) return false;
    out.value = *time;
  } else {
    const auto number = values.number(word, keyword);
    if (!number) return false;
    out.value = static_cast<std::uint32_t>(*number);
  }
  into.*(row->member) = out;
  return true;
}

void print_metrics(const RouteMetrics& metrics, Document& out) {
  for (const MetricRow& row : kRows) {
    const auto& metric = metrics.*(row.member);
    if (!metric) continue;
    Item item = statement(row.word, {});
    if (metric->locked) item.values.emplace_back(std::string("lock"));
    item.values.emplace_back(static_cast<std::int64_t>(metric->value));
    out.push_back(std::move(item));
  }
  if (metrics.ecn) out.push_back(statement("features", {std::string("ecn")}));
  if (metrics.congestion_control.empty()) return;
  Item item = statement("congctl", {});
  if (metrics.congestion_control_locked) item.values.emplace_back(std::string("lock"));
  item.values.emplace_back(metrics.congestion_control);
  out.push_back(std::move(item));
}

}  // namespace hald::config
