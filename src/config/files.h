// SPDX-License-Identifier: Apache-2.0
// Files: what loading a configuration asks of the system around it, the file system and the environment, so
// that tests and fuzzers bring their own.
// Production is SystemFiles; text that comes from memory and has no files around it uses NoFiles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hald::config {

/// Tells two files apart, whatever paths lead to them.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

enum class ReadOutcome : std::uint8_t {
  Read,
  Missing,    ///< no such file
  Unreadable  ///< there, but not to be read: see `reason`
};

struct FileText {
  ReadOutcome outcome = ReadOutcome::Missing;
  std::string reason;  ///< for Missing and Unreadable, behind the name: "is a directory"
  std::string text;
  FileIdentity identity;
  bool executable = false;  ///< some execute bit is set
};

/// What a shell pattern stands for.
struct Matches {
  std::vector<std::string> paths;  ///< sorted
  bool folder_exists = true;       ///< the folder in which the pattern begins to be one
};

class Files {
 public:
  virtual ~Files() = default;
  /// The whole regular file at `path`, if it has at most `limit` bytes.
  [[nodiscard]] virtual FileText read(const std::string& path, std::size_t limit) const = 0;
  /// Paths that match a shell pattern (*, ?, [...]); of a plain name itself, if there is such a file.
  [[nodiscard]] virtual Matches match(const std::string& pattern) const = 0;
  /// The directory that the file at `path` lies in, as an absolute path.
  [[nodiscard]] virtual std::string directory(const std::string& path) const = 0;
  /// The value of a variable of the environment.
  [[nodiscard]] virtual std::optional<std::string> environment(const std::string& name) const = 0;
};

class SystemFiles final : public Files {
 public:
  [[nodiscard]] FileText read(const std::string& path, std::size_t limit) const override;
  [[nodiscard]] Matches match(const std::string& pattern) const override;
  [[nodiscard]] std::string directory(const std::string& path) const override;
  [[nodiscard]] std::optional<std::string> environment(const std::string& name) const override;
};

class NoFiles final : public Files {
 public:
  [[nodiscard]] FileText read(const std::string& path, std::size_t limit) const override;
  [[nodiscard]] Matches match(const std::string& pattern) const override;
  [[nodiscard]] std::string directory(const std::string& path) const override;
  [[nodiscard]] std::optional<std::string> environment(const std::string& name) const override;
};

}  // namespace hald::config
