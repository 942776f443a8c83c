# SPDX-License-Identifier: Apache-2.0
"""The failover benchmark, in network namespaces of this machine: how long a virtual address does not answer.

Two directors of one kind on a switch, and a client that asks the address for an echo every millisecond. The cable of the
MASTER is cut, right behind an advert because that is the worst moment, and mended; then the MASTER is told to end and
started again; for several rounds and advert intervals. Nothing is asserted here.
"""

import os
import shutil
import signal
import socket
import statistics
import sys
import tempfile
import time

import figures
from halab.director import Director, be_real_time
from halab.netns import Namespace, connect, make_switch, run

HERE = os.path.dirname(os.path.abspath(__file__))
VIP = "10.9.0.100"
ETH_P_ALL, IP_PROTOCOL_AT, VRRP = 3, 14 + 9, 112
PRIORITIES = {"first": 150, "second": 100}
INTERVALS = (1, 0.1, 0.01)  # seconds; the default
MARGIN_MS = 20
LIMIT_SECONDS = 30
SETTLE_SECONDS = 1.5  # a neighbour does not believe a second announcement within a second of the first


def skew_ms(interval):
    return (256 - PRIORITIES["second"]) / 256 * interval * 1000


def bound_ms(interval):
    """How long the other director waits for a silent MASTER (RFC 9568: three intervals and its skew)."""
    return 3 * interval * 1000 + skew_ms(interval)


def longest_loss_ms(probes, begin, end):
    """The longest run of unanswered probes that were sent between two moments; probes are (moment, answered)."""
    longest, first, last = 0, None, None
    for moment, is_answered in probes:
        if moment < begin or moment > end or is_answered:
            first = None
            continue
        first = moment if first is None else first
        last = moment
        longest = max(longest, last - first + 1_000_000)
    return longest / 1e6


def configuration(name, interval):
    state = "MASTER" if name == "first" else "BACKUP"
    return f"""global_defs {{
    router_id {name}
    vrrp_version 3
}}
vrrp_instance failover {{
    state {state}
    interface eth0
    virtual_router_id 99
    priority {PRIORITIES[name]}
    advert_int {interval}
    virtual_ipaddress {{
        {VIP}/24
    }}
}}
"""


class Site:
    """Two directors and a client on a switch, all with a prefix of their own."""

    def __init__(self, daemon, hald, interval, folder):
        self.prefix = f"hb{os.getpid()}"
        self.folder = folder
        self.names = [f"{self.prefix}-{name}" for name in ("switch", "client", *PRIORITIES)]
        self.directors = {}
        self.probe = None
        self.switch = make_switch(self.names[0])
        self.client = self._host("client", "10.9.0.1/24")
        for number, name in enumerate(PRIORITIES):
            host = self._host(name, f"10.9.0.{10 + number}/24")
            config = os.path.join(folder, f"{name}.conf")
            with open(config, "w", encoding="ascii") as stream:
                stream.write(configuration(name, interval))
            self.directors[name] = Director(name, host, config, folder, daemon, hald, ["-P"], True)

    def _host(self, name, address):
        host = Namespace.add(f"{self.prefix}-{name}")
        connect(self.switch, name, host, "eth0", address)
        return host

    def holds(self, name):
        return VIP in run(["ip", "-n", f"{self.prefix}-{name}", "-br", "addr", "show", "dev", "eth0"])

    def wait_for_master(self, name):
        """Until `name` alone has the address, and a little longer, so that neighbours believe the next announcement."""
        deadline = time.monotonic() + LIMIT_SECONDS
        others = [other for other in PRIORITIES if other != name]
        while not self.holds(name) or any(self.holds(other) for other in others):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} does not become MASTER:\n{self.directors[name].log()}")
            time.sleep(0.02)
        time.sleep(SETTLE_SECONDS)

    def cut_behind_an_advert(self, name):
        """Returns the moment."""
        with self.switch.entered():
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        with wire:
            wire.bind((name, ETH_P_ALL))
            wire.settimeout(LIMIT_SECONDS)
            while wire.recv(128)[IP_PROTOCOL_AT] != VRRP:
                pass
            moment = time.monotonic_ns()
            self.switch.set_link(name, False)
        return moment

    def mend(self, name):
        self.switch.set_link(name, True)

    def start_probe(self):
        self.probe_file = os.path.join(self.folder, "probe")
        if os.path.exists(self.probe_file):
            os.unlink(self.probe_file)
        self.probe = self.client.popen([sys.executable, os.path.join(HERE, "probe.py"), VIP, self.probe_file],
                                       preexec_fn=be_real_time)

    def end_probe(self):
        self.probe.send_signal(signal.SIGTERM)
        self.probe.wait(LIMIT_SECONDS)
        self.probe = None
        with open(self.probe_file, encoding="ascii") as lines:
            return [(int(moment), answer == "1") for moment, answer in (line.split() for line in lines)]

    def close(self):
        if self.probe:
            self.probe.kill()
            self.probe.wait()
        for director in self.directors.values():
            director.kill()
        for name in self.names:
            if os.path.exists(f"/run/netns/{name}"):
                Namespace(name).delete()


def cut_and_mend(site):
    begin = site.cut_behind_an_advert("first")
    site.wait_for_master("second")
    back = time.monotonic_ns()
    site.mend("first")
    site.wait_for_master("first")
    return [("cut", begin, back), ("back", back, time.monotonic_ns())]


def leave_and_return(site):
    director = site.directors["first"]
    begin = time.monotonic_ns()
    director.ask_to_stop()
    site.wait_for_master("second")
    director.process.wait(LIMIT_SECONDS)
    director.has_ended()
    end = time.monotonic_ns()
    director.start()
    site.wait_for_master("first")
    return [("leave", begin, end)]


def measure_interval(daemon, hald, interval, rounds, say):
    """{event: [longest loss in ms of each round]}"""
    found = {}
    folder = tempfile.mkdtemp(prefix="hald-failover-")
    site = Site(daemon, hald, interval, folder)
    try:
        for director in site.directors.values():
            director.start()
        site.wait_for_master("first")
        for number in range(rounds):
            say(f"{daemon}, advert_int {interval}: round {number + 1} of {rounds}")
            for act in (cut_and_mend, leave_and_return):
                site.start_probe()
                time.sleep(0.3)
                spans = act(site)
                probes = site.end_probe()
                for event, begin, end in spans:
                    found.setdefault(event, []).append(longest_loss_ms(probes, begin, end))
    finally:
        site.close()
        shutil.rmtree(folder, ignore_errors=True)
    return found


def measure(programs, intervals, rounds, say):
    """{daemon: {interval: {event: [ms]}}}; the daemons take turns."""
    out = {name: {} for name in programs}
    for interval in intervals:
        for name, hald in programs.items():
            out[name][str(interval)] = measure_interval(name, hald, interval, rounds, say)
    return out


def flat(found):
    """Medians and worst cases by the keys of rows()."""
    out = {}
    for interval, events in found.items():
        for event, losses in events.items():
            out[f"{event}_{interval}"] = statistics.median(losses)
            out[f"{event}_{interval}_worst"] = max(losses)
    return out


def milliseconds(value):
    return f"{value:,.0f} ms"


def rows(intervals):
    out = []
    for interval in intervals:
        bound = bound_ms(interval) + MARGIN_MS
        out.append(figures.Row(f"cut_{interval}_worst", f"advert_int {interval}: cable cut, worst", milliseconds,
                               lambda own, ratio, bound=bound: own <= bound, f"at most {bound:,.0f} ms"))
        out.append(figures.Row(f"cut_{interval}", f"advert_int {interval}: cable cut, median", milliseconds,
                               lambda own, ratio: ratio is None or ratio <= 1, "ratio at most 1"))
        out.append(figures.Row(f"back_{interval}_worst", f"advert_int {interval}: cable mended, worst", milliseconds, None,
                               ""))
        out.append(figures.Row(f"leave_{interval}_worst", f"advert_int {interval}: told to end, worst", milliseconds,
                               lambda own, ratio: own < 5, "below 5 ms"))
    return tuple(out)
