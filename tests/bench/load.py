# SPDX-License-Identifier: Apache-2.0
"""The load benchmark inside the lab kernel: one daemon after the other starts, reloads and stops on the same file.

Each daemon has a network namespace, and so a table, of its own. Both are timed and polled in the same way; nothing is
asserted here.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time

from halab.director import Director
from halab.netns import Namespace, run

import load_config
from kernel_table import KernelTable

WORK = "/tmp/bench"
POLL_SECONDS = 0.01
QUIET_SECONDS = 1.0
PROGRESS_SECONDS = 1.0
START_LIMIT, RELOAD_LIMIT, STOP_LIMIT = 180, 120, 60
NEW_WEIGHT = 7
MODULES = ["ip_vs", "ip_vs_wrr"]


def say(text):
    print(text, flush=True)


class Measured:
    """One run of one daemon; `figures` grows while it goes. Times are in seconds, memory in bytes."""

    def __init__(self, daemon, hald, services, servers, name):
        self.daemon, self.services, self.servers = daemon, services, servers
        self.namespace = Namespace.add(name)
        self.table = KernelTable(self.namespace)
        self.config = os.path.join(WORK, f"{name}.conf")
        self.director = Director(name, self.namespace, self.config, WORK, daemon, hald, ["-C", "-G"])
        self.director.detail = []  # what they log of each server is not what is measured
        self.figures = {}
        self._shown = 0.0

    def run(self):
        self._write()
        try:
            self._start()
            self._reload()
            self._stop()
        finally:
            self.director.kill()
            self.namespace.run(["ipvsadm", "-C"])
        return self.figures

    def _write(self, **change):
        with open(self.config + ".new", "w", encoding="ascii") as config:
            config.write(load_config.render(self.services, self.servers, **change))
        os.rename(self.config + ".new", self.config)

    # Waiting

    def _wait(self, condition, limit, what):
        """Seconds until `condition()`; None if it did not come about within `limit` or the daemon died."""
        begin = time.monotonic()
        while not condition():
            now = time.monotonic()
            if now - begin > limit:
                say(f"  {self.daemon}: {what}: not within {limit} s")
                return None
            if self.director.has_ended():
                say(f"  {self.daemon} has ended with status {self.director.exit_status}:\n{self.director.log()[-2000:]}")
                return None
            if now - self._shown > PROGRESS_SECONDS:
                self._shown = now
                say(f"  {self.daemon}: {what}: {self.table.service_count():,} services after {now - begin:.0f} s")
            time.sleep(POLL_SECONDS)
        return time.monotonic() - begin

    def _cpu(self):
        """Seconds of processor time that the daemon's processes have used so far."""
        total = 0.0
        for pid in self.director.processes():
            try:
                total += time.clock_gettime(~pid << 3 | 2)  # the kernel's clock number for another process
            except OSError:
                pass  # it has just ended
        return total

    def _cpu_when_quiet(self, limit):
        """What `_cpu` says once it has stood still for a while."""
        last, since, end = self._cpu(), time.monotonic(), time.monotonic() + limit
        while time.monotonic() - since < QUIET_SECONDS and time.monotonic() < end:
            time.sleep(0.1)
            now = self._cpu()
            if now - last > 0.005:
                last, since = now, time.monotonic()
        return last

    # What is measured

    def _is_programmed(self):
        return (self.table.service_count() == self.services
                and self.table.server_count() == self.services * self.servers)

    def _start(self):
        say(f"{self.daemon}: start, {self.services:,} services x {self.servers} servers")
        begin = time.monotonic()
        with self.namespace.entered():  # no `ip netns exec`: its time would count as the daemon's
            with open(self.director.log_path, "wb") as log:
                self.director.process = subprocess.Popen(self.director.command(), stdin=subprocess.DEVNULL, stdout=log,
                                                         stderr=log)
        if self._wait(self._is_programmed, START_LIMIT, "start") is None:
            raise RuntimeError(f"{self.daemon} did not program the table")
        self.figures["start_s"] = time.monotonic() - begin
        self.figures["start_cpu_s"] = self._cpu_when_quiet(RELOAD_LIMIT)
        self._note_memory("")
        self._note_writes("start_writes")
        say(f"  {self.daemon}: programmed after {self.figures['start_s']:.2f} s")

    def _worker(self):
        """The process that programs IPVS: keepalived's checker process, or hald itself."""
        return self.director.processes()[-1]

    def _note_memory(self, suffix):
        with open(f"/proc/{self._worker()}/status", encoding="ascii") as status:
            text = status.read()
        for key, word in (("rss", "VmRSS"), ("peak", "VmHWM")):
            self.figures[f"{key}{suffix}_bytes"] = int(re.search(rf"{word}:\s+(\d+) kB", text).group(1)) * 1024

    def _note_writes(self, key):
        status = self.director.status()
        if status:
            self.figures[key] = status["kernel"]["ipvs_writes"] - sum(
                value for name, value in self.figures.items() if name.endswith("_writes"))

    def _reload(self):
        changed = (self.services // 2, self.servers // 2)
        address, server = load_config.service_address(changed[0]), load_config.server_address(*changed)
        self._write(changed=changed, weight=NEW_WEIGHT)
        before = self._cpu()
        begin = time.monotonic()
        self.director.reload()
        self._wait(lambda: self.table.weights(address, load_config.PORT, self.servers).get(server) == NEW_WEIGHT,
                   RELOAD_LIMIT, "reload")
        self.figures["reload_s"] = time.monotonic() - begin
        self.figures["reload_cpu_s"] = self._cpu_when_quiet(RELOAD_LIMIT) - before
        self._note_memory("_after_reload")
        self._note_writes("reload_writes")
        if not self._is_programmed():
            say(f"  {self.daemon}: after the reload {self.table.server_count():,} servers are in the table")
        say(f"  {self.daemon}: one weight changed after {self.figures['reload_s']:.2f} s")

    def _stop(self):
        begin = time.monotonic()
        self.director.signal(signal.SIGTERM)
        while not self.director.has_ended() and time.monotonic() - begin < STOP_LIMIT:
            time.sleep(POLL_SECONDS)
        self.figures["stop_s"] = time.monotonic() - begin
        self.figures["services_left"] = self.table.service_count()
        self.figures["servers_left"] = self.table.server_count()
        self.figures["exit_status"] = self.director.exit_status
        say(f"  {self.daemon}: ended after {self.figures['stop_s']:.2f} s, {self.figures['servers_left']:,} servers left")


def version_of(command):
    done = subprocess.run([command, "-v"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    match = re.search(r"\d+\.\d+\.\d+", done.stdout)
    return match.group(0) if match else "?"


def main(options):
    run(["modprobe", "-a"] + MODULES)
    os.makedirs(WORK, exist_ok=True)
    os.nice(-5)  # the poller must not wait for the daemon that it watches
    commands = {"keepalived": "keepalived", "hald": options.hald}
    result = {"kernel": os.uname().release, "versions": {name: version_of(commands[name]) for name in options.daemons},
              "runs": {name: [] for name in options.daemons}}
    status = 0
    for number in range(options.runs):
        for daemon in options.daemons:
            measured = Measured(daemon, options.hald, options.services, options.servers, f"{daemon}{number}")
            try:
                measured.run()
            except RuntimeError as error:
                say(f"bench: {error}")
                status = 1
            result["runs"][daemon].append(measured.figures)
    with open(os.path.join(options.out, "raw.json"), "w", encoding="utf-8") as stream:
        json.dump(result, stream)
    sys.stdout.flush()
    return status
