// SPDX-License-Identifier: Apache-2.0
#include "config/document.h"

#include <utility>

#include <fmt/format.h>

#include "base/overloaded.h"

namespace hald::config {
namespace {

std::string seconds_text(Duration duration) {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  std::string out = fmt::format("{}.{:06}", microseconds / 1'000'000, microseconds % 1'000'000);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.ends_with('.')) out.pop_back();
  return out;
}

/// Would another meaning be seen in a line that begins with it?
bool begins_a_directive(std::string_view text) {
  return text.starts_with('@') || text.starts_with('~') || text.starts_with("include");
}

bool needs_quotes(std::string_view text) {
  return text.empty() || begins_a_directive(text) ||
         text.find_first_of(" \t\v\f\r{}#!\"") != std::string_view::npos;
}

/// With a blank before it, unless it begins the line.
void put_word(std::string_view word, std::string& out) {
  if (!out.empty() && out.back() != ' ' && out.back() != '\n') out += ' ';
  out += word;
}

/// Whatever could mean something to a line or to its words becomes a backslash sequence.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    const auto value = static_cast<unsigned char>(byte);
    const bool plain =
        value > ' ' && value < 0x7f && std::string_view("{}#!\"'\\$").find(byte) == std::string_view::npos;
    if (plain)
      out += byte;
    else
      out += fmt::format("\\x{:02x}", value);
  }
  return out.empty() ? "''" : out;
}

void put_values(const Item& item, std::string& out) {
  for (const Atom& value : item.values) {
    const auto* text = std::get_if<std::string>(&value);
    put_word(item.escaped && text != nullptr ? escaped(*text) : written(value), out);
  }
}

void put_inline(const Document& options, std::string& out) {
  for (const Item& option : options) {
    const bool off = option.form == Item::Form::Flag && !std::get<bool>(option.values.front());
    if (off) continue;
    if (option.form != Item::Form::Line) put_word(option.word, out);
    if (option.form != Item::Form::Flag) put_values(option, out);
    put_inline(option.inside, out);
  }
}

void put_items(const Document& document, std::size_t depth, std::string& out) {
  for (const Item& item : document) {
    const bool off = item.form == Item::Form::Flag && !std::get<bool>(item.values.front());
    if (off) continue;
    out.append(depth * 4, ' ');
    if (item.form != Item::Form::Line) out += item.word;
    if (item.form != Item::Form::Flag) put_values(item, out);
    if (item.form == Item::Form::Block) {
      out += " {\n";
      put_items(item.inside, depth + 1, out);
      out.append(depth * 4, ' ');
      out += '}';
    } else {
      put_inline(item.inside, out);
    }
    out += '\n';
    if (depth == 0 && item.form == Item::Form::Block) out += '\n';
  }
}

}  // namespace

std::string written(const Atom& value) {
  return std::visit(
      Overloaded{[](bool each) { return std::string(each ? "true" : "false"); },
                 [](std::int64_t each) { return std::to_string(each); },
                 [](Duration each) { return seconds_text(each); },
                 [](const std::string& each) { return needs_quotes(each) ? '"' + each + '"' : each; }},
      value);
}

std::string to_conf(const Document& document) {
  std::string out;
  put_items(document, 0, out);
  return out;
}

Item statement(std::string_view word, std::vector<Atom> values) {
  return {Item::Form::Statement, false, false, std::string(word), std::move(values), {}, false};
}
Item flag_item(std::string_view word, bool value) {
  return {Item::Form::Flag, false, false, std::string(word), {value}, {}, false};
}
Item block_item(std::string_view word, std::vector<Atom> values, Document inside) {
  return {Item::Form::Block, false, false, std::string(word), std::move(values), std::move(inside), false};
}
Item line_item(std::string_view word, std::vector<Atom> values, Document inside) {
  return {Item::Form::Line, false, false, std::string(word), std::move(values), std::move(inside), false};
}

Item many(Item item) {
  item.many = true;
  return item;
}

}  // namespace hald::config
