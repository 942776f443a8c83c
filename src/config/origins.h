// SPDX-License-Identifier: Apache-2.0
// Origins: where the text of lines comes from that macros made. Expander writes it down piece by piece; a
// place in such a line is then traced back to the reference in the operator's line, and through the
// definitions in between. A file without macros leaves nothing here and costs nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/line.h"
#include "config/position.h"

namespace hald::config {

/// Where a byte was written, and what brought it from there.
struct Origin {
  Position spelled;             ///< in a file
  std::uint32_t expansion = 0;  ///< of Origins; 0: none, the byte stands where it was written
};

/// A run of bytes of one line.
struct Piece {
  std::uint16_t begin = 0;  ///< its first byte in the line, from 0
  bool whole = false;       ///< the run as a whole comes from its place, not byte by byte: a number counted
  Origin origin;
};

class Origins {
 public:
  /// How a name got its value.
  enum class Kind : std::uint8_t {
    Definition,  ///< $NAME=
    Counter,     ///< ~SEQ
    List,        ///< ~LST
    Predefined   ///< hald knows it: no place to point at
  };
  /// A definition between a place and the operator's line: where in it the text stands.
  struct Step {
    Position where;
    std::string_view name;
    Kind kind = Kind::Definition;
  };
  struct Trace {
    Position where;           ///< in the operator's line
    std::vector<Step> steps;  ///< the outermost definition first
  };

  std::uint32_t add_definition(std::string_view name, Kind kind);
  /// `reference` is where the name was used. Returns what Origin::expansion refers to.
  std::uint32_t add_expansion(std::uint32_t definition, const Origin& reference);
  /// Returns the number of the line, from 1.
  std::uint32_t add_line(std::span<const Piece> pieces);

  /// The pieces that the text of `line` consists of, as if it began at byte 0.
  [[nodiscard]] std::vector<Piece> pieces_of(const Line& line) const;
  /// Where the text of `line` was written.
  [[nodiscard]] Position written_at(const Line& line) const;
  /// How many expansions lie around an origin, up to `limit`.
  [[nodiscard]] std::size_t depth(std::uint32_t expansion, std::size_t limit) const;
  /// True if `expansion`, or one around it, is of `definition`.
  [[nodiscard]] bool is_within(std::uint32_t expansion, std::uint32_t definition) const;
  [[nodiscard]] Trace trace(Position where) const;

 private:
  struct Definition {
    std::string name;
    Kind kind = Kind::Definition;
  };
  struct Expansion {
    std::uint32_t definition = 0;
    Origin reference;
  };

  [[nodiscard]] std::span<const Piece> line(std::uint32_t number) const;
  Position follow(Origin origin, std::vector<Step>* steps) const;

  std::vector<Definition> definitions_;
  std::vector<Expansion> expansions_;
  std::vector<Piece> pieces_;           // of all lines
  std::vector<std::size_t> line_ends_;  // into pieces_
};

/// The origin of byte `at` of a line, given the pieces of the line.
[[nodiscard]] Origin origin_at(std::span<const Piece> pieces, std::size_t at);

}  // namespace hald::config
