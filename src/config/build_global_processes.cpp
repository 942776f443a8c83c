// SPDX-License-Identifier: Apache-2.0
// global_defs: names and scheduling of what are processes of their own in keepalived.
#include <algorithm>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/global_rows.h"

namespace hald::config::global_rows {
namespace {

constexpr std::size_t kMaxName = 15;  // what the kernel keeps of the name of a process
constexpr std::int64_t kLeastRtPriority = 1;
constexpr std::int64_t kMostRtPriority = 99;

void take_name(Values& values, const Node& node, std::string& into) {
  const Word& word = node.arguments().front();
  if (word.text.size() > kMaxName) {
    values.diagnostics().error(
        word.where(), code::kNameCut,
        fmt::format("{} has {} bytes: the first {} are used", quote(word.text), word.text.size(), kMaxName));
  }
  into = word.text.substr(0, kMaxName);
}

void name_all(Global& global, const Node&, Values&) {
  global.vrrp_process.name = "keepalived_vrrp";
  global.checker_process.name = "keepalived_lvs";
  global.bfd_process.name = "keepalived_bfd";
}

/// compat: beyond the limits the limit counts.
void take_rt_priority(Values& values, const Node& node, std::optional<std::uint8_t>& into) {
  const Word& word = node.arguments().front();
  const auto value = parse_whole(word.text);
  if (!value || *value < INT32_MIN || *value > INT32_MAX) {
    static_cast<void>(values.number(node));  // says what is wrong with it
    return;
  }
  const auto used = std::clamp(*value, kLeastRtPriority, kMostRtPriority);
  if (used != *value) {
    values.diagnostics().error(
        word.where(), code::kOutOfRange,
        fmt::format("{} is out of range for {}: {} is used", quote(word.text), quote(node.keyword().name),
                    used),
        fmt::format("{} takes {}", quote(node.keyword().name), range_text(node.keyword())));
  }
  into = static_cast<std::uint8_t>(used);
}

bool is_here(const Word& word, std::int64_t processor, Values& values) {
  const std::int64_t all = values.machine().processors();
  if (processor < all) return true;
  values.diagnostics().error(word.where(), code::kOutOfRange,
                             fmt::format("there is no processor {}: the line is ignored", quote(word.text)),
                             fmt::format("this machine has {}, counted from 0", all));
  return false;
}

/// All CPUs of the line, or none of them.
void take_cpus(Values& values, const Node& node, std::vector<std::uint16_t>& into) {
  std::vector<std::uint16_t> out;
  for (const Word& word : node.arguments()) {
    const auto value = values.number(word, node.keyword());
    if (!value || !is_here(word, *value, values)) {
      into.clear();
      return;
    }
    out.push_back(static_cast<std::uint16_t>(*value));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  into = std::move(out);
}

void put_cpus(const std::vector<std::uint16_t>& from, const Keyword& keyword, Document& out) {
  if (from.empty()) return;
  Item item = statement(keyword.name, {});
  item.list = true;
  for (const std::uint16_t cpu : from) item.values.emplace_back(static_cast<std::int64_t>(cpu));
  out.push_back(std::move(item));
}

/// compat: half of it is used somewhere, and half of 1 would be none.
void take_rlimit(Values& values, const Node& node, std::uint32_t& into) {
  if (take(values, node, into)) into = std::max(into, 2U);
}

void take_max_auto_priority(Values& values, const Node& node, std::int8_t& into) {
  if (node.arguments().empty()) {
    into = static_cast<std::int8_t>(kMostRtPriority);
  } else {
    take(values, node, into);
  }
}

}  // namespace

Rows processes() {
  using P = ProcessSettings;
  return {
      action<Global>("process_names", name_all),
      field_by<take_name, &Global::process_name>("process_name"),
      field_by<take_max_auto_priority, &Global::max_auto_priority>("max_auto_priority"),
      field<&Global::min_auto_priority_delay>("min_auto_priority_delay"),
      field_by<take_name, &Global::vrrp_process, &P::name>("vrrp_process_name"),
      field<&Global::vrrp_process, &P::nice>("vrrp_priority"),
      field_by<take_rt_priority, &Global::vrrp_process, &P::rt_priority>("vrrp_rt_priority"),
      field_with<take_cpus, put_cpus, &Global::vrrp_process, &P::cpus>("vrrp_cpu_affinity"),
      field<&Global::vrrp_process, &P::no_swap>("vrrp_no_swap"),
      field_by<take_rlimit, &Global::vrrp_process, &P::rlimit_rttime>("vrrp_rlimit_rttime"),
      alias_by<take_rlimit, &Global::vrrp_process, &P::rlimit_rttime>("vrrp_rlimit_rtime"),
      field_by<take_name, &Global::checker_process, &P::name>("checker_process_name"),
      alias_by<take_name, &Global::checker_process, &P::name>("lvs_process_name"),
      field<&Global::checker_process, &P::nice>("checker_priority"),
      field_by<take_rt_priority, &Global::checker_process, &P::rt_priority>("checker_rt_priority"),
      field_with<take_cpus, put_cpus, &Global::checker_process, &P::cpus>("checker_cpu_affinity"),
      field<&Global::checker_process, &P::no_swap>("checker_no_swap"),
      field_by<take_rlimit, &Global::checker_process, &P::rlimit_rttime>("checker_rlimit_rttime"),
      alias_by<take_rlimit, &Global::checker_process, &P::rlimit_rttime>("checker_rlimit_rtime"),
      field_by<take_name, &Global::bfd_process, &P::name>("bfd_process_name"),
      field<&Global::bfd_process, &P::nice>("bfd_priority"),
      field_by<take_rt_priority, &Global::bfd_process, &P::rt_priority>("bfd_rt_priority"),
      field_with<take_cpus, put_cpus, &Global::bfd_process, &P::cpus>("bfd_cpu_affinity"),
      field<&Global::bfd_process, &P::no_swap>("bfd_no_swap"),
      field_by<take_rlimit, &Global::bfd_process, &P::rlimit_rttime>("bfd_rlimit_rttime"),
      alias_by<take_rlimit, &Global::bfd_process, &P::rlimit_rttime>("bfd_rlimit_rtime"),
  };
}

}  // namespace hald::config::global_rows
