// SPDX-License-Identifier: Apache-2.0
#include "base/regex.h"

#include <algorithm>
#include <array>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace hald {
namespace {

constexpr std::array<std::string_view, 24> kWords{"allow_empty_class", "alt_bsux",
                                                  "auto_callout",      "caseless",
                                                  "dollar_endonly",    "dotall",
                                                  "dupnames",          "extended",
                                                  "firstline",         "match_unset_backref",
                                                  "multiline",         "never_ucp",
                                                  "never_utf",         "no_auto_capture",
                                                  "no_auto_possess",   "no_dotstar_anchor",
                                                  "no_start_optimize", "ucp",
                                                  "ungreedy",          "utf",
                                                  "never_backslash_c", "alt_circumflex",
                                                  "alt_verbnames",     "use_offset_limit"};
constexpr std::array<std::uint32_t, 24> kBits{PCRE2_ALLOW_EMPTY_CLASS, PCRE2_ALT_BSUX,
                                              PCRE2_AUTO_CALLOUT,      PCRE2_CASELESS,
                                              PCRE2_DOLLAR_ENDONLY,    PCRE2_DOTALL,
                                              PCRE2_DUPNAMES,          PCRE2_EXTENDED,
                                              PCRE2_FIRSTLINE,         PCRE2_MATCH_UNSET_BACKREF,
                                              PCRE2_MULTILINE,         PCRE2_NEVER_UCP,
                                              PCRE2_NEVER_UTF,         PCRE2_NO_AUTO_CAPTURE,
                                              PCRE2_NO_AUTO_POSSESS,   PCRE2_NO_DOTSTAR_ANCHOR,
                                              PCRE2_NO_START_OPTIMIZE, PCRE2_UCP,
                                              PCRE2_UNGREEDY,          PCRE2_UTF,
                                              PCRE2_NEVER_BACKSLASH_C, PCRE2_ALT_CIRCUMFLEX,
                                              PCRE2_ALT_VERBNAMES,     PCRE2_USE_OFFSET_LIMIT};

/// A search that needs more than this is given up; the loop has other things to do.
constexpr std::uint32_t kMatchLimit = 200000;
constexpr std::uint32_t kHeapLimit = 4096;  // KiB
constexpr std::uint64_t kLargestStack = 1UL << 20U;

std::string message(int number) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(number, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

struct Freer {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  void operator()(pcre2_jit_stack* stack) const { pcre2_jit_stack_free(stack); }
};

}  // namespace

std::span<const std::string_view> regex_option_words() {
  return kWords;
}

std::optional<Regex> Regex::compile(std::string_view pattern, std::uint32_t options, Failure& failure) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < kBits.size(); ++i) {
    if ((options >> i & 1U) != 0) bits |= kBits[i];
  }
  int number = 0;
  PCRE2_SIZE at = 0;
  auto* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), bits, &number, &at,
                             nullptr);
  if (code == nullptr) {
    failure = {at, message(number)};
    return {};
  }
  return Regex(Code(code, pcre2_code_free));
}

Regex::Search Regex::search(std::string_view text, std::size_t from,
                            const std::optional<std::pair<std::uint64_t, std::uint64_t>>& stack) const {
  if (from > text.size()) return {};
  const std::unique_ptr<pcre2_match_data, Freer> data(
      pcre2_match_data_create_from_pattern(code_.get(), nullptr));
  const std::unique_ptr<pcre2_match_context, Freer> context(pcre2_match_context_create(nullptr));
  if (!data || !context) return {{}, "out of memory"};
  pcre2_set_match_limit(context.get(), kMatchLimit);
  pcre2_set_heap_limit(context.get(), kHeapLimit);
  std::unique_ptr<pcre2_jit_stack, Freer> jit;
  if (stack && pcre2_jit_compile(code_.get(), PCRE2_JIT_COMPLETE) == 0) {
    const auto most = std::min(stack->second, kLargestStack);
    jit.reset(pcre2_jit_stack_create(std::min(stack->first, most), most, nullptr));
    if (jit) pcre2_jit_stack_assign(context.get(), nullptr, jit.get());
  }
  const int found = pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from, 0,
                                data.get(), context.get());
  if (found == PCRE2_ERROR_NOMATCH) return {};
  if (found < 0) return {{}, message(found)};
  return {pcre2_get_ovector_pointer(data.get())[0], {}};
}

}  // namespace hald
