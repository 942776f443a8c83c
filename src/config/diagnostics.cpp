// SPDX-License-Identifier: Apache-2.0
#include "config/diagnostics.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "config/utf8.h"

namespace hald::config {
namespace {

constexpr std::size_t kQuoted = 60;         // bytes of a word shown in a message
constexpr std::size_t kExcerptBefore = 60;  // bytes of a line shown before the place
constexpr std::size_t kExcerptAfter = 60;   // and after its end

bool in_text_order(const Diagnostic& a, const Diagnostic& b) {
  return std::tie(a.where.file, a.where.line, a.where.column) <
         std::tie(b.where.file, b.where.line, b.where.column);
}

Excerpt excerpt_of(const Position& where, std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const std::size_t at = std::min<std::size_t>(std::max(where.column, 1U) - 1U, line.size());
  std::size_t begin = at > kExcerptBefore ? at - kExcerptBefore : 0;
  while (begin > 0 && begin < at && (static_cast<unsigned char>(line[begin]) & 0xc0U) == 0x80U) ++begin;
  const std::size_t marked = std::min<std::size_t>(where.length, kExcerptAfter);
  Excerpt out;
  out.text = std::string(clipped(line.substr(begin), at - begin + marked + kExcerptAfter));
  out.start = static_cast<std::uint32_t>(begin + 1);
  out.cut = begin + out.text.size() < line.size();
  return out;
}

/// Walks through a text line by line, forward only: a whole file costs one pass, however many ask.
class LineWalk {
 public:
  explicit LineWalk(std::string_view text) : rest_(text) {}

  std::string_view line(std::uint32_t number) {
    for (; number_ < number && !rest_.empty(); ++number_) {
      const auto end = rest_.find('\n');
      current_ = rest_.substr(0, end);
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    }
    return number_ == number ? current_ : std::string_view{};
  }

 private:
  std::string_view rest_;
  std::string_view current_;
  std::uint32_t number_ = 0;
};

std::string describe_step(const Origins::Step& step) {
  const std::string name = quote(fmt::format("${}", step.name));
  switch (step.kind) {
    case Origins::Kind::Counter: return fmt::format("{} counts here", name);
    case Origins::Kind::List: return fmt::format("{} takes its value from here", name);
    default: return fmt::format("{} is defined here", name);
  }
}

}  // namespace

std::string quote(std::string_view text) {
  const std::string_view shown = clipped(text, kQuoted);
  return fmt::format("`{}{}`", printable(shown), shown.size() < text.size() ? "..." : "");
}

std::uint16_t Diagnostics::add_file(std::string_view name, Position included_at) {
  files_.push_back(printable(name));
  included_at_.push_back(written(included_at));
  return static_cast<std::uint16_t>(files_.size() - 1);
}

Told& Told::see(Position where, std::string message) {
  if (entry_ != nullptr && where.line > 0)
    entry_->remarks.push_back({all_->written(where), std::move(message), {}});
  return *this;
}

Told& Told::as_keepalived() {
  return raise(Verdict::Complaint);
}

Told& Told::as_security() {
  return raise(Verdict::Security);
}

Told& Told::raise(Verdict verdict) {
  if (entry_ != nullptr) entry_->verdict = std::max(entry_->verdict, verdict);
  all_->raise(verdict);
  return *this;
}

Told Diagnostics::error(Position where, std::string_view code, std::string message, std::string help) {
  return add(Severity::Error, where, code, std::move(message), std::move(help)).as_keepalived();
}

Told Diagnostics::warning(Position where, std::string_view code, std::string message, std::string help) {
  return add(Severity::Warning, where, code, std::move(message), std::move(help));
}

Told Diagnostics::note(Position where, std::string_view code, std::string message, std::string help) {
  return add(Severity::Note, where, code, std::move(message), std::move(help));
}

bool Diagnostics::full(std::string_view code) const {
  const auto seen = seen_.find(code);
  return seen != seen_.end() && seen->second >= kKeptPerCode;
}

/// Where the operator wrote what stands at `where`.
Position Diagnostics::written(Position where) const {
  return where.file == kExpanded ? origins_.trace(where).where : where;
}

std::string Diagnostics::describe(Position where) const {
  where = written(where);
  std::string out = where.file < files_.size() ? files_[where.file] : std::string{};
  if (where.line > 0) out += fmt::format(":{}:{}", where.line, where.column);
  return out;
}

Told Diagnostics::add(Severity severity, Position where, std::string_view code, std::string message,
                      std::string help) {
  ++counts_[static_cast<std::size_t>(severity)];
  const auto seen = seen_.try_emplace(std::string(code), 0U).first;
  if (seen->second++ >= kKeptPerCode) {
    ++dropped_[std::string(code)];
    return {*this, nullptr};
  }
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.code = std::string(code);
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  diagnostic.where = where;
  if (where.file == kExpanded) {
    const Origins::Trace trace = origins_.trace(where);
    diagnostic.where = trace.where;
    for (const auto& step : trace.steps) diagnostic.remarks.push_back({step.where, describe_step(step), {}});
  }
  all_.push_back(std::move(diagnostic));
  return {*this, &all_.back()};
}

std::size_t Diagnostics::dropped() const {
  std::size_t out = 0;
  for (const auto& [code, count] : dropped_) out += count;
  return out;
}

/// The same at the same place: a file that is included twice, say.
void Diagnostics::drop_repeated() {
  std::set<std::tuple<std::string, std::string, std::string>> said;
  const auto is_repeated = [&](const Diagnostic& each) {
    if (said.insert({describe(each.where), each.code, each.message}).second) return false;
    --counts_[static_cast<std::size_t>(each.severity)];
    return true;
  };
  std::vector<Diagnostic> kept;
  for (Diagnostic& each : all_) {
    if (!is_repeated(each)) kept.push_back(std::move(each));
  }
  all_ = std::move(kept);
}

void Diagnostics::filter(const std::function<bool(Diagnostic&)>& keep) {
  std::vector<Diagnostic> kept;
  counts_ = {};
  Counts dropped;
  for (Diagnostic& each : all_) {
    if (!keep(each)) continue;
    ++counts_[static_cast<std::size_t>(each.severity)];
    if (const auto more = dropped_.find(each.code); more != dropped_.end()) dropped.insert(*more);
    kept.push_back(std::move(each));
  }
  all_ = std::move(kept);
  dropped_ = std::move(dropped);
}

/// How the operator's main file comes to the file concerned.
void Diagnostics::show_includes(Diagnostic& diagnostic) const {
  std::size_t file = diagnostic.where.file;
  while (file < included_at_.size() && included_at_[file].line > 0) {
    diagnostic.remarks.push_back(
        {included_at_[file], fmt::format("{} is included here", quote(files_[file])), {}});
    file = included_at_[file].file;
  }
}

void Diagnostics::finish(std::span<const std::string_view> texts) {
  std::stable_sort(all_.begin(), all_.end(), in_text_order);
  drop_repeated();
  std::vector<std::pair<Position, Excerpt*>> places;
  for (Diagnostic& each : all_) {
    show_includes(each);
    places.emplace_back(each.where, &each.excerpt);
    for (Remark& remark : each.remarks) places.emplace_back(remark.where, &remark.excerpt);
  }
  std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first.file, a.first.line) < std::tie(b.first.file, b.first.line);
  });
  auto next = places.begin();
  for (std::size_t file = 0; file < texts.size(); ++file) {
    LineWalk walk(texts[file]);
    for (; next != places.end() && next->first.file == file; ++next) {
      if (next->first.line > 0) *next->second = excerpt_of(next->first, walk.line(next->first.line));
    }
  }
}

}  // namespace hald::config
