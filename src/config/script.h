// SPDX-License-Identifier: Apache-2.0
// How a command is read from a statement and printed: CMD [USER [GROUP]], where CMD is one word that holds
// the program and its arguments (config/quoting.h).
#pragma once

#include "config/document.h"
#include "config/keywords.h"
#include "config/model_script.h"
#include "config/tree.h"
#include "config/values.h"

namespace hald::config {

/// A statement of ValueType::Command. False if there is none to be used.
bool take(Values& values, const Node& node, Command& into);
/// USER [GROUP]
bool take(Values& values, const Node& node, RunAs& into);
/// Nothing if there is no command, or no user.
void put(const Command& from, const Keyword& keyword, Document& out);
void put(const RunAs& from, const Keyword& keyword, Document& out);

}  // namespace hald::config
