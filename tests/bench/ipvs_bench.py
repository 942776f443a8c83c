# SPDX-License-Identifier: Apache-2.0
"""Inside the lab kernel: one big table, by a plain writer, by keepalived and by hald; then what others do to it.
And thousands of checked servers that all fail at once.

Each has a namespace of its own. Times are compared within one run only; nothing is asserted here.
"""

import json
import os
import time

from halab.netns import Namespace, run

import flap
import lateness
import plain_writer
from figures import Row, count, seconds
from kernel_table import KernelTable
from load import MODULES, WORK, Measured, say, version_of

NOTICE_LIMIT = 90  # hald looks once a minute
# The kernel keeps deleted servers for two minutes and searches all of them at each addition.
REPAIR_LIMIT = 300
ROWS = (
    Row("plain_s", "the kernel's own limit", seconds, None, ""),
    Row("start_s", "start: exec to all programmed", seconds, None, ""),
    Row("start_limits", "start: times the kernel's own limit", lambda value: f"{value:.2f}", lambda own, ratio: own <= 2,
        "2"),
    Row("start_cpu_s", "start: processor time", seconds, None, ""),
    Row("reload_cpu_s", "reload of one weight: processor time", seconds, lambda own, ratio: own < 0.15, "below 0.15 s"),
    Row("reload_writes", "reload of one weight: writes to the kernel", count, lambda own, ratio: own == 1, "1"),
    Row("notice_s", "`ipvsadm -C` behind its back: until noticed", seconds, lambda own, ratio: own <= 61, "61 s"),
    Row("repair_s", "the same: until repaired (a slow kernel)", seconds, None, ""),
    Row("repair_cpu_s", "the same: processor time", seconds, None, ""),
    Row("repair_writes", "the same: writes to the kernel", count, None, ""),
    Row("down_s", "all checked servers fail: until all are out", seconds, None, ""),
    Row("down_cpu_s", "the same: processor time", seconds, None, ""),
    Row("down_writes", "the same: writes to the kernel", count, None, ""),
    Row("down_late_ms", "the same: the latest advert", lateness.milliseconds, lambda own, ratio: own < 10, "below 10 ms"),
    Row("up_s", "all come back: until all are in", seconds, None, ""),
    Row("up_cpu_s", "the same: processor time", seconds, None, ""),
    Row("up_writes", "the same: writes to the kernel", count, None, ""),
    Row("up_late_ms", "the same: the latest advert", lateness.milliseconds, lambda own, ratio: own < 10, "below 10 ms"),
)


class Table(Measured):
    """A Measured that is not stopped but harmed."""

    wants_repair = True

    def run(self):
        self._write()
        try:
            self._start()
            self._reload()
            if self.wants_repair and self.daemon == "hald":  # keepalived never looks
                self._repair()
        finally:
            self.director.kill()
        return self.figures

    def _repair(self):
        before, begin = self._cpu(), time.monotonic()
        self.namespace.run(["ipvsadm", "-C"])
        if self._wait(lambda: self.table.service_count() > 0, NOTICE_LIMIT, "repair") is None:
            raise RuntimeError("hald did not notice that the table was emptied")
        self.figures["notice_s"] = time.monotonic() - begin
        if self._wait(self._is_programmed, REPAIR_LIMIT, "repair") is None:
            raise RuntimeError("hald did not repair the table")
        self.figures["repair_s"] = time.monotonic() - begin
        self.figures["repair_cpu_s"] = self._cpu() - before
        self._note_writes("repair_writes")
        say(f"  {self.daemon}: repaired after {self.figures['repair_s']:.1f} s")


def plain(options, number):
    namespace = Namespace.add(f"plain{number}")
    table = KernelTable(namespace)
    say(f"plain writer: {options.services:,} services x {options.servers} servers")
    took = plain_writer.seconds_for(namespace, options.services, options.servers)
    if table.server_count() != options.services * options.servers:
        raise RuntimeError(f"the plain writer made {table.server_count()} servers")
    say(f"  programmed after {took:.2f} s")
    return took


def main(options):
    run(["modprobe", "-a"] + MODULES + flap.MODULES)
    os.makedirs(WORK, exist_ok=True)
    os.nice(-5)  # the poller must not wait for the daemon that it watches
    commands = {"keepalived": "keepalived", "hald": options.hald}
    result = {"kernel": os.uname().release, "versions": {name: version_of(commands[name]) for name in options.daemons},
              "runs": {name: [] for name in options.daemons}}
    status = 0
    for number in range(options.runs):
        limit = plain(options, number)
        for daemon in options.daemons:
            measured = Table(daemon, options.hald, options.services, options.servers, f"{daemon}{number}")
            measured.figures["plain_s"] = limit
            measured.wants_repair = not options.no_repair
            try:
                measured.run()
                measured.figures["start_limits"] = measured.figures["start_s"] / limit
                measured.figures.update(flap.Flap(daemon, options.hald, options.flapping, say).run())
            except RuntimeError as error:
                say(f"bench: {error}")
                status = 1
            result["runs"][daemon].append(measured.figures)
    with open(os.path.join(options.out, "raw.json"), "w", encoding="utf-8") as stream:
        json.dump(result, stream)
    return status
