// SPDX-License-Identifier: Apache-2.0
#include "config/script_check.h"

#include <cerrno>
#include <tuple>

#include <fmt/format.h>

#include "base/script_check.h"
#include "config/codes.h"

namespace hald::config {
namespace {

using Fault = ScriptFinding::Fault;

constexpr std::string_view kUsualUser = "keepalived_script";

PathStatus::Type type_of(FileFacts::Kind kind) {
  switch (kind) {
    case FileFacts::Kind::Regular: return PathStatus::Type::File;
    case FileFacts::Kind::Directory: return PathStatus::Type::Folder;
    case FileFacts::Kind::Link: return PathStatus::Type::Link;
    case FileFacts::Kind::Other: break;
  }
  return PathStatus::Type::Other;
}

/// A Machine, as the rules about scripts see it.
class MachinePaths final : public Paths {
 public:
  explicit MachinePaths(const Machine& machine) : machine_(machine) {}

  [[nodiscard]] Result<PathStatus> status(const std::string& path) const override {
    const auto facts = machine_.facts(path);
    if (!facts) return errno_error(ENOENT, "look at " + path);
    return PathStatus{type_of(facts->kind), facts->owner, facts->group, facts->mode};
  }
  [[nodiscard]] Result<std::string> link_target(const std::string& path) const override {
    const auto real = machine_.real_path(path);
    if (!real) return errno_error(ENOENT, "follow " + path);
    return *real;
  }

 private:
  const Machine& machine_;
};

ScriptFinding finding_of(ScriptVerdict verdict) {
  ScriptFinding out{Fault::None, verdict.path, std::move(verdict.text), true};
  switch (verdict.fault) {
    case ScriptFault::None: break;
    case ScriptFault::Missing:
    case ScriptFault::Unreachable: out.fault = Fault::Missing, out.is_program = false; break;
    // compat: what is to run as another user is looked at only when it runs.
    case ScriptFault::WrongType: out.fault = verdict.as_root ? Fault::WrongType : Fault::None; break;
    case ScriptFault::NotExecutable: out.fault = Fault::NotExecutable; break;
    case ScriptFault::Insecure: out.fault = Fault::Unsafe; break;
  }
  if (out.fault != Fault::None) out.path = verdict.part;
  // compat: root goes through no folder that is a link, even if all is root's.
  if (verdict.as_root && !verdict.linked_folder.empty())
    return {Fault::WrongType, verdict.linked_folder, verdict.linked_folder + " is a link", true};
  return out;
}

}  // namespace

ScriptFinding examine_script(const std::string& program, Account account, const Machine& machine) {
  if (is_open_test(program)) return {Fault::None, program, {}, false};
  const ScriptUser user{account.user, account.group, {}};
  return finding_of(check_script(program, user, MachinePaths(machine), machine.search_path()));
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
               fmt::format("{} is not there or out of reach: it is ignored", program), finding.text, matters);
      return false;
    case Fault::NotExecutable:
      complain(command.where, code::kScriptNotExecutable,
               fmt::format("{} cannot be executed by its user: it is ignored", program), finding.text, false);
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
           finding.text + ": give the file and all directories above it to root alone",
           matters && rules_.security);
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
