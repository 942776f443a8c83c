// SPDX-License-Identifier: Apache-2.0
// The lines of routes and rules: route_line.cpp and rule_line.cpp read them, print_route.cpp prints them.
#pragma once

#include <optional>
#include <span>

#include "config/document.h"
#include "config/ip_line.h"
#include "config/model_route.h"

namespace hald::config {

/// Nothing if the line cannot be used.
[[nodiscard]] std::optional<Route> read_route(std::span<const Word> words, const IpLineContext& context,
                                              Values& values);
/// `needs_priority` is set if the rule has none of its own.
[[nodiscard]] std::optional<Rule> read_rule(std::span<const Word> words, const IpLineContext& context,
                                            bool& needs_priority, Values& values);

/// The words behind `encap`; nothing, with an error, if they make no sense.
class EncapReader {
 public:
  EncapReader(LineWords& words, RouteNames& names, Values& values)
      : words_(words), names_(names), values_(values) {}
  [[nodiscard]] std::optional<Encapsulation> read(const Word& encap);

 private:
  std::optional<Encapsulation> ip(const Word& type, Family family);
  bool ip_option(const Word& option, const Word& word, IpEncapsulation& out);
  bool ip_address(const Word& word, Family family, std::optional<Address>& into);
  std::optional<Encapsulation> mpls(const Word& type);
  std::optional<Encapsulation> ila(const Word& type);
  void bad(const Word& word, std::string message, std::string help = {});

  LineWords& words_;
  RouteNames& names_;
  Values& values_;
};

[[nodiscard]] Item item_of(const Route& route);
[[nodiscard]] Item item_of(const Rule& rule);
/// Nothing without an encapsulation.
void print_encapsulation(const Encapsulation& encapsulation, Document& out);

}  // namespace hald::config
