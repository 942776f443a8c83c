// SPDX-License-Identifier: Apache-2.0
// The regex words of a url: what the body is searched for. The pattern is compiled here only to see whether
// it can be.
#pragma once

#include <optional>

#include "config/document.h"
#include "config/model_check.h"
#include "config/tree.h"
#include "config/values.h"

namespace hald::config {

/// As written; `body.pattern` is of no use before `pattern` has a place.
struct RegexWords {
  BodyPattern body;
  Word pattern;     // line 0: there is none
  Position others;  // of the first word that is of no use without a pattern
};

void read_regex(RegexWords& into, const Node& node, Values& values);
void read_regex_no_match(RegexWords& into, const Node& node, Values& values);
void read_regex_options(RegexWords& into, const Node& node, Values& values);
void read_regex_min_offset(RegexWords& into, const Node& node, Values& values);
void read_regex_max_offset(RegexWords& into, const Node& node, Values& values);
void read_regex_stack(RegexWords& into, const Node& node, Values& values);

/// Nothing if there is no pattern, or a bad one.
[[nodiscard]] std::optional<BodyPattern> settle_regex(const RegexWords& words, Values& values);

/// One of the words above, if it says anything.
void print_regex_word(const BodyPattern& body, const Keyword& keyword, Document& out);

}  // namespace hald::config
