// SPDX-License-Identifier: Apache-2.0
// Catalogue: macros and repeated lines.
#include <array>

#include "config/catalogue.h"
#include "config/codes.h"

namespace hald::config::entries {

std::span<const Explanation> macros() {
  static constexpr std::array kEntries{
      Explanation{code::kMacroRecursion, "a macro that stands for itself",
                  "The value of a macro leads back to the macro, or macros are nested too deeply. The line "
                  "is ignored.",
                  "Replacing it would never end.",
                  "It replaces without end: the process hangs, or grows until it is killed.",
                  Reading::Otherwise, Around::Global, "    $NAME=$NAME\n    router_id $NAME",
                  "    $NAME=lb01\n    router_id $NAME"},
      Explanation{
          code::kExpansionLimit, "more text than a configuration can be",
          "Macros and repeated lines make more lines, longer ones or more references than the limits of "
          "hald.conf(5) allow. What goes beyond them is left out.",
          "A few lines that multiply can ask for more than any machine holds.",
          "It knows no limit but the length of a line.", Reading::Otherwise, Around::Global,
          "    $A=0123456789012345678901234567890123456789\n    $B=${A}${A}${A}${A}${A}${A}\n"
          "    $C=${B}${B}${B}${B}${B}${B}\n    router_id $C",
          "    $A=0123456789012345678901234567890123456789\n    router_id $A"},
      Explanation{
          code::kUndefinedMacro, "a macro that is not defined",
          "A reference has no definition above it, or cannot be replaced where it stands: a macro of several "
          "lines must be the last on its line. The text stays as it is.",
          "A name was mistyped, or is defined too late.",
          "It leaves the text as it is too, but takes the braces of ${NAME} for those of a block.",
          Reading::Otherwise, Around::Global, "    router_id ${NAME}",
          "    $NAME=lb01\n    router_id ${NAME}"},
      Explanation{code::kBadReference, "wrong parameters of a predefined macro",
                  "A predefined macro has parameters that it does not take, or lacks those it needs. It is "
                  "left as it "
                  "is; where only the bounds are reversed, the lower one is taken.",
                  "What the line would have said is not known.",
                  "The same; without its parameter ${_ENV} crashes it.", Reading::Alike, Around::Global,
                  "    router_id lb${_RANDOM 9 1}", "    router_id lb${_RANDOM 1 9}"},
      Explanation{
          code::kBadSequence, "a line that cannot be repeated",
          "What stands in the parentheses of ~SEQ or ~LST cannot be understood, or never leads from the "
          "first "
          "number to the last. The line is left out. It is a warning where something was only assumed.",
          "Whatever the lines would have configured is missing.",
          "The same; a number or a name that it cannot read is taken for 0 or for nothing.", Reading::Alike,
          Around::Global, "    ~SEQ(N, 1, -1, 3) router_id $N", "    ~SEQ(N, 3, -1, 1) router_id $N"},
      Explanation{code::kSecondId, "two nodes named before one line",
                  "Behind @ID there is a second one. The line is left out.",
                  "Only one is compared; what two should mean is nowhere defined.",
                  "It takes the second one for an unknown word.", Reading::Otherwise, Around::Global,
                  "    @^lb01 @^lb02 router_id lb03", "    @^lb01 router_id lb03"},
      Explanation{
          code::kEscapedComment, "a comment character behind a backslash",
          "A backslash keeps a ! or # outside of quotes from beginning a comment. hald reads the character.",
          "keepalived 2.4.3 does not: two routers with one file would differ in what follows, a password "
          "for example.",
          "Its parent process reads the character; the processes for VRRP and checks read a copy in which "
          "the backslash is gone, so that a comment begins.",
          Reading::Otherwise, Around::Global, "    router_id lb\\#1", "    router_id \"lb#1\""},
      Explanation{
          code::kMisread, "a line that keepalived would misread",
          "The line is read as it is meant. keepalived 2.4.3 would read something else or read it twice: an "
          "@ID, a ~SEQ, ~LST or definition that comes first in a macro, or an include that does not begin "
          "its line.",
          "A file for both programs should not depend on it.",
          "It does not look at the first line of a macro again, and its processes find such an include "
          "once more in their copy of the configuration.",
          Reading::Otherwise, Around::Global, "    $LINE=~SEQ(N, 1, 2) router_id $N\n    $LINE",
          "    ~SEQ(N, 1, 2) router_id $N"},
  };
  return kEntries;
}

}  // namespace hald::config::entries
