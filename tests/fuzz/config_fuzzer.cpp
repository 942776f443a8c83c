// SPDX-License-Identifier: Apache-2.0
// A text the whole way: lines, words, model, messages in every format, and the model printed and read again.
// Any text loads to something, or to messages that can be shown, and what is printed of a configuration
// parses to the same one. The input may hold several files: a line `=== NAME` begins another one, which the
// first may include; `=== $NAME` begins the value of a variable of the environment.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/delta.h"
#include "config/load.h"
#include "config/render.h"
#include "fakes/map_files.h"
#include "fakes/round_trip.h"

namespace {

constexpr std::string_view kMark = "\n=== ";

/// Takes the first text off `rest`; what follows the mark stays.
std::string_view take_text(std::string_view& rest) {
  const auto end = rest.find(kMark);
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + kMark.size());
  return text;
}

/// A file and a variable that are always to be had, both full of macros.
hald::fakes::MapFiles standing_files() {
  hald::fakes::MapFiles files;
  files.add("a.conf", "$A= \\\n$B \\\n${C}\n~SEQ(I, 3) $A\ninclude b.conf\n");
  files.add("b.conf", "~LST({A, B}, {1, $C}, {2}) ${A}${B}\n} interface ${_ENV V}\n");
  files.set_environment("V", "$A { eth0 } \\");
  return files;
}

/// Limits that a short text reaches soon, and random macros that are the same each time.
hald::config::LoadOptions options(const hald::fakes::MapFiles& files) {
  hald::config::LoadOptions out;
  out.files = &files;
  out.config_id = "host";
  out.random_seed = 1;
  out.limits.lines = 20'000;
  out.limits.references = 50'000;
  out.limits.bytes = 1U << 20U;
  out.limits.includes = 500;
  return out;
}

void require(bool holds, const char* what, const std::string& more = {}) {
  if (holds) return;
  std::fprintf(stderr, "%s\n%s\n", what, more.c_str());
  std::abort();
}

void check_messages(const hald::config::Loaded& loaded) {
  const auto& diagnostics = loaded.diagnostics;
  for (const auto& each : diagnostics.all()) {
    require(!each.message.empty(), "a message is empty", each.code);
    for (const char byte : hald::config::render(diagnostics, each))
      require(byte == '\n' || static_cast<unsigned char>(byte) >= 0x20, "a control byte is shown", each.code);
  }
  const std::vector<hald::config::Checked> checked{{"fuzz.conf", &diagnostics, 0}};
  require(!hald::config::report_json(checked).empty(), "there is no JSON");
  require(hald::config::report_gcc(checked).empty() == diagnostics.all().empty(), "lines are missing");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string_view main = take_text(rest);
  hald::fakes::MapFiles files = standing_files();
  while (!rest.empty()) {
    const std::string_view file = take_text(rest);
    const auto name_end = std::min(file.find('\n'), file.size());
    const std::string name(file.substr(0, name_end));
    std::string text(file.substr(std::min(name_end + 1, file.size())));
    if (name.starts_with('$')) {
      files.set_environment(name.substr(1), std::move(text));
    } else {
      files.add(name, std::move(text));
    }
  }
  const auto loaded = hald::config::load_text(main, "fuzz.conf", options(files));
  check_messages(loaded);
  require(hald::config::delta(*loaded.config, *loaded.config).empty(), "a configuration differs from itself");
  const std::string broken = hald::fakes::broken_round_trip(*loaded.config);
  require(broken.empty(), "what is printed is another configuration", broken);
  return 0;
}
