# SPDX-License-Identifier: Apache-2.0
"""The failover drill inside the lab kernel: builds the network, runs the steps, writes timeline.json.

Composition root of the lab's side; the bounds live in steps.py, the picture in report.py (made on the host).
"""

import bisect
import json
import os
import sys
import time
import traceback

from halab import traffic as traffic_module
from halab.director import Director
from halab.labconfig import LabConfig
from halab.ledger import Ledger, SECOND
from halab.monitor import Monitor
from halab.netns import run
from halab.steplist import STEPS
from halab.steps import StepFailed, Steps
from halab.topology import DIRECTORS, SERVERS, Topology
from halab.traffic import OK, Traffic
from halab.webserver import WebServer

MODULES = ["ip_vs", "ip_vs_rr", "ip_vs_wrr", "nlmon", "veth", "bridge", "af_packet"]
PROGRESS_SECONDS = 0.25


class Lab:
    """The running parts, and the questions that several steps ask of them."""

    def __init__(self, mode, config_folder, daemons, binaries, out, live, restarts):
        """`daemons`: {"lb01": "hald" or "keepalived", ...}. `binaries`: of hald; the first one runs, and restarts take
        them in turn. `live`: redraw one progress line (a terminal)."""
        self.binaries, self.restarts = binaries, restarts
        hald = binaries[0]
        run(["modprobe", "-a"] + MODULES + (["ipip"] if mode == "tun" else []))
        self.out = out
        self.live = live
        self.config, self.backup_config = (LabConfig(os.path.join(config_folder, mode, f"{name}.conf"))
                                           for name in DIRECTORS)
        self.topology = Topology(self.config)
        self.ledger = Ledger()
        work = "/tmp/halab"
        self.servers = {name: WebServer(name, self.topology.hosts[name], work, self.config.port) for name in SERVERS}
        self.traffic = Traffic(self.topology.hosts["client"], self.topology.client_addresses,
                               (self.config.vip, self.config.port), SERVERS)
        self.directors = {name: Director(name, self.topology.hosts[name],
                                         os.path.join(config_folder, mode, f"{name}.conf"), work, daemons[name], hald)
                          for name in DIRECTORS}
        self.monitor = Monitor(self.topology, out)
        for server in self.servers.values():
            server.start()
        self._shown = 0.0
        self.begin = time.time_ns()

    # Questions

    def first_request(self, since):
        """Number of the first request that began at or after a moment."""
        return bisect.bisect_left(range(self.traffic.counts()[0]), since, key=lambda i: self.traffic.request(i).start)

    def servers_seen(self, since):
        return {request.server for request in self.traffic.requests(self.first_request(since)) if request.fate == OK}

    def answered_by(self, server, since):
        number = SERVERS.index(server) + 1
        return next((request for request in self.traffic.requests(self.first_request(since))
                     if request.fate == OK and request.server == number), None)

    def table_change(self, director, server, since):
        """When the server first entered or left the director's table after a moment."""
        was = False
        for moment, name, table in self.monitor.table_changes:
            if name == director:
                if moment > since and (server in table) != was:
                    return moment
                was = server in table
        return None

    # Progress

    def show_progress(self, force=False):
        now = time.monotonic()
        if not self.live or (now - self._shown < PROGRESS_SECONDS and not force):
            return
        self._shown = now
        sys.stdout.write("\r" + self._progress_line() + "\x1b[K")
        sys.stdout.flush()

    def _progress_line(self):
        started, _, failed, gap = self.traffic.counts()
        number, name = len(self.ledger.steps), self.ledger.step.name
        elapsed = (time.time_ns() - self.begin) / SECOND
        return (f"{elapsed:6.1f} s  step {number}/{len(STEPS)} {name:<12} requests {started:6d}  failed {failed:5d}  "
                f"longest gap {gap / 1e6:5.0f} ms")

    def end_progress(self):
        if self.live:
            self.show_progress(force=True)
            sys.stdout.write("\n")
        else:
            print(self._progress_line())
        sys.stdout.flush()

    # The end

    def close(self):
        for director in self.directors.values():
            if not director.has_ended():
                director.kill()
        self.traffic.stop()
        self.monitor.close()
        for name, director in self.directors.items():
            with open(os.path.join(self.out, f"{name}.log"), "w", encoding="utf-8") as log:
                log.write(director.log())


def run_drill(lab):
    """Runs all steps, as far as they make sense; the ledger holds what came of them."""
    steps = Steps(lab)
    try:
        for name, title in STEPS:
            lab.ledger.begin(name, title, time.time_ns())
            getattr(steps, name.replace("-", "_"))()
            lab.end_progress()
    except StepFailed as failure:
        lab.end_progress()
        lab.ledger.expect("the drill goes on", False, f"stopped for lack of: {failure}", "all steps")
    except Exception:  # the drill's own fault must not look like a pass, and the report is still of use
        lab.end_progress()
        traceback.print_exc(file=sys.stdout)
        lab.ledger.expect("the drill itself works", False, traceback.format_exc().strip().splitlines()[-1], "no error")
    lab.ledger.step.end = time.time_ns()
    lab.close()
    lab.ledger.judge_requests(lab.traffic.requests())


def timeline(lab, mode, daemons):
    """Everything that the report shows, with times in milliseconds since the first step."""
    zero = lab.ledger.steps[0].start

    def ms(moment):
        return round((moment - zero) / 1e6, 3)

    monitor, config, requests = lab.monitor, lab.config, lab.traffic.requests()
    return {
        "version": 1, "mode": mode, "daemons": daemons, "ok": lab.ledger.ok, "kernel": os.uname().release,
        "advert_interval": config.advert_interval, "delay_loop": config.delay_loop, "retry_delay": config.retry_delay,
        "vip": config.vip, "port": config.port, "forwarding": config.forwarding, "scheduler": config.scheduler,
        "servers": lab.topology.server_address, "directors": lab.topology.director_address,
        "interval_ms": traffic_module.INTERVAL_NS / 1e6, "limit_ms": traffic_module.TIME_LIMIT_NS / 1e6,
        "steps": [{"name": step.name, "title": step.title, "start": ms(step.start), "end": ms(step.end),
                   "windows": [[ms(w.start), ms(w.end), w.reason] for w in step.windows],
                   "marks": [[ms(mark.time), mark.label] for mark in step.marks],
                   "gaps": [[ms(gap.start), ms(gap.end), gap.label] for gap in step.gaps],
                   "spans": [[ms(span.start), ms(span.end), span.label] for span in step.spans]}
                  for step in lab.ledger.steps],
        "expectations": [vars(expectation) for expectation in lab.ledger.expectations],
        "adverts": [[ms(a.time), a.sender, a.priority] for a in monitor.adverts],
        "vip_changes": [[ms(moment), name, config.vip in addresses]
                        for moment, name, addresses in monitor.address_changes],
        "table_changes": [[ms(moment), name, table] for moment, name, table in monitor.table_changes],
        "writes": [[ms(write.time), write.director, write.kind, write.command] for write in monitor.writes
                   if write.time >= zero],
        "attempts": {name: {server: [ms(moment) for moment in monitor.attempts(name, server, zero)]
                            for server in SERVERS} for name in DIRECTORS},
        "refusals": {name: {server: [ms(moment) for moment in monitor.refusals(name, server, zero)]
                            for server in SERVERS} for name in DIRECTORS},
        "fates": traffic_module.FATES,
        "requests": [[ms(r.start), ms(max(r.end, r.start)), r.fate, r.server] for r in requests],
        "late_max_ms": max((r.late_us for r in requests), default=0) / 1000,
    }


def main(mode, config_folder, daemons, binaries, out, live, restarts):
    """Exit status: 0 all expectations held, 1 not."""
    lab = Lab(mode, config_folder, daemons, binaries, out, live, restarts)
    run_drill(lab)
    with open(os.path.join(out, "timeline.json"), "w", encoding="utf-8") as stream:
        json.dump(timeline(lab, mode, daemons), stream, separators=(",", ":"))
    return 0 if lab.ledger.ok else 1
