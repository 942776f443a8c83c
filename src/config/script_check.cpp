// SPDX-License-Identifier: Apache-2.0
#include "config/script_check.h"

#include <filesystem>
#include <tuple>

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {
namespace {

using Fault = ScriptFinding::Fault;
using FileKind = FileFacts::Kind;

constexpr std::uint32_t kSticky = 01000;
constexpr std::uint32_t kSetGroup = 02000;
constexpr std::uint32_t kSetUser = 04000;
constexpr std::uint32_t kAnyExecute = 0111;
constexpr std::string_view kUsualUser = "keepalived_script";

/// Execution of a file, search of a directory.
bool may_execute(const FileFacts& facts, Account account) {
  if (account.user == 0) return facts.kind == FileKind::Directory || (facts.mode & kAnyExecute) != 0;
  if (account.user == facts.owner) return (facts.mode & 0100U) != 0;
  return (facts.mode & (account.group == facts.group ? 0010U : 0001U)) != 0;
}

/// Calls `visit` with every directory above `path`, the root first; stops when it returns false.
template <typename Visit>
bool each_directory(const std::string& path, Visit visit) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    if (!visit(slash == 0 ? std::string("/") : path.substr(0, slash))) return false;
  }
  return true;
}

bool can_be_reached(const std::string& path, Account account, const Machine& machine) {
  return each_directory(path, [&](const std::string& directory) {
    const auto facts = machine.facts(directory);
    return facts && (facts->kind == FileKind::Link || may_execute(*facts, account));
  });
}

bool only_root_can_change(const FileFacts& facts) {
  if (facts.owner != 0) return false;
  if (facts.kind == FileKind::Link || (facts.kind == FileKind::Directory && (facts.mode & kSticky) != 0))
    return true;
  return (facts.mode & 0002U) == 0 && (facts.group == 0 || (facts.mode & 0020U) == 0);
}

/// Root runs it: every part of the path must be root's.
ScriptFinding walk(const std::string& path, const Machine& machine) {
  ScriptFinding out;
  const auto judge = [&](const std::string& part, bool is_file) {
    const auto facts = machine.facts(part);
    if (!facts) {
      out.fault = Fault::Missing;
    } else if (is_file ? facts->kind != FileKind::Regular && facts->kind != FileKind::Link
                       : facts->kind != FileKind::Directory) {
      out.fault = Fault::WrongType;
    } else if (!only_root_can_change(*facts)) {
      out.fault = Fault::Unsafe;
    }
    out.path = part;
    return out.fault == Fault::None;
  };
  if (each_directory(path, [&](const std::string& directory) { return judge(directory, false); }))
    judge(path, true);
  return out;
}

bool needs_protection(const FileFacts& facts, Account account) {
  if (account.user == 0 || account.group == 0) return true;
  const bool as_root = facts.owner == 0 && (facts.mode & 0100U) != 0 && (facts.mode & kSetUser) != 0;
  const bool as_root_group = facts.group == 0 && (facts.mode & 0010U) != 0 && (facts.mode & kSetGroup) != 0;
  return as_root || as_root_group;
}

/// The first file of that name in the search path that the account can run.
std::optional<std::string> find_program(const std::string& name, Account account, const Machine& machine) {
  const std::string path = machine.search_path();
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find(':', at), path.size());
    std::string candidate = path.substr(at, end - at) + "/" + name;
    const auto real = machine.real_path(candidate);
    const auto facts = real ? machine.facts(*real) : std::nullopt;
    if (facts && facts->kind == FileKind::Regular && may_execute(*facts, account)) return candidate;
    at = end + 1;
  }
  return {};
}

bool asks_for_a_file(const std::string& program) {
  if (!program.starts_with('<')) return false;
  const auto next = program.find_first_not_of(" \t", 1);
  return next != std::string::npos && program[next] == '/';
}

ScriptFinding missing(const std::string& program) {
  return {Fault::Missing, program, false};
}

}  // namespace

ScriptFinding examine_script(const std::string& program, Account account, const Machine& machine) {
  if (asks_for_a_file(program)) return {Fault::None, program, false};
  std::string path = program;
  if (path.find('/') == std::string::npos) {
    const auto found = find_program(program, account, machine);
    if (!found) return missing(program);
    path = *found;
  }
  const auto real = machine.real_path(path);
  if (!real || !can_be_reached(path, account, machine) || !can_be_reached(*real, account, machine))
    return missing(program);
  const auto facts = machine.facts(*real);
  if (!facts) return missing(program);
  if (!may_execute(*facts, account)) return {Fault::NotExecutable, path, true};
  if (!needs_protection(*facts, account)) return {Fault::None, path, true};
  ScriptFinding out = walk(std::filesystem::path(path).lexically_normal().string(), machine);
  if (out.fault == Fault::None && *real != path) out = walk(*real, machine);
  return out;
}

std::optional<Account> account_of(const RunAs& run_as, const Machine& machine) {
  auto account = machine.user(run_as.user);
  const std::string group = run_as.group.starts_with(':') ? run_as.group.substr(1) : run_as.group;
  if (!account || group.empty()) return account;
  const auto number = machine.group(group);
  if (!number) return {};
  account->group = *number;
  return account;
}

ScriptChecks::ScriptChecks(const Machine& machine, ScriptRules rules, Diagnostics& diagnostics)
    : machine_(machine), rules_(std::move(rules)), diagnostics_(diagnostics) {}

/// compat: without script_user there may be an account of a certain name for it, else it is hald's own.
std::optional<Account> ScriptChecks::account(const RunAs& run_as) {
  const RunAs& wanted = run_as.user.empty() ? rules_.user : run_as;
  const auto [known, is_new] = accounts_.try_emplace({wanted.user, wanted.group});
  if (!is_new) return known->second;
  if (!wanted.user.empty()) {
    known->second = account_of(wanted, machine_);
  } else {
    known->second = machine_.user(std::string(kUsualUser));
    if (!known->second && !rules_.security) known->second = machine_.self();
  }
  return known->second;
}

const ScriptFinding& ScriptChecks::examine(const std::string& program, Account account) {
  const auto [known, is_new] = findings_.try_emplace({program, account});
  if (is_new) known->second = examine_script(program, account, machine_);
  return known->second;
}

bool ScriptChecks::usable(const Command& command, Kind kind) {
  const std::string& program = command.words.front();
  const auto runs_as = account(command.run_as);
  if (!runs_as) {
    const bool own = !command.run_as.user.empty();
    const bool usual = !own && rules_.user.user.empty();
    complain(own ? command.run_as.where : command.where, code::kUnknownAccount,
             usual
                 ? fmt::format("{} is ignored: there is no account for scripts", quote(program))
                 : fmt::format("{} is ignored: there is no user {}{}", quote(program),
                               quote(own ? command.run_as.user : rules_.user.user),
                               (own ? command.run_as : rules_.user).group.empty() ? "" : " with that group"),
             usual ? fmt::format("name one with script_user in global_defs, or create {}", kUsualUser) : "",
             kind != Kind::Notify || usual);
    return false;
  }
  const ScriptFinding& finding = examine(program, *runs_as);
  if (finding.is_program && !first_script_) first_script_ = command.where;
  return report(command, finding, kind);
}

bool ScriptChecks::report(const Command& command, const ScriptFinding& finding, Kind kind) {
  const std::string program = quote(command.words.front());
  const bool matters = kind == Kind::Track;
  switch (finding.fault) {
    case Fault::None: return true;
    case Fault::Missing:
      complain(command.where, code::kScriptMissing,
               fmt::format("{} is not there or out of reach: it is ignored", program), "", matters);
      return false;
    case Fault::NotExecutable:
      complain(command.where, code::kScriptNotExecutable,
               fmt::format("{} cannot be executed by its user: it is ignored", program), "", false);
      return false;
    case Fault::WrongType:
      complain(
          command.where, code::kScriptInsecure,
          fmt::format("{} is ignored: {} is not what root should run through", program, quote(finding.path)),
          "root runs it: name the file by a path without links", matters);
      return false;
    case Fault::Unsafe: break;
  }
  complain(command.where, code::kScriptInsecure,
           fmt::format("root would run {}, and others can change {}{}", program, quote(finding.path),
                       rules_.security ? ": it is ignored" : ""),
           "give the file and all directories above it to root alone", matters && rules_.security);
  return !rules_.security;
}

void ScriptChecks::finish() {
  if (rules_.security || !first_script_) return;
  diagnostics_
      .warning(*first_script_, code::kNoScriptSecurity, "scripts run, and script security is not enabled",
               "write enable_script_security in global_defs")
      .as_security();
}

void ScriptChecks::complain(Position where, std::string_view code, std::string message, std::string help,
                            bool is_error) {
  if (is_error) {
    diagnostics_.error(where, code, std::move(message), std::move(help));
  } else {
    diagnostics_.warning(where, code, std::move(message), std::move(help));
  }
}

}  // namespace hald::config
