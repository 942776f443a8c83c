// SPDX-License-Identifier: Apache-2.0
// script_check: may this program be run? It must be there, its user must be allowed to run it, and if it runs
// as root, nobody but root may be able to alter it, neither the file nor any folder or link on the way to it.
// The rules are pure functions of what a Paths says, so that they can be asked when a file is read and again
// at each run. Whether an insecure script runs all the same (enable_script_security) is the caller's
// decision.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hald {

/// What the rules want to know about one thing in the file system.
struct PathStatus {
  enum class Type : unsigned char { File, Folder, Link, Other };
  Type type = Type::File;
  uid_t owner = 0;
  gid_t group = 0;
  mode_t mode = 0755;  ///< permission bits with set-user-ID, set-group-ID and sticky: 07777
};

/// The file system as the rules see it. Neither call follows a link in the last component.
class Paths {
 public:
  Paths() = default;
  Paths(const Paths&) = delete;
  Paths& operator=(const Paths&) = delete;
  virtual ~Paths() = default;

  [[nodiscard]] virtual Result<PathStatus> status(const std::string& path) const = 0;
  [[nodiscard]] virtual Result<std::string> link_target(const std::string& path) const = 0;
};

/// The real one. A file system that hangs makes these calls hang: not for the loop.
class SystemPaths final : public Paths {
 public:
  [[nodiscard]] Result<PathStatus> status(const std::string& path) const override;
  [[nodiscard]] Result<std::string> link_target(const std::string& path) const override;
};

/// Who a program runs as.
struct ScriptUser {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  ///< supplementary ones

  friend bool operator==(const ScriptUser&, const ScriptUser&) = default;
};

enum class ScriptFault : unsigned char {
  None,
  Missing,        ///< it, or something on the way to it, does not exist
  Unreachable,    ///< its user may not enter a folder on the way
  WrongType,      ///< it is no plain file
  NotExecutable,  ///< its user may not run it
  Insecure,       ///< it runs as root, and somebody else can alter it
};

struct ScriptVerdict {
  ScriptFault fault = ScriptFault::None;
  std::string text;  ///< why, naming what is at fault: "/opt/x is writable by group 100 (owner 0, mode 0775)"
  std::string part;  ///< what of the path is at fault: "/opt/x"
  std::string path;  ///< the file itself, all links resolved; as far as the way went if there is a fault
  /// The first folder on the way that is a link, if any. keepalived runs no such script as root.
  std::string linked_folder;
  bool as_root = false;  ///< root's rights are at stake: root runs it, or it gives them to whoever runs it
};

/// Judges `name`, the first word of a command. A name without a slash is looked for in the folders of
/// `search_path`; any other relative name starts at the root folder, where a daemon lives. The number of
/// questions put to `paths` is bounded for any input.
[[nodiscard]] ScriptVerdict check_script(const std::string& name, const ScriptUser& user, const Paths& paths,
                                         std::string_view search_path);

/// "</some/file": keepalived's way of asking whether a file can be opened. It is for the shell, and no
/// program.
[[nodiscard]] bool is_open_test(std::string_view word);

}  // namespace hald
