// SPDX-License-Identifier: Apache-2.0
#include "base/script_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace hald {
namespace {

constexpr std::size_t kMaxLinks = 40;   // as in the kernel
constexpr std::size_t kMaxSteps = 512;  // components looked at, those of link targets included
constexpr std::size_t kMaxSearched = 64;

/// What lies on the way to a file, in the order in which the kernel would meet it.
struct Step {
  std::string path;
  PathStatus status;
};

std::string octal(const PathStatus& status) {
  return fmt::format("{:04o}", status.mode & 07777U);
}

bool in_group(const ScriptUser& user, gid_t group) {
  return user.gid == group || std::find(user.groups.begin(), user.groups.end(), group) != user.groups.end();
}

/// The kernel's rule for execute permission (for a folder: to enter it), without access control lists.
bool may_execute(const PathStatus& status, const ScriptUser& user) {
  if (user.uid == 0) return status.type == PathStatus::Type::Folder || (status.mode & 0111U) != 0;
  if (user.uid == status.owner) return (status.mode & 0100U) != 0;
  return (status.mode & (in_group(user, status.group) ? 0010U : 0001U)) != 0;
}

/// Goes to a file component by component, resolving every link on the way.
class Walk {
 public:
  Walk(const Paths& paths, const ScriptUser& user) : paths_(paths), user_(user) {}

  [[nodiscard]] ScriptVerdict to(const std::string& name) {
    push(name);
    look("/");
    while (!left_.empty() && !failed()) step();
    if (!failed()) judge_file();
    if (!failed() && verdict_.as_root) judge_way();
    verdict_.path = here();
    return std::move(verdict_);
  }

 private:
  [[nodiscard]] bool failed() const { return verdict_.fault != ScriptFault::None; }
  void fail(ScriptFault fault, std::string part, std::string text) {
    verdict_.fault = fault;
    verdict_.part = std::move(part);
    verdict_.text = std::move(text);
  }
  [[nodiscard]] std::string here() const { return at_.empty() ? "/" : at_; }

  /// Puts the components of `path` before what is left to go.
  void push(std::string_view path) {
    std::vector<std::string> words;
    for (std::size_t from = 0; from <= path.size();) {
      const std::size_t end = std::min(path.find('/', from), path.size());
      const auto word = path.substr(from, end - from);
      if (!word.empty() && word != ".") words.emplace_back(word);
      from = end + 1;
    }
    left_.insert(left_.end(), std::make_move_iterator(words.rbegin()), std::make_move_iterator(words.rend()));
    if (left_.size() + steps_.size() > kMaxSteps) fail(ScriptFault::Missing, here(), "its path is too long");
  }

  void step() {
    const std::string word = std::move(left_.back());
    left_.pop_back();
    // What is behind us is free of links, so that this is the folder's true parent.
    if (word == "..") return at_.erase(std::min(at_.rfind('/'), at_.size())), void();
    const std::string path = at_ + '/' + word;
    if (path.size() >= PATH_MAX) return fail(ScriptFault::Missing, here(), "its path is too long");
    if (!look(path)) return;
    const PathStatus& status = steps_.back().status;
    if (status.type == PathStatus::Type::Link) return follow(path);
    at_ = path;
    if (!left_.empty() && status.type == PathStatus::Type::Folder && !may_execute(status, user_))
      fail(ScriptFault::Unreachable, path,
           fmt::format("user {} may not enter {} (owner {}, mode {})", user_.uid, path, status.owner,
                       octal(status)));
  }

  bool look(const std::string& path) {
    const auto status = paths_.status(path);
    if (status) {
      steps_.push_back({path, *status});
      return true;
    }
    const auto code = status.error().code;
    if (code == std::errc::no_such_file_or_directory) {
      fail(ScriptFault::Missing, path, path + " does not exist");
    } else if (code == std::errc::not_a_directory) {
      fail(ScriptFault::Missing, here(), here() + " is not a folder");
    } else {
      fail(code == std::errc::permission_denied ? ScriptFault::Unreachable : ScriptFault::Missing, path,
           fmt::format("{}: {}", path, code.message()));
    }
    return false;
  }

  void follow(const std::string& path) {
    if (++links_ > kMaxLinks) return fail(ScriptFault::Missing, path, path + ": too many links");
    const auto target = paths_.link_target(path);
    if (!target || target->empty())
      return fail(ScriptFault::Missing, path, path + " is a link that cannot be read");
    if (!left_.empty() && verdict_.linked_folder.empty()) verdict_.linked_folder = path;
    if (target->front() == '/') at_.clear();
    push(*target);
  }

  void judge_file() {
    const Step& file = steps_.back();
    const bool is_file = file.path == at_ && file.status.type == PathStatus::Type::File;
    verdict_.as_root = needs_protection(file.status);
    if (file.path == at_ && !may_execute(file.status, user_))
      return fail(ScriptFault::NotExecutable, at_,
                  fmt::format("user {} may not run {} (owner {}, group {}, mode {})", user_.uid, at_,
                              file.status.owner, file.status.group, octal(file.status)));
    if (!is_file) fail(ScriptFault::WrongType, here(), here() + " is no plain file");
  }

  /// Root's rights are at stake if root runs it, or if it gives them to whoever runs it.
  [[nodiscard]] bool needs_protection(const PathStatus& file) const {
    if (user_.uid == 0 || user_.gid == 0) return true;
    return (file.owner == 0 && (file.mode & 04100U) == 04100U) ||
           (file.group == 0 && (file.mode & 02010U) == 02010U);
  }

  void judge_way() {
    for (const auto& [path, status] : steps_) {
      if (status.owner != 0)
        return fail(ScriptFault::Insecure, path,
                    fmt::format("{} belongs to user {} and not to root (mode {})", path, status.owner,
                                octal(status)));
      // A link's mode means nothing, and in a sticky folder nobody can replace what belongs to root.
      if (status.type == PathStatus::Type::Link) continue;
      if (status.type == PathStatus::Type::Folder && (status.mode & 01000U) != 0) continue;
      if ((status.mode & 0002U) != 0)
        return fail(
            ScriptFault::Insecure, path,
            fmt::format("{} is writable by everyone (owner {}, mode {})", path, status.owner, octal(status)));
      if ((status.mode & 0020U) != 0 && status.group != 0)
        return fail(ScriptFault::Insecure, path,
                    fmt::format("{} is writable by group {} (owner {}, mode {})", path, status.group,
                                status.owner, octal(status)));
    }
  }

  const Paths& paths_;
  const ScriptUser& user_;
  ScriptVerdict verdict_;
  std::vector<std::string> left_;  // the next component is the last
  std::string at_;                 // without links; empty at the root folder
  std::vector<Step> steps_;
  std::size_t links_ = 0;
};

bool can_run(const ScriptVerdict& verdict) {
  return verdict.fault == ScriptFault::None || verdict.fault == ScriptFault::Insecure;
}

ScriptVerdict missing(const std::string& name, std::string text) {
  ScriptVerdict out;
  out.fault = ScriptFault::Missing;
  out.text = std::move(text);
  out.part = out.path = name;
  return out;
}

/// As a shell does: the first one that can be run; if there is none, the first that is there at all.
ScriptVerdict search(const std::string& name, const ScriptUser& user, const Paths& paths,
                     std::string_view search_path) {
  std::optional<ScriptVerdict> unusable;
  std::size_t tried = 0;
  for (std::size_t from = 0; from <= search_path.size() && tried < kMaxSearched; ++tried) {
    const std::size_t end = std::min(search_path.find(':', from), search_path.size());
    auto verdict = Walk(paths, user).to(std::string(search_path.substr(from, end - from)) + '/' + name);
    if (can_run(verdict)) return verdict;
    if (!unusable && verdict.fault != ScriptFault::Missing) unusable = std::move(verdict);
    from = end + 1;
  }
  if (unusable) return *std::move(unusable);
  return missing(name, fmt::format("{} is in no folder of PATH", name));
}

}  // namespace

ScriptVerdict check_script(const std::string& name, const ScriptUser& user, const Paths& paths,
                           std::string_view search_path) {
  if (name.empty()) return missing(name, "the command is empty");
  if (name.find('\0') != std::string::npos) return missing(name, "its path has a zero byte");
  if (name.find('/') == std::string::npos) return search(name, user, paths, search_path);
  return Walk(paths, user).to(name);
}

bool is_open_test(std::string_view word) {
  if (word.empty() || word.front() != '<') return false;
  const auto path = word.find_first_not_of(" \t", 1);
  return path != std::string_view::npos && word[path] == '/';
}

Result<PathStatus> SystemPaths::status(const std::string& path) const {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return errno_error("look at " + path);
  using Type = PathStatus::Type;
  const Type type = S_ISREG(found.st_mode)   ? Type::File
                    : S_ISDIR(found.st_mode) ? Type::Folder
                    : S_ISLNK(found.st_mode) ? Type::Link
                                             : Type::Other;
  return PathStatus{type, found.st_uid, found.st_gid, found.st_mode & 07777U};
}

Result<std::string> SystemPaths::link_target(const std::string& path) const {
  std::array<char, PATH_MAX> target{};
  const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
  if (size < 0) return errno_error("read link " + path);
  return std::string(target.data(), static_cast<std::size_t>(size));
}

}  // namespace hald
