// SPDX-License-Identifier: Apache-2.0
#include "config/predefined.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/line.h"

namespace hald::config {
namespace {

constexpr std::uint64_t kMaxRandom = INT64_MAX;

struct Row {
  std::string_view word;
  Predefined::Name name;
  std::size_t least = 0;  // parameters
  std::size_t most = 0;
};
using Name = Predefined::Name;
constexpr std::array kRows{Row{"_PWD", Name::Pwd, 0, 0},       Row{"_INSTANCE", Name::Instance, 0, 0},
                           Row{"_RANDOM", Name::Random, 0, 2}, Row{"_ENV", Name::Env, 1, 1},
                           Row{"_HASH", Name::Hash, 0, 0},     Row{"_BANG", Name::Bang, 0, 0}};

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (text = without_leading_blanks(text); !text.empty(); text = without_leading_blanks(text)) {
    out.push_back(first_word(text));
    text.remove_prefix(out.back().size());
  }
  return out;
}

std::optional<std::uint64_t> bound(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value > kMaxRandom) return {};
  return value;
}

Predefined::Value refusal(std::string why) {
  return {{}, std::move(why), false};
}

}  // namespace

Predefined::Predefined(const Files& files, std::string config_id, std::uint64_t seed)
    : files_(files), config_id_(std::move(config_id)), random_(seed) {}

std::optional<Predefined::Name> Predefined::find(std::string_view name) {
  const auto* row =
      std::find_if(kRows.begin(), kRows.end(), [name](const Row& each) { return each.word == name; });
  if (row == kRows.end()) return {};
  return row->name;
}

Predefined::Value Predefined::value(Name name, std::string_view parameters, const std::string& path) {
  const Row& row = kRows[static_cast<std::size_t>(name)];
  const auto words = words_of(parameters);
  if (words.size() < row.least) return refusal(fmt::format("{} needs a parameter", row.word));
  if (words.size() > row.most) {
    return refusal(row.most == 0 ? fmt::format("{} takes no parameters", row.word)
                                 : fmt::format("{} takes {} parameter{} at most", row.word, row.most,
                                               row.most == 1 ? "" : "s"));
  }
  switch (name) {
    case Name::Pwd: return {directory(path), {}};
    case Name::Instance: return {config_id_, {}};
    case Name::Random: return random(parameters);
    case Name::Env: return {files_.environment(std::string(words[0])).value_or(std::string{}), {}};
    case Name::Hash: return {"#", {}};
    case Name::Bang: return {"!", {}};
  }
  return {};
}

const std::string& Predefined::directory(const std::string& path) {
  if (path != path_ || directory_.empty()) {
    path_ = path;
    directory_ = files_.directory(path);
  }
  return directory_;
}

Predefined::Value Predefined::random(std::string_view parameters) {
  const auto words = words_of(parameters);
  const auto least = words.empty() ? 0 : bound(words[0]);
  auto most = words.size() < 2 ? 32767 : bound(words[1]);
  if (!least || !most) return refusal("_RANDOM takes whole numbers");
  Value out;
  if (*least > *most) {
    out.fault = fmt::format("the least value {} is above the most, {}: it is {}", *least, *most, *least);
    most = least;
  }
  out.text = std::to_string(*least + next_random() % (*most - *least + 1));
  return out;
}

/// SplitMix64: short, and its sequence depends on the seed alone.
std::uint64_t Predefined::next_random() {
  random_ += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = random_;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31U);
}

}  // namespace hald::config
