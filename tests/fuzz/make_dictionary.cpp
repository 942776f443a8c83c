// SPDX-License-Identifier: Apache-2.0
// Prints the keyword table as a dictionary for libFuzzer: every word, the values that words may take, and
// what the preprocessor looks for. Made anew with every build, so that it cannot fall behind the table.
#include <cstdio>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "config/keywords.h"

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    const bool plain = code >= ' ' && code < 0x7f && byte != '"' && byte != '\\';
    out += plain ? std::string(1, byte) : fmt::format("\\x{:02x}", code);
  }
  return out + '"';
}

}  // namespace

int main() {
  std::set<std::string> words{"{\n",
                              "}\n",
                              "\n",
                              "\"",
                              "'",
                              "!",
                              "\\\n",
                              "@host ",
                              "@^host ",
                              "$A=",
                              "$A",
                              "${A}",
                              "${_ENV B}",
                              "${_PWD}",
                              "${_HASH}",
                              "${_BANG}",
                              "${_INSTANCE}",
                              "${_RANDOM 1 9}",
                              "~SEQ(A, 1, 3) ",
                              "~LST(A, x, y) ",
                              "include b",
                              "10.0.0.3",
                              "2001:db8::3",
                              "10.0.0.3/24",
                              "eth0",
                              "\n=== b\n",
                              "\n=== $B\n"};
  for (const auto& block : hald::config::all_blocks()) {
    for (const auto& keyword : block.words) {
      words.insert(std::string(keyword.name) + ' ');
      for (const auto choice : keyword.choices) words.insert(std::string(choice));
    }
  }
  for (const std::string& word : words) fmt::print("{}\n", quoted(word));
}
