// SPDX-License-Identifier: Apache-2.0
#include "config/load.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <random>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/build_bfd.h"
#include "config/build_global.h"
#include "config/build_lvs.h"
#include "config/build_route.h"
#include "config/build_virtual_routers.h"
#include "config/codes.h"
#include "config/expand.h"
#include "config/lexer.h"
#include "config/lint.h"
#include "config/parser.h"
#include "config/script_check.h"
#include "config/source.h"
#include "config/validate.h"
#include "config/values.h"

namespace hald::config {
namespace {

std::string host_name() {
  std::array<char, 256> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) != 0) return "localhost";
  return buffer.data();
}

std::string user_name() {
  std::array<char, 1024> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return "root";
  return found->pw_name;
}

/// Takes the blocks of a file one after another and puts the configuration together.
class Builder {
 public:
  Builder(Diagnostics& diagnostics, const Machine& machine, const Files& files)
      : diagnostics_(diagnostics), values_(diagnostics, machine), routes_(files, global_.so_far()) {}

  void add(const Node& block) {
    const std::size_t files = routers_.files().size();
    if (routers_.read(block, values_)) {
      if (routers_.files().size() > files) lvs_.know(routers_.files().back());
      return;
    }
    switch (block.keyword().block) {
      case BlockId::BfdInstance: return read_session(block);
      case BlockId::GlobalDefs: global_.read(block, values_); return;
      case BlockId::VirtualServer:
      case BlockId::VirtualServerGroup:
      case BlockId::Ssl: lvs_.read(block, values_); return;
      case BlockId::StaticRoutes: routes_.read_static_routes(block, values_, config_.static_routes); return;
      case BlockId::StaticRules: routes_.read_static_rules(block, values_, config_.static_rules); return;
      default: global_.read_root(block, values_); return;
    }
  }

  Config finish() {
    config_.global = global_.finish({host_name(), user_name()}, diagnostics_);
    config_.bfd_instances = sessions_.finish();
    const Global& global = config_.global;
    ScriptChecks scripts(values_.machine(), {global.script_user, global.script_security}, diagnostics_);
    routers_.finish(config_, values_, scripts);
    lvs_.finish(config_, diagnostics_);
    check_lvs_scripts(config_, scripts);
    settle_global_scripts(config_, values_.machine(), scripts, diagnostics_);
    scripts.finish();
    settle_sync_daemon(config_, diagnostics_);
    lint(config_, values_.machine(), diagnostics_);
    return std::move(config_);
  }

 private:
  void read_session(const Node& block) {
    const BfdInstance* session = sessions_.read(block, values_);
    if (session == nullptr) return;
    routers_.know(*session);
    lvs_.know(*session);
  }

  Diagnostics& diagnostics_;
  Values values_;
  GlobalBuilder global_;
  RouteBuilder routes_;
  VirtualRouterBuilder routers_{routes_};
  LvsBuilder lvs_;
  BfdBuilder sessions_;
  Config config_;
};

ExpandOptions expand_options(const LoadOptions& options) {
  ExpandOptions out;
  out.config_id = options.config_id;
  if (out.config_id.empty()) out.config_id = host_name().substr(0, host_name().find('.'));
  out.all_checks = options.all_includes;
  out.seed = options.random_seed ? *options.random_seed : std::random_device()();
  out.limits = options.limits;
  return out;
}

Config build(const Source& main, Sources& sources, const Files& files, const Machine& machine,
             const LoadOptions& options, Diagnostics& diagnostics) {
  Expander expander(sources, files, diagnostics, expand_options(options));
  expander.open(main);
  Lexer lexer(expander, diagnostics);
  Parser parser(lexer, diagnostics, options.note_own_words);
  Builder builder(diagnostics, machine, files);
  Tree tree;
  while (parser.next(tree)) {
    for (const Node block : tree.roots()) builder.add(block);
  }
  return builder.finish();
}

Position whole_file(const Source& source) {
  Position out;
  out.file = source.index;
  return out;
}

class Loading {
 public:
  Loading(const Files& files, const Machine& machine, const LoadOptions& options)
      : files_(files), machine_(machine), options_(options), sources_(out_.diagnostics) {}

  Loaded file(const std::string& path) {
    FileText file = files_.read(path, sources_.room());
    const Source& main = sources_.add(path, std::move(file.text), file.identity);
    if (file.outcome != ReadOutcome::Read) {
      out_.readable = false;
      out_.diagnostics.error(whole_file(main), code::kUnreadable,
                             fmt::format("the configuration file {}", file.reason));
    } else if (file.executable) {
      out_.diagnostics.warning(whole_file(main), code::kExecutable,
                               "the configuration file is executable, and keepalived would not read it");
    }
    return text(main);
  }

  Loaded text(std::string_view text, const std::string& name) {
    return this->text(sources_.add(name, std::string(text)));
  }

 private:
  Loaded text(const Source& main) {
    Config config = foreign_format(main.text).empty()
                        ? build(main, sources_, files_, machine_, options_, out_.diagnostics)
                        : nothing_of(main);
    const bool is_empty =
        config.instances.empty() && config.virtual_servers.empty() && config.group_servers.empty();
    if (is_empty && out_.readable && !out_.diagnostics.has_errors()) {
      out_.diagnostics.warning(whole_file(main), code::kEmpty,
                               "nothing is configured: no vrrp_instance and no virtual_server");
    }
    out_.diagnostics.finish(sources_.texts());
    out_.config = std::make_shared<const Config>(std::move(config));
    return std::move(out_);
  }

  /// The defaults, which hold whatever the file is.
  Config nothing_of(const Source& main) {
    out_.diagnostics.error(whole_file(main), code::kBinary,
                           fmt::format("this is {}, not a configuration", foreign_format(main.text)));
    return Builder(out_.diagnostics, machine_, files_).finish();
  }

  const Files& files_;
  const Machine& machine_;
  const LoadOptions& options_;
  Loaded out_;
  Sources sources_;
};

}  // namespace

Loaded load_file(const std::string& path, const LoadOptions& options) {
  const SystemFiles system;
  const SystemMachine here(SystemMachine::HostNames::Trusted);
  return Loading(options.files != nullptr ? *options.files : system,
                 options.machine != nullptr ? *options.machine : here, options)
      .file(path);
}

Loaded load_text(std::string_view text, const std::string& name, const LoadOptions& options) {
  const NoFiles none;
  const PerfectMachine perfect;
  return Loading(options.files != nullptr ? *options.files : none,
                 options.machine != nullptr ? *options.machine : perfect, options)
      .text(text, name);
}

}  // namespace hald::config
