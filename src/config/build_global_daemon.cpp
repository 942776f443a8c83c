// SPDX-License-Identifier: Apache-2.0
// global_defs: the daemon as a program: scripts, files it writes, how it reads its configuration.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/global_rows.h"
#include "config/line_words.h"

namespace hald::config::global_rows {
namespace {

constexpr std::uint16_t kAllModeBits = 0777;

struct ModeBit {
  std::string_view name;
  std::uint16_t bits;
};
constexpr std::array kModeBits{ModeBit{"IRUSR", 0400}, ModeBit{"IWUSR", 0200}, ModeBit{"IXUSR", 0100},
                               ModeBit{"IRWXU", 0700}, ModeBit{"IRGRP", 0040}, ModeBit{"IWGRP", 0020},
                               ModeBit{"IXGRP", 0010}, ModeBit{"IRWXG", 0070}, ModeBit{"IROTH", 0004},
                               ModeBit{"IWOTH", 0002}, ModeBit{"IXOTH", 0001}, ModeBit{"IRWXO", 0007}};

void bad_umask(const Word& word, Values& values) {
  values.diagnostics().error(word.where(), code::kBadUmask,
                             fmt::format("{} is no file mode mask: the line is ignored", quote(word.text)),
                             "write a number such as 022, or bits joined by `|` such as IWGRP|IWOTH");
}

/// As in C: 0x is hexadecimal, 0 octal, the rest decimal.
std::optional<std::uint16_t> mask_number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.starts_with('0')) {
    base = 8;
  }
  std::uint16_t out = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  if (failure != std::errc{} || stop != text.data() + text.size() || out > kAllModeBits) return {};
  return out;
}

/// Names of bits joined by `|`, with blanks anywhere; `joined` says whether another name is expected.
bool add_mask_bits(std::string_view text, std::uint16_t& mask, bool& expected) {
  while (!text.empty()) {
    if (!expected) {
      if (!text.starts_with('|')) return false;
      text.remove_prefix(1);
      expected = true;
      continue;
    }
    const auto* found = std::find_if(kModeBits.begin(), kModeBits.end(),
                                     [&](const ModeBit& bit) { return text.starts_with(bit.name); });
    if (found == kModeBits.end()) return false;
    mask |= found->bits;
    text.remove_prefix(found->name.size());
    expected = false;
  }
  return true;
}

void take_umask(Values& values, const Node& node, std::optional<std::uint16_t>& into) {
  const auto arguments = node.arguments();
  const std::string_view first = arguments.front().text;
  if (!first.empty() && std::isdigit(static_cast<unsigned char>(first.front())) != 0) {
    if (!has_one_value(node, values)) return;
    const auto number = mask_number(first);
    if (number) {
      into = *number;
    } else {
      bad_umask(arguments.front(), values);
    }
    return;
  }
  std::uint16_t mask = 0;
  bool expected = true;
  for (const Word& word : arguments) {
    if (!add_mask_bits(word.text, mask, expected)) {
      bad_umask(word, values);
      return;
    }
  }
  if (expected) {
    bad_umask(arguments.back(), values);
    return;
  }
  into = mask;
}

void put_umask(const std::optional<std::uint16_t>& from, const Keyword& keyword, Document& out) {
  if (from) out.push_back(statement(keyword.name, {fmt::format("0{:03o}", *from)}));
}

void take_reload_check(Values&, const Node& node, std::string& into) {
  into = node.arguments().empty() ? std::string("/dev/null") : std::string(node.arguments().front().text);
}

void take_optional_path(Values&, const Node& node, std::optional<std::string>& into) {
  into = node.arguments().empty() ? std::string{} : std::string(node.arguments().front().text);
}

void put_optional_path(const std::optional<std::string>& from, const Keyword& keyword, Document& out) {
  if (!from) return;
  Item item = statement(keyword.name, {});
  if (!from->empty()) item.values.emplace_back(*from);
  out.push_back(std::move(item));
}

/// Without the slash at its end.
void take_directory(Values&, const Node& node, std::string& into) {
  into = node.arguments().front().text;
  if (into.ends_with('/')) into.pop_back();
}

void take_include_check(Values& values, const Node& node, IncludeCheck& into) {
  const auto arguments = node.arguments();
  if (arguments.empty()) into = {true, true, true, true};
  for (const Word& word : arguments) {
    const IncludeChange change = apply(word.text, &word == arguments.data(), into);
    if (change == IncludeChange::NotFirst) {
      values.diagnostics().error(
          word.where(), code::kRepeatedOption,
          fmt::format("{} is ignored: only the first may stand without + or -", quote(word.text)),
          fmt::format("write +{}", word.text));
    } else if (change == IncludeChange::Unknown) {
      report_unknown_option(word, quote(node.keyword().name), block_of(BlockId::IncludeCheck),
                            "it is ignored", values);
    }
  }
}

void put_include_check(const IncludeCheck& from, const Keyword& keyword, Document& out) {
  Item item = statement(keyword.name, {});
  item.list = true;
  if (from.read) item.values.emplace_back(std::string("+read"));
  if (from.match) item.values.emplace_back(std::string("+match"));
  if (from.wildcard_match) item.values.emplace_back(std::string("+wildcard_match"));
  if (from.brace_match) item.values.emplace_back(std::string("+brace_match"));
  if (!item.values.empty()) out.push_back(std::move(item));
}

}  // namespace

void take_single(Values& values, const Node& node, std::string& into) {
  if (has_one_value(node, values)) into = node.arguments().front().text;
}

Rows daemon() {
  return {
      field<&Global::strict_config>("strict_config"),
      field<&Global::router_id>("router_id"),
      field<&Global::use_symlink_paths>("use_symlink_paths"),
      field<&Global::set_supplementary_groups>("set_supplementary_groups"),
      field<&Global::script_security>("enable_script_security"),
      field_with<take_umask, put_umask, &Global::umask>("umask"),
      field<&Global::random_seed>("random_seed"),
      field_by<take_reload_check, &Global::reload_check_config>("reload_check_config"),
      field_by<take_single, &Global::reload_time_file>("reload_time_file"),
      field<&Global::reload_repeat>("reload_repeat"),
      field_with<take_optional_path, put_optional_path, &Global::reload_file>("reload_file"),
      field_with<take_include_check, put_include_check, &Global::include_check>("include_check"),
      field_by<take_directory, &Global::config_save_dir>("config_save_dir"),
      field<&Global::tmp_config_directory>("tmp_config_directory"),
      field<&Global::data_use_instance>("data_use_instance"),
      field<&Global::json_version>("json_version"),
      field_by<take_single, &Global::iproute_usr_dir>("iproute_usr_dir"),
      field_by<take_single, &Global::iproute_etc_dir>("iproute_etc_dir"),
      field_by<take_single, &Global::state_dump_file>("state_dump_file"),
      field_by<take_single, &Global::stats_dump_file>("stats_dump_file"),
      field_by<take_single, &Global::json_dump_file>("json_dump_file"),
  };
}

}  // namespace hald::config::global_rows
