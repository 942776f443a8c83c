// SPDX-License-Identifier: Apache-2.0
// Diagnostics for a person, in the shape that rustc and clang have made familiar: what, where, the line with
// the columns underlined, second places as notes of their own, how to mend it.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "config/picture.h"
#include "config/render.h"
#include "config/utf8.h"

namespace hald::config {
namespace {

Style style_of(Severity severity) {
  switch (severity) {
    case Severity::Warning: return Style::Warning;
    case Severity::Note: return Style::Note;
    case Severity::Error: break;
  }
  return Style::Error;
}

class Drawing {
 public:
  Drawing(const Diagnostics& diagnostics, const Diagnostic& diagnostic, const Paint& paint)
      : diagnostics_(diagnostics), paint_(paint) {
    std::uint32_t last_line = diagnostic.where.line;
    for (const Remark& each : diagnostic.remarks) last_line = std::max(last_line, each.where.line);
    gutter_ = last_line == 0 ? 1 : std::to_string(last_line).size();
  }

  std::string draw(const Diagnostic& diagnostic) {
    const Style style = style_of(diagnostic.severity);
    heading(style, fmt::format("{}[{}]", to_string(diagnostic.severity), diagnostic.code),
            diagnostic.message);
    place(diagnostic.where, diagnostic.excerpt, style);
    if (!diagnostic.help.empty()) attach(Style::Help, "help:", diagnostic.help);
    for (const Remark& remark : diagnostic.remarks) {
      if (remark.where.line == 0) attach(Style::Note, "note:", remark.message);
    }
    for (const Remark& remark : diagnostic.remarks) {
      if (remark.where.line == 0) continue;
      out_ += '\n';
      heading(Style::Note, "note", remark.message);
      place(remark.where, remark.excerpt, Style::Note);
    }
    return std::move(out_);
  }

 private:
  void attach(Style style, std::string_view kind, std::string_view message) {
    margin();
    out_ += fmt::format(" {} {} {}", paint_(Style::Gutter, "="), paint_(style, kind), printable(message));
  }

  void heading(Style style, std::string_view kind, std::string_view message) {
    out_ += fmt::format("{}{}", paint_(style, kind), paint_(Style::Strong, ": " + printable(message)));
  }

  void place(const Position& where, const Excerpt& excerpt, Style style) {
    margin();
    out_ += fmt::format("{} {}", paint_(Style::Gutter, "-->"), diagnostics_.describe(where));
    if (excerpt.text.empty()) return;
    const Picture picture(excerpt, where);
    const std::string bar = paint_(Style::Gutter, "|");
    margin();
    out_ += ' ' + bar + '\n';
    out_ += fmt::format("{} {}", paint_(Style::Gutter, fmt::format("{:>{}}", where.line, gutter_)), bar);
    if (!picture.line().empty()) out_ += ' ' + picture.line();
    margin();
    out_ += fmt::format(" {} {}{}", bar, std::string(picture.indent(), ' '), paint_(style, picture.marks()));
  }

  /// A new line, as far as the numbers of lines reach.
  void margin() {
    out_ += '\n';
    out_.append(gutter_, ' ');
  }

  const Diagnostics& diagnostics_;
  const Paint& paint_;
  std::size_t gutter_;
  std::string out_;
};

}  // namespace

std::string render(const Diagnostics& diagnostics, const Diagnostic& diagnostic, const Paint& paint) {
  return Drawing(diagnostics, diagnostic, paint).draw(diagnostic);
}

std::string report_human(const std::vector<Checked>& files, const Paint& paint) {
  std::string out;
  for (const Checked& each : files) {
    for (const Diagnostic& diagnostic : each.diagnostics->all())
      out += render(*each.diagnostics, diagnostic, paint) + "\n\n";
  }
  if (const std::string summary = summary_of(files); !summary.empty())
    out += paint(Style::Strong, summary) + '\n';
  return out;
}

}  // namespace hald::config
