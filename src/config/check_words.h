// SPDX-License-Identifier: Apache-2.0
// The words that virtual servers, real servers and all kinds of checks have in common, as they are written,
// and their bindings. For the builders of checks and servers only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/binding.h"
#include "config/model_check.h"

namespace hald::config {

/// What one level (virtual server, real server, check) says about checking; the rest comes from further out.
struct RhythmWords {
  std::optional<Duration> delay_loop;
  std::optional<Duration> delay_before_retry;
  std::optional<Duration> connect_timeout;
  std::optional<Duration> warmup;
  std::optional<std::uint32_t> retry;
  std::optional<bool> alpha;

  /// This level, and where it is silent the level around it.
  [[nodiscard]] RhythmWords inside(const RhythmWords& outer) const;
};

/// Where a check goes to and comes from.
struct PathWords : RhythmWords {
  std::optional<Address> server;  ///< where it goes if no word says so
  std::optional<Address> connect_ip;
  std::optional<std::uint16_t> connect_port;
  std::optional<Address> bind_ip;
  Position bind_where;
  std::uint16_t bind_port = 0;
  std::string bind_interface;
  std::uint32_t mark = 0;
  bool log_all_failures = false;
};

void read_connect_ip(PathWords& into, const Node& node, Values& values);
void read_bindto(PathWords& into, const Node& node, Values& values);
void read_bind_if(PathWords& into, const Node& node, Values& values);
/// A port that is not 0.
void put_port(std::uint16_t port, const Keyword& keyword, Document& out);

/// A word that fills a member which T has from one of its bases.
template <typename T, auto Member>
constexpr Binding<T> word_of(std::string_view word) {
  return {word, [](T& into, const Node& node, Values& values) { take(values, node, into.*Member); },
          [](const T& from, const Keyword& keyword, Document& out) { put(from.*Member, keyword, out); }};
}

template <typename T>
std::vector<Binding<T>> rhythm_words() {
  return {word_of<T, &T::delay_loop>("delay_loop"), word_of<T, &T::delay_before_retry>("delay_before_retry"),
          word_of<T, &T::warmup>("warmup"), word_of<T, &T::retry>("retry"), word_of<T, &T::alpha>("alpha")};
}

/// Those of a check that uses the network.
template <typename T>
std::vector<Binding<T>> path_words() {
  std::vector<Binding<T>> rows{
      {"connect_ip", [](T& into, const Node& node, Values& values) { read_connect_ip(into, node, values); },
       [](const T& from, const Keyword& keyword, Document& out) { put(from.connect_ip, keyword, out); }},
      {"connect_port",
       [](T& into, const Node& node, Values& values) { take(values, node, into.connect_port); },
       [](const T& from, const Keyword& keyword, Document& out) {
         put_port(from.connect_port.value_or(0), keyword, out);
       }},
      {"bindto", [](T& into, const Node& node, Values& values) { read_bindto(into, node, values); },
       [](const T& from, const Keyword& keyword, Document& out) { put(from.bind_ip, keyword, out); }},
      {"bind_port", [](T& into, const Node& node, Values& values) { take(values, node, into.bind_port); },
       [](const T& from, const Keyword& keyword, Document& out) { put_port(from.bind_port, keyword, out); }},
      {"bind_if", [](T& into, const Node& node, Values& values) { read_bind_if(into, node, values); },
       [](const T& from, const Keyword& keyword, Document& out) { put(from.bind_interface, keyword, out); }},
      word_of<T, &T::mark>("fwmark"),
      word_of<T, &T::connect_timeout>("connect_timeout"),
      word_of<T, &T::log_all_failures>("log_all_failures")};
  const auto rhythm = rhythm_words<T>();
  rows.insert(rows.end(), rhythm.begin(), rhythm.end());
  return rows;
}

template <typename T>
std::vector<Binding<T>> joined(std::vector<Binding<T>> rows, const std::vector<Binding<T>>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

}  // namespace hald::config
