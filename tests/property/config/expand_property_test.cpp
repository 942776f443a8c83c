// SPDX-License-Identifier: Apache-2.0
// The preprocessor under random text that is full of macros, repetitions and includes: it ends, within its
// limits; every byte stands where it is said to have been written; and whatever is said about the text points
// into it. HALD_PROPERTY_RUNS and HALD_PROPERTY_SEED change how many and which.
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/expand.h"
#include "config/load.h"
#include "fakes/cpu_time.h"
#include "fakes/map_files.h"

namespace hald::config {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

/// Lines that a preprocessor has to do with, more often well-formed than not.
class Writer {
 public:
  explicit Writer(std::uint64_t seed) : random_(seed) {}

  std::string text() {
    std::string out;
    for (std::size_t i = 1 + below(14); i > 0; --i) out += line() + "\n";
    return out;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  template <std::size_t N>
  std::string one_of(const char* const (&choices)[N]) {
    return choices[below(N)];
  }
  std::string name() { return one_of({"A", "B", "C", "D", "_E", "IF"}); }

  std::string word() {
    switch (below(8)) {
      case 0: return "$" + name();
      case 1: return "${" + name() + "}";
      case 2: return "x${" + name() + "}y${" + name() + "}";
      case 3: return "\"q ${" + name() + "} r\"";
      case 4:
        return one_of({"${_HASH}", "${_BANG}", "${_PWD}", "${_ENV V}", "${_RANDOM 1 9}", "${_INSTANCE}"});
      case 5: return one_of({"{", "}", "#", "!", "\\", "\\#", "\"", "'", "$", "${", "~", "@node", "="});
      default:
        return one_of({"vrrp_instance", "interface", "eth0", "10.0.0.1", "1", "global_defs", "router_id"});
    }
  }
  std::string words(std::size_t most) {
    std::string out;
    for (std::size_t i = below(most + 1); i > 0; --i) out += word() + " ";
    return out;
  }
  std::string repeat() {
    const std::string number = one_of({"1", "2", "3", "-1", "0x2", "$A", "", "40", "99999999"});
    if (below(2) == 0) return "~SEQ" + one_of({"", "x"}) + "(" + name() + ", " + number + ", 3) ";
    return "~LST({" + name() + ", " + name() + "}, {1, $B}, {" + number + "}, {3, 4}) ";
  }
  std::string line() {
    const std::string front = one_of({"", "", "  ", "@node ", "@^node ", "} ", "{ "});
    switch (below(8)) {
      case 0: return front + "$" + name() + "=" + words(4);
      case 1: {
        std::string out = front + "$" + name() + "=" + words(2) + "\\";
        for (std::size_t i = below(5); i > 0; --i)
          out += "\n" + (below(3) == 0 ? repeat() : "") + words(4) + "\\";
        return out + "\n" + words(3);
      }
      case 2: return front + repeat() + (below(3) == 0 ? repeat() : "") + words(4);
      case 3:
        return front + one_of({"include ", "includem ", "includea "}) +
               one_of({"a", "b", "*", "{a,b}", "$A"});
      default: return front + words(5);
    }
  }

  std::mt19937_64 random_;
};

class ExpandProperty : public testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    Writer writer(GetParam());
    text_ = writer.text();
    files_.add("d/a", writer.text());
    files_.add("d/b", "$A=1\nb $A\ninclude a\n");
    files_.set_environment("V", "v $B # w");
    limits_.lines = 2'000;
    limits_.references = 5'000;
    limits_.bytes = 200'000;
    limits_.includes = 200;
  }

  std::string text_;
  fakes::MapFiles files_;
  ExpansionLimits limits_;
};

/// The byte at a place; 0 if there is none.
char byte_at(const std::vector<std::string_view>& texts, const Position& where) {
  if (where.file >= texts.size() || where.line == 0 || where.column == 0) return '\0';
  std::string_view rest = texts[where.file];
  for (std::uint32_t line = 1; line < where.line && !rest.empty(); ++line)
    rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
  return where.column <= rest.size() ? rest[where.column - 1] : '\0';
}

TEST_P(ExpandProperty, EveryByteStandsWhereItIsSaidToHaveBeenWritten) {
  SCOPED_TRACE(text_);
  Diagnostics diagnostics;
  Sources sources(diagnostics);
  ExpandOptions options;
  options.config_id = "node";
  options.limits = limits_;
  Expander expander(sources, files_, diagnostics, options);
  expander.open(sources.add("d/main", text_));
  std::size_t lines = 0;
  for (Line line; expander.next(line); ++lines) {
    ASSERT_FALSE(line.text.empty());
    ASSERT_LE(line.text.size(), Substituter::kMaxLine);
    ASSERT_EQ(line.expansion, 0U);
    if (line.text.ends_with('\\')) continue;  // it may have moved
    const auto pieces = diagnostics.origins().pieces_of(line);
    const auto texts = sources.texts();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (pieces[i].whole) continue;
      const std::size_t end = i + 1 < pieces.size() ? pieces[i + 1].begin : line.text.size();
      for (std::size_t at = pieces[i].begin; at < end; ++at)
        ASSERT_EQ(byte_at(texts, origin_at(pieces, at).spelled), line.text[at]) << line.text << " at " << at;
    }
  }
  EXPECT_LE(lines, limits_.lines + 1'000);
}

TEST_P(ExpandProperty, WhateverIsSaidPointsIntoTheText) {
  SCOPED_TRACE(text_);
  LoadOptions options;
  options.config_id = "node";
  options.files = &files_;
  options.limits = limits_;
  options.random_seed = GetParam();
  const double start = fakes::cpu_seconds();
  const Loaded loaded = load_text(text_, "d/main", options);
  EXPECT_LT(fakes::cpu_seconds() - start, 2.0);
  const auto& files = loaded.diagnostics.files();
  for (const Diagnostic& each : loaded.diagnostics.all()) {
    ASSERT_LT(each.where.file, files.size()) << each.message;
    EXPECT_EQ(each.where.line > 0, !each.excerpt.text.empty()) << each.message;
    for (const Remark& remark : each.remarks) {
      ASSERT_LT(remark.where.file, files.size()) << remark.message;
      EXPECT_EQ(remark.where.line > 0, !remark.excerpt.text.empty()) << remark.message;
    }
  }
  // The same text, read again, says the same.
  EXPECT_EQ(load_text(text_, "d/main", options).diagnostics.all().size(), loaded.diagnostics.all().size());
}

INSTANTIATE_TEST_SUITE_P(Seeds, ExpandProperty,
                         testing::Range(from_environment("HALD_PROPERTY_SEED", 1),
                                        from_environment("HALD_PROPERTY_SEED", 1) +
                                            from_environment("HALD_PROPERTY_RUNS", 500)));

}  // namespace
}  // namespace hald::config
