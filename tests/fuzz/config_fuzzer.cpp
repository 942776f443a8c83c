// SPDX-License-Identifier: Apache-2.0
// Text to configuration, the whole way: any text loads to something, or to messages that can be shown. Under
// libFuzzer the words of the keyword table serve as its dictionary.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "config/delta.h"
#include "config/keywords.h"
#include "config/load.h"
#include "config/render.h"
#include "fakes/map_files.h"

namespace {

/// A file and a variable to be had, both full of macros, and limits that a short text reaches soon.
hald::config::LoadOptions options() {
  static const hald::fakes::MapFiles kFiles = [] {
    hald::fakes::MapFiles files;
    files.add("a.conf", "$A= \\\n$B \\\n${C}\n~SEQ(I, 3) $A\ninclude b.conf\n");
    files.add("b.conf", "~LST({A, B}, {1, $C}, {2}) ${A}${B}\n} interface ${_ENV V}\n");
    files.set_environment("V", "$A { eth0 } \\");
    return files;
  }();
  hald::config::LoadOptions out;
  out.files = &kFiles;
  out.random_seed = 1;
  out.limits.lines = 20'000;
  out.limits.references = 50'000;
  out.limits.bytes = 1U << 20U;
  out.limits.includes = 500;
  return out;
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): the names are libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = hald::config::load_text(text, "fuzz.conf", options());
  for (const auto& each : loaded.diagnostics.all()) {
    if (hald::config::render(loaded.diagnostics, each).empty()) std::abort();
  }
  if (!hald::config::delta(*loaded.config, *loaded.config).empty()) std::abort();
  return 0;
}

#ifdef HALD_LIBFUZZER
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  if (seed % 3 != 0) return LLVMFuzzerMutate(data, size, max_size);
  const auto blocks = hald::config::all_blocks();
  const auto words = blocks[seed / 3 % blocks.size()].words;
  const std::string_view word = words[seed / 64 % words.size()].name;
  const std::size_t at = size == 0 ? 0 : seed / 4096 % size;
  if (size + word.size() + 1 > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::memmove(data + at + word.size() + 1, data + at, size - at);
  std::memcpy(data + at, word.data(), word.size());
  data[at + word.size()] = ' ';
  return size + word.size() + 1;
}
#endif
// NOLINTEND(readability-identifier-naming)
