# SPDX-License-Identifier: Apache-2.0
"""One file under two daemons, one after the other: what each puts into the kernel, and what it leaves there.

Runs inside the lab kernel. What is compared is what an administrator sees: `ipvsadm -Sn` and `ip -o addr`.
"""

import os
import re
import time

from halab.director import Director
from halab.labconfig import LabConfig
from halab.netns import run
from halab.topology import DIRECTORS, SERVERS, Topology
from halab.webserver import WebServer

MODULES = ["ip_vs", "ip_vs_rr", "ip_vs_wrr", "veth", "bridge", "af_packet", "ipip"]
MODES = ("dr", "nat", "tun")
WORK = "/tmp/same-table"
QUIET_SECONDS = 1.5  # as long must the table and the addresses stay what they are to count as settled
STOP_SECONDS = 10


def addresses(namespace):
    """Lines of `ip -o addr`, in the kernel's order, without link-local addresses and running life times."""
    lines = run(["ip", "-n", namespace.name, "-o", "addr"]).splitlines()
    lines = [re.sub(r"\b\d+sec\b", "Nsec", " ".join(line.split())) for line in lines]
    return [line for line in lines if "scope link" not in line or "inet6" not in line]


def seen(director):
    return {"ipvsadm -Sn": director.namespace.run(["ipvsadm", "-Sn"]).splitlines(),
            "ip -o addr": addresses(director.namespace)}


def is_master(state, config):
    """The file's table and addresses are all there."""
    table, lines = state["ipvsadm -Sn"], "\n".join(state["ip -o addr"])
    return (sum(line.startswith("-a ") for line in table) == len(config.servers)
            and all(f"inet {address.with_prefixlen} " in lines for address, _ in config.virtual_addresses))


def settled(director, config):
    """What is seen once it has not changed for a while; raises when the director does not become MASTER."""
    limit = time.monotonic() + config.master_down_time + config.delay_loop + 10
    last, since = None, time.monotonic()
    while True:
        now, state = time.monotonic(), seen(director)
        if state != last:
            last, since = state, now
        if is_master(state, config) and now - since >= QUIET_SECONDS:
            return state
        if now > limit:
            raise RuntimeError(f"{director.daemon} on {director.name} did not settle as MASTER:\n{show(state)}\n"
                               f"{director.log()[-3000:]}")
        time.sleep(0.1)


def show(state):
    return "\n".join(f"  {what}: {line}" for what, lines in state.items() for line in lines)


def run_one(name, namespace, config, daemon, hald):
    """(state as MASTER, state after the end, exit status)"""
    director = Director(name, namespace, config.path, os.path.join(WORK, daemon), daemon, hald)
    director.start()
    try:
        state = settled(director, config)
        director.ask_to_stop()
        limit = time.monotonic() + STOP_SECONDS
        while not director.has_ended():
            if time.monotonic() > limit:
                raise RuntimeError(f"{daemon} on {name} did not end within {STOP_SECONDS} s of SIGTERM:\n"
                                   f"{director.log()[-3000:]}")
            time.sleep(0.02)
    finally:
        director.kill()
    return state, seen(director), director.exit_status


class Verdict:
    def __init__(self):
        self.ok = True

    def expect(self, text, ok, detail=""):
        self.ok = self.ok and ok
        print(f"{'ok  ' if ok else 'FAIL'} {text}" + (f"\n{detail}" if detail and not ok else ""), flush=True)


def compare(verdict, label, namespace, config, daemons, hald):
    before = {"ipvsadm -Sn": [], "ip -o addr": addresses(namespace)}
    states = []
    for daemon in daemons:
        state, left, status = run_one(os.path.basename(config.path)[:-5], namespace, config, daemon, hald)
        states.append(state)
        verdict.expect(f"{label}: {daemon} ends with status 0", status == 0, f"  status {status}")
        verdict.expect(f"{label}: {daemon} leaves nothing behind", left == before,
                       f"  before\n{show(before)}\n  after\n{show(left)}")
        if len(states) == 1:
            print(show(state), flush=True)
    for what in before:
        first, second = (state[what] for state in states)
        verdict.expect(f"{label}: {what} under {daemons[1]} as under {daemons[0]}", first == second,
                       "".join(f"  {daemons[0]:<12}{line}\n" for line in first)
                       + "".join(f"  {daemons[1]:<12}{line}\n" for line in second))


def main(examples, hald, against):
    """Exit status: 0 all the same, 1 not."""
    run(["modprobe", "-a"] + MODULES)
    verdict = Verdict()
    for mode in MODES:
        configs = {name: LabConfig(os.path.join(examples, mode, f"{name}.conf")) for name in DIRECTORS}
        topology = Topology(configs["lb01"])
        servers = [WebServer(name, topology.hosts[name], WORK, configs["lb01"].port) for name in SERVERS]
        for server in servers:
            server.start()
        for name in DIRECTORS:
            try:
                compare(verdict, f"{mode}/{name}.conf", topology.hosts[name], configs[name], ("keepalived", against), hald)
            except RuntimeError as error:
                verdict.expect(f"{mode}/{name}.conf", False, str(error))
        for server in servers:
            server.stop()
        topology.delete()
    return 0 if verdict.ok else 1
