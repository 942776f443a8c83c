// SPDX-License-Identifier: Apache-2.0
// compat: what an error number means depends on what was asked for.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "ipvsadm/core/command.h"

namespace hald::ipvsadm {
namespace {

enum class Asked : unsigned char { Anything, Add, Edit, Service, AddServer, Server, Start, Stop };

struct Refusal {
  Asked asked;
  int number;
  std::string_view text;
};
constexpr std::array kRefusals{
    Refusal{Asked::Add, EEXIST, "Service already exists"},
    Refusal{Asked::Add, ENOENT, "Scheduler or persistence engine not found"},
    Refusal{Asked::Edit, ESRCH, "No such service"},
    Refusal{Asked::Edit, ENOENT, "Scheduler or persistence engine not found"},
    Refusal{Asked::Service, ESRCH, "No such service"},
    Refusal{Asked::AddServer, ESRCH, "Service not defined"},
    Refusal{Asked::AddServer, EEXIST, "Destination already exists"},
    Refusal{Asked::Server, ESRCH, "Service not defined"},
    Refusal{Asked::Server, ENOENT, "No such destination"},
    Refusal{Asked::Start, EEXIST, "Daemon has already run"},
    Refusal{Asked::Stop, ESRCH, "No daemon is running"},
    Refusal{Asked::Anything, EPERM, "Permission denied (you must be root)"},
    Refusal{Asked::Anything, EINVAL,
            "Invalid operation.  Possibly wrong module version, address not unicast, ..."},
    Refusal{Asked::Anything, ENOPROTOOPT, "Protocol not available"},
    Refusal{Asked::Anything, ENOMEM, "Memory allocation problem"},
    Refusal{Asked::Anything, EOPNOTSUPP, "Operation not supported with IPv6"},
    Refusal{Asked::Anything, EAFNOSUPPORT, "Operation not supported with specified address family"},
    Refusal{Asked::Anything, EMSGSIZE, "Module is wrong version"}};

Asked asked(Verb verb) {
  switch (verb) {
    case Verb::AddService: return Asked::Add;
    case Verb::EditService: return Asked::Edit;
    case Verb::AddServer: return Asked::AddServer;
    case Verb::EditServer:
    case Verb::DeleteServer: return Asked::Server;
    case Verb::StartDaemon: return Asked::Start;
    case Verb::StopDaemon: return Asked::Stop;
    default: return Asked::Service;
  }
}

}  // namespace

std::string refusal(Verb verb, const std::error_code& code) {
  const Asked what = asked(verb);
  const auto* const found = std::find_if(kRefusals.begin(), kRefusals.end(), [&](const Refusal& each) {
    return each.number == code.value() && (each.asked == what || each.asked == Asked::Anything);
  });
  return found != kRefusals.end() ? std::string(found->text) : code.message();
}

}  // namespace hald::ipvsadm
