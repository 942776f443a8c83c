// SPDX-License-Identifier: Apache-2.0
// What is said of the grammar. compat: the first line is ipvsadm's, which programs look at; the help has
// words of its own.
#include <fmt/format.h>

#include "ipvsadm/core/command.h"

namespace hald::ipvsadm {
namespace {

constexpr const char* kHelp = R"(Usage:
  {0} -A|-E SERVICE [-s SCHEDULER] [-b FLAGS] [-p [SECONDS]] [-M MASK] [--pe ENGINE] [-o]
  {0} -D SERVICE
  {0} -a|-e SERVICE -r HOST[:PORT] [-g|-i|-m] [-w WEIGHT] [-x UPPER] [-y LOWER]
  {0} -a|-e SERVICE -r HOST[:PORT] -i --tun-type ipip|gue|gre [--tun-port PORT]
          [--tun-nocsum|--tun-csum|--tun-remcsum]
  {0} -d SERVICE -r HOST[:PORT]
  {0} -L|-l [SERVICE] [-n] [--stats|--rate|--thresholds|--persistent-conn|--tun-info] [--exact] [--nosort]
  {0} -L -c [-n] [--persistent-conn]
  {0} -L --timeout|--daemon
  {0} -Z [SERVICE]
  {0} -C
  {0} -S [-n] > FILE
  {0} -R < FILE
  {0} --set TCP TCPFIN UDP
  {0} --start-daemon master|backup [--mcast-interface NAME] [--mcast-group ADDRESS] [--mcast-port PORT]
          [--mcast-ttl TTL] [--syncid ID] [--sync-maxlen BYTES]
  {0} --stop-daemon master|backup
  {0} -h|-v

A SERVICE is one of:
  -t, --tcp-service HOST[:PORT]       --sctp-service HOST[:PORT]
  -u, --udp-service HOST[:PORT]       -f, --fwmark-service MARK [-6]

Long names of the letters:
  -A --add-service     -a --add-server      -L --list        -s --scheduler     -g --gatewaying (default)
  -E --edit-service    -e --edit-server     -Z --zero        -p --persistent    -i --ipip
  -D --delete-service  -d --delete-server   -C --clear       -M --netmask       -m --masquerading
  -S --save            -R --restore         -h --help        -b --sched-flags   -w --weight
  -n --numeric         -c --connection      -v --version     -o --ops           -x --u-threshold
  -6 --ipv6            -r --real-server                                         -y --l-threshold
)";

}  // namespace

std::string version() {
  return "ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n";
}

std::string help(const std::string& program) {
  return version() + fmt::format(kHelp, program);
}

}  // namespace hald::ipvsadm
