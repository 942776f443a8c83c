# SPDX-License-Identifier: Apache-2.0
"""Thousands of checked servers of one director that all fail, and all come back, while it announces a virtual router.

Runs inside the lab kernel. The servers are one host; they are gone when the director has no route to it. Adverts are timed on
the wire. Nothing is asserted here.
"""

import os
import shutil
import sys
import tempfile
import time

import lateness
from adverts_seen import AdvertsSeen, lateness_ms, share
from halab.netns import run
from kernel_table import KernelTable
from site_of_two import Site, held

MOST_CHECKS_A_SECOND = 800  # the lab kernel has one processor for them, the servers and the network
INTERVAL = 0.1
LIMIT_SECONDS = 90
MODULES = ["ip_vs_rr", "veth", "bridge", "af_packet"]
SERVERS = "10.8.0.0/16"


def configuration(count):
    checks_a_second = min(count, MOST_CHECKS_A_SECOND)
    instance = lateness.instance(0, 150).replace("    track_script {\n        busy0\n    }\n", "")
    checked = lateness.checked_servers(count, checks_a_second).replace("connect_timeout 1\n", "connect_timeout 1\n"
                                                                        "            retry 0\n")
    return "global_defs {\n    vrrp_version 3\n}\n" + instance + checked


class Flap:
    def __init__(self, daemon, hald, count, say):
        self.daemon, self.count, self.say = daemon, count, say
        self.folder = tempfile.mkdtemp(prefix="hald-flap-")
        self.site = Site(daemon, hald, {"first": configuration(count)}, self.folder, (), is_real_time=False)
        self.director = self.site.directors["first"]
        self.director.detail = []
        self.table = KernelTable(self.director.namespace)
        self.figures = {}

    def run(self):
        listener = None
        try:
            self.site.client.ip(f"route add local {SERVERS} dev lo")
            self._route("via 10.9.0.1")
            listener = self.site.client.popen([sys.executable, "-c", lateness.LISTENER])
            self.director.start()
            self._wait(lambda: held(self.director) == 1 and self._servers() == self.count, "start")
            self._turn("down", "unreachable", 0)
            self._turn("up", "via 10.9.0.1", self.count)
        finally:
            self.director.kill()
            if listener:
                listener.kill()
                listener.wait()
            self.site.close()
            shutil.rmtree(self.folder, ignore_errors=True)
        return self.figures

    def _route(self, where):
        words = f"unreachable {SERVERS}" if where == "unreachable" else f"{SERVERS} {where}"
        namespace = self.director.namespace
        run(["ip", "-n", namespace.name, "route", "flush", "root", SERVERS])
        namespace.ip(f"route add {words}")

    def _servers(self):
        return self.table.server_count()

    def _wait(self, condition, what):
        begin = time.monotonic()
        while not condition():
            if time.monotonic() - begin > LIMIT_SECONDS or self.director.has_died():
                raise RuntimeError(f"{self.daemon}: {what}: not within {LIMIT_SECONDS} s\n{self.director.log()[-1500:]}")
            time.sleep(0.05)
        return time.monotonic() - begin

    def _cpu(self):
        total = 0.0
        for pid in self.director.processes():
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return total

    def _writes(self):
        status = self.director.status()
        return status["kernel"]["ipvs_writes"] if status else None

    def _turn(self, name, where, wanted):
        self.say(f"{self.daemon}: {self.count:,} servers go {name}")
        seen, before, writes = AdvertsSeen(self.site.switch, "first"), self._cpu(), self._writes()
        self._route(where)
        self.figures[f"{name}_s"] = self._wait(lambda: self._servers() == wanted, name)
        self.figures[f"{name}_cpu_s"] = self._cpu() - before
        if writes is not None:
            self.figures[f"{name}_writes"] = self._writes() - writes
        late = lateness_ms(seen.end(), INTERVAL)
        self.figures[f"{name}_late_ms"] = max(late, default=0.0)
        self.figures[f"{name}_late_p99_ms"] = share(late, 0.99) or 0.0
        self.say(f"  after {self.figures[f'{name}_s']:.1f} s, the latest advert {self.figures[f'{name}_late_ms']:.1f} ms late")
