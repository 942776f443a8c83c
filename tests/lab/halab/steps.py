# SPDX-License-Identifier: Apache-2.0
"""The steps of the drill: what is done to the directors, what must follow, and how it is measured.

Each step waits for conditions with a deadline, never for a while; the only fixed times are settle periods in which
nothing may go wrong. Bounds come from the timers of the configuration file plus SLACK.
"""

import os
import time

from halab.ledger import MILLISECOND, SECOND, longest_silence, milliseconds, seconds
from halab.topology import DIRECTORS, SERVERS
from halab.traffic import OK

SLACK = 50 * MILLISECOND  # what a takeover may cost beyond the protocol's own time
EARLY = 20 * MILLISECOND  # how much too early a timer may seem, by the clock's grain
CHECK_GRAIN = 150 * MILLISECOND
SETTLE_SECONDS = 1.0


class StepFailed(Exception):
    """A step's precondition did not come about: the rest of the drill would tell nothing."""


class Steps:
    """One method for each step, named after it. `lab` holds the running parts (see drill.py)."""

    def __init__(self, lab):
        self.lab = lab
        self.config = lab.config
        self.backup_config = lab.backup_config
        self.monitor = lab.monitor
        self.ledger = lab.ledger
        self.directors = lab.directors
        self.baseline = {}

    def _wait(self, condition, limit):
        return self.monitor.wait_for(condition, limit, self.lab.show_progress)

    def _need(self, what, condition, limit):
        value = self._wait(lambda: condition() or self._dead(), limit)
        for director in self._dead():
            lines = director.log().splitlines() or ["nothing logged"]
            self.ledger.expect(f"{director.name} keeps running", False,
                               f"ended with status {director.exit_status}: {lines[-1]}", "runs")
            raise StepFailed(f"{director.name} running")
        if not value:
            self.ledger.expect(what, False, "never", f"within {limit:g} s")
            raise StepFailed(what)
        return value

    def _dead(self):
        return [director for director in self.directors.values() if director.has_died()]

    def _settle(self, length=SETTLE_SECONDS):
        end = time.monotonic() + length
        self._wait(lambda: time.monotonic() >= end, length + 1)

    def _first_success(self, after):
        """The first good request that began after a moment; None while there is none."""
        for request in self.lab.traffic.requests(self.lab.first_request(after)):
            if request.fate == OK and request.start > after:
                return request
        return None

    def _first_advert(self, director, since):
        adverts = self.monitor.adverts_of(director, since)
        return adverts[0] if adverts else None

    def _table_text(self, servers):
        """What `ipvsadm -Sn` must print with these servers in."""
        config = self.config
        service = f"-t {config.vip}:{config.port}"
        flag = {"DR": "-g", "NAT": "-m", "TUN": "-i"}[config.forwarding]
        persistence = f" -p {config.persistence}" if config.persistence else ""
        lines = [f"-A {service} -s {config.scheduler}{persistence}"]
        lines += [f"-a {service} -r {self.lab.topology.server_address[server]}:{config.port} {flag} -w {config.weight}"
                  + (" --tun-type ipip" if config.forwarding == "TUN" else "") for server in servers]
        return sorted(lines)

    def _expect_tables(self, servers):
        wanted = self._table_text(servers)
        for name, director in self.directors.items():
            found = director.ipvs_table()
            self.ledger.expect(f"{name}: ipvsadm shows {' and '.join(servers)}", found == wanted,
                               "exactly" if found == wanted else " | ".join(found) or "nothing",
                               "exactly")

    # start

    def start(self):
        ledger, monitor, lab = self.ledger, self.monitor, self.lab
        self.baseline = {name: director.addresses() for name, director in self.directors.items()}
        begin = time.time_ns()
        self.directors["lb01"].start()
        self._need("lb01 has both servers in the table",
                   lambda: all(monitor.in_table("lb01", server) for server in SERVERS), 10)
        self.directors["lb02"].start()
        first = self._need("lb01 sends adverts", lambda: self._first_advert("lb01", begin), 15)
        ledger.mark(first.time, "lb01 MASTER")
        limit = int((self.config.master_down_time + 1) * SECOND)
        ledger.within("lb01's first advert after start", first.time - begin, 0, limit, seconds)
        self._need("lb01 holds the virtual address", lambda: monitor.has_vip("lb01"), 5)
        self._need("both directors have both servers in the table",
                   lambda: all(monitor.in_table(name, server) for name in DIRECTORS for server in SERVERS), 10)
        lab.traffic.start()
        check_limit = self.config.delay_loop + 2
        self._need("each director has checked each server",
                   lambda: all(monitor.attempts(name, server) for name in DIRECTORS for server in SERVERS), check_limit)
        self._need("both servers answer", lambda: len(lab.servers_seen(begin)) == len(SERVERS), 10)
        self._settle()
        ledger.expect("lb01 alone holds the virtual address", monitor.has_vip("lb01") and not monitor.has_vip("lb02"),
                      ", ".join(name for name in DIRECTORS if monitor.has_vip(name)), "lb01")
        self._expect_one_master(begin)
        self._expect_tables(SERVERS)
        self._expect_writes(begin)
        self._expect_status({"lb01": "MASTER", "lb02": "BACKUP"})

    def _expect_writes(self, since):
        """The proof that the netlink monitor sees writes; the reload step relies on it."""
        now = time.time_ns()
        counts = [len(self.monitor.writes_of("lb01", kind, since, now)) for kind in ("ipvs", "address")]
        least = [1 + len(SERVERS), len(self.config.virtual_addresses)]
        self.ledger.expect("lb01's writes seen on netlink: IPVS, addresses",
                           counts[0] >= least[0] and counts[1] >= least[1], f"{counts[0]}, {counts[1]}",
                           f"at least {least[0]}, {least[1]}")

    def _expect_one_master(self, since):
        counts = {name: len(self.monitor.adverts_of(name, since)) for name in DIRECTORS}
        self.ledger.expect("one MASTER: only lb01 sends adverts", counts["lb01"] and not counts["lb02"],
                           f"lb01 {counts['lb01']}, lb02 {counts['lb02']}", "lb02 0")
        advert = self.monitor.adverts_of("lb01", since)[-1]
        told = f"v{advert.version} VRID {advert.vrid} priority {advert.priority} {' '.join(advert.addresses)}"
        addresses = " ".join(str(interface.ip) for interface, _ in self.config.virtual_addresses)
        wanted = f"v{self.config.version} VRID {self.config.vrid} priority {self.config.priority} {addresses}"
        self.ledger.expect("the advert says what the file says", told == wanted, told, wanted)

    def _expect_status(self, states):
        """Asks hald itself; keepalived has nothing to ask."""
        for name, wanted in states.items():
            director = self.directors[name]
            if director.daemon != "hald":
                continue
            status = director.status() or {}
            instance = (status.get("instances") or [{}])[0]
            found = f"{instance.get('state')}: {instance.get('reason')}"
            self.ledger.expect(f"haldctl status on {name}", instance.get("state") == wanted and instance.get("reason"),
                               found, f"{wanted}, with a reason")

    # server-down, server-up

    def server_down(self):
        ledger, monitor, config = self.ledger, self.monitor, self.config
        begin = time.time_ns()
        self.lab.servers["web01"].stop()
        ledger.mark(begin, "web01 stops")
        limit = config.delay_loop + self._tries("lb01") * (config.retry_delay + 1) + 2
        self._need("web01 leaves the MASTER's table", lambda: not monitor.in_table("lb01", "web01"), limit)
        out = self.lab.table_change("lb01", "web01", begin)
        ledger.mark(out, "web01 out")
        ledger.allow_failures(begin, out, "those sent to web01 before it is out")
        self._expect_retries(begin, out)
        limit = config.delay_loop + self._tries("lb02") * (config.retry_delay + 1) + 2
        self._need("web01 leaves the BACKUP's table too", lambda: not monitor.in_table("lb02", "web01"), limit)
        self._settle()
        self._expect_tables(["web02"])

    def _tries(self, director):
        return self.config.tries(self.directors[director].daemon)

    def _expect_retries(self, begin, out):
        ledger, config = self.ledger, self.config
        refused = [moment for moment in self.monitor.refusals("lb01", "web01", begin) if moment <= out]
        tries = self._tries("lb01")
        for number, moment in enumerate(refused, 1):
            ledger.mark(moment, f"try {number}")
        ledger.expect("web01 is out after exactly the configured tries", len(refused) == tries,
                      f"{len(refused)} refused connections", f"{tries}")
        gaps = [after - before for before, after in zip(refused, refused[1:])]
        for before, after in zip(refused, refused[1:]):
            ledger.span(before, after, seconds(after - before))
        delay = int(config.retry_delay * SECOND)
        ledger.expect("the tries are delay_before_retry apart",
                      all(abs(gap - delay) <= CHECK_GRAIN for gap in gaps),
                      ", ".join(seconds(gap) for gap in gaps), f"{seconds(delay)} each")
        least = (tries - 1) * delay
        ledger.within("from the stop to out of the table", out - begin, least - EARLY,
                      least + int(config.delay_loop * SECOND) + CHECK_GRAIN, seconds)
        ledger.within("from the last try to out of the table", out - refused[-1] if refused else None, 0,
                      100 * MILLISECOND)

    def server_up(self):
        ledger, monitor, config = self.ledger, self.monitor, self.config
        begin = time.time_ns()
        self.lab.servers["web01"].start()
        ledger.mark(begin, "web01 starts")
        limit = config.delay_loop + 2
        self._need("web01 is back in both tables",
                   lambda: all(monitor.in_table(name, "web01") for name in DIRECTORS), limit + config.delay_loop)
        back = self.lab.table_change("lb01", "web01", begin)
        ledger.mark(back, "web01 in")
        ledger.within("from the start to back in the table", back - begin, 0,
                      int((config.delay_loop + 0.5) * SECOND), seconds)
        answers = self._need("web01 answers requests again", lambda: self.lab.answered_by("web01", back), 5)
        ledger.within("from back in the table to its first answer", answers.end - back, 0, 2 * SECOND)
        ledger.mark(answers.end, "web01 answers")
        self._settle()
        self._expect_tables(SERVERS)

    # cable-cut, cable-back

    def cable_cut(self):
        ledger, monitor, config = self.ledger, self.monitor, self.backup_config
        count = len(monitor.adverts)
        self._need("lb01 sends adverts", lambda: len(monitor.adverts) > count, 3 * config.advert_interval)
        self.lab.topology.switch.set_link("lb01", False)  # just after an advert: the backup waits longest
        cut = time.time_ns()
        ledger.mark(cut, "cable cut")
        last = monitor.adverts_of("lb01")[-1].time
        down = int(config.master_down_time * SECOND)
        first = self._need("lb02 sends adverts", lambda: self._first_advert("lb02", cut), config.master_down_time + 5)
        served = self._need("requests are served again", lambda: self._first_success(max(cut, first.time - SECOND)), 5)
        ledger.allow_failures(cut, cut + down + SLACK, f"those within {milliseconds(down + SLACK)} of the cut")
        ledger.within("from the last advert of lb01 to the first of lb02", first.time - last, down - EARLY,
                      down + SLACK)
        ledger.within("from the cut to the first request served by lb02", served.end - cut, 0, down + SLACK)
        ledger.span(last, first.time, f"{milliseconds(first.time - last)} from the last advert to the first of lb02")
        ledger.span(cut, served.end, f"{milliseconds(served.end - cut)} from the cut to the first request served")
        self._note_gap(cut, first.time)
        self._need("lb02 holds the virtual address", lambda: monitor.has_vip("lb02"), 1)
        self._settle()

    def cable_back(self):
        ledger, monitor, config = self.ledger, self.monitor, self.config
        begin = time.time_ns()
        self.lab.topology.switch.set_link("lb01", True)
        ledger.mark(begin, "cable back")
        down = int(config.master_down_time * SECOND)
        first = self._need("lb01 sends adverts again", lambda: self._first_advert("lb01", begin),
                           config.master_down_time + 5)
        ledger.within("lb01 takes over again", first.time - begin, 0, down + SLACK)
        ledger.mark(first.time, "first advert of lb01")
        self._need("lb02 gives the virtual address up",
                   lambda: monitor.has_vip("lb01") and not monitor.has_vip("lb02"), 2)
        ledger.allow_failures(first.time - SLACK, first.time + SLACK,
                              f"those within {milliseconds(SLACK)} of the handover")
        self._need("requests are served", lambda: self._first_success(first.time), 5)
        self._settle()
        gap = self._note_gap(first.time - SLACK, first.time + SLACK)
        ledger.within("service gap at the handover", gap, 0, SLACK)
        self._expect_status({"lb01": "MASTER", "lb02": "BACKUP"})

    def _note_gap(self, start, end):
        """Notes the longest time without a success around a takeover, for the picture; returns its length."""
        found = longest_silence(self.lab.traffic.requests(self.lab.first_request(start - 2 * SECOND)), start, end)
        if not found:
            return None
        length = found[1] - found[0]
        self.ledger.gap(found[0], found[1], milliseconds(length))
        return length

    # reload

    def reload(self):
        ledger, monitor = self.ledger, self.monitor
        before = {name: director.status() for name, director in self.directors.items()}
        logged = {name: len(director.log()) for name, director in self.directors.items()}
        begin = time.time_ns()
        for director in self.directors.values():
            director.reload()
        ledger.mark(begin, "SIGHUP")
        self._need("both directors have reloaded",
                   lambda: all(self._has_reloaded(director, before[name], logged[name])
                               for name, director in self.directors.items()), 10)
        self._settle(self.config.advert_interval * 2.5)  # adverts must go on, and a late write would show
        end = time.time_ns()
        for name, director in self.directors.items():
            self._expect_no_writes(name, director, before[name], begin, end)
        times = [advert.time for advert in monitor.adverts_of("lb01", begin - 2 * SECOND) if advert.time <= end]
        longest = max((after - before for before, after in zip(times, times[1:])), default=None)
        interval = int(self.config.advert_interval * SECOND)
        ledger.within("longest time between two adverts of lb01", longest, 0, interval + SLACK)
        ledger.expect("lb02 stays BACKUP", not monitor.adverts_of("lb02", begin),
                      f"{len(monitor.adverts_of('lb02', begin))} adverts", "0 adverts")
        self._expect_tables(SERVERS)

    @staticmethod
    def _has_reloaded(director, before, logged):
        if director.daemon == "keepalived":
            return "eload" in director.log()[logged:]
        now = director.status()
        return now and before and now["config"]["loaded_at"] != before["config"]["loaded_at"]

    def _expect_no_writes(self, name, director, before, begin, end):
        """By the kernel's side of netlink, and by the daemon's own counters."""
        for kind, title in (("ipvs", "IPVS"), ("address", "address")):
            writes = self.monitor.writes_of(name, kind, begin, end)
            self.ledger.expect(f"{name}: {title} writes seen on netlink", not writes,
                               ", ".join(write.command for write in writes) or "0", "0")
        if director.daemon != "hald":
            return
        now = director.status() or {}
        for counter in ("ipvs_writes", "address_writes"):
            old, new = (status.get("kernel", {}).get(counter) for status in (before or {}, now))
            self.ledger.expect(f"{name}: {counter} of haldctl status", new is not None and old == new,
                               f"{old} before, {new} after", "the same")

    # restart

    def restart(self):
        """Not one request fails, and the other director notices nothing. keepalived has no such thing."""
        director = self.directors["lb01"]
        if director.daemon != "hald":
            return
        begin = time.time_ns()
        statuses = set()
        binaries = self.lab.binaries
        for number in range(1, self.lab.restarts + 1):
            director.ask_to_end_for_restart()
            self._need("lb01 ends for a restart", director.has_ended, 10)
            statuses.add(director.exit_status)
            director.hald = binaries[number % len(binaries)]
            self._start_again(director)
        self.ledger.expect(f"{self.lab.restarts} times lb01 ended with status 0", statuses == {0},
                           ", ".join(map(str, statuses)), "0")
        self._expect_adverts_within(begin, SECOND // 2, "restarted")
        begin_kill = time.time_ns()
        for _ in range(self.lab.restarts):
            director.kill()
            self._start_again(director)
        # Nobody knows how long it was away: it listens for an interval, which the others' patience allows.
        interval = int(self.config.advert_interval * SECOND)
        self._expect_adverts_within(begin_kill, interval + SECOND // 2, "killed")
        for kind, title in (("ipvs", "IPVS"), ("address", "address")):
            writes = self.monitor.writes_of("lb01", kind, begin, time.time_ns())
            self.ledger.expect(f"lb01: {title} writes seen on netlink", not writes,
                               ", ".join(write.command for write in writes) or "0", "0")
        self.ledger.expect("lb02 stays BACKUP", not self.monitor.adverts_of("lb02", begin),
                           f"{len(self.monitor.adverts_of('lb02', begin))} adverts", "0 adverts")
        self._expect_tables(SERVERS)
        self._expect_status({"lb01": "MASTER", "lb02": "BACKUP"})

    def _start_again(self, director):
        begin = time.time_ns()
        director.start()
        self.ledger.mark(begin, f"{director.name} starts again")
        self._need("it advertises", lambda: self._first_advert(director.name, begin), self.config.master_down_time)
        self._settle(self.config.advert_interval * 1.5)

    def _expect_adverts_within(self, since, more, what):
        interval = int(self.config.advert_interval * SECOND)
        times = [advert.time for advert in self.monitor.adverts_of("lb01", since - 2 * SECOND)]
        longest = max((after - before for before, after in zip(times, times[1:])), default=None)
        self.ledger.within(f"longest time between two adverts of lb01, {what}", longest, 0, interval + more)

    # stop-master, stop-all

    def stop_master(self):
        ledger, monitor, config = self.ledger, self.monitor, self.backup_config
        begin = time.time_ns()
        self.directors["lb01"].ask_to_stop()
        ledger.mark(begin, "SIGTERM lb01")
        farewell = self._need("lb01 says farewell with priority 0", lambda: next(
            (advert for advert in monitor.adverts_of("lb01", begin) if advert.priority == 0), None), 5)
        first = self._need("lb02 sends adverts", lambda: self._first_advert("lb02", begin),
                           config.master_down_time + 5)
        self._need("requests are served", lambda: self._first_success(first.time), 5)
        skew = int(config.skew * SECOND)
        ledger.within("from SIGTERM to priority 0 on the wire", farewell.time - begin, 0, 200 * MILLISECOND)
        waited = first.time - farewell.time
        ledger.within("from priority 0 to the first advert of lb02", waited, skew - EARLY, skew + SLACK)
        ledger.mark(farewell.time, "priority 0")
        ledger.span(farewell.time, first.time, f"{milliseconds(waited)} from priority 0 to the first advert")
        # lb01 serves until it hears lb02: what fails can only be what was under way at that moment.
        ledger.allow_failures(first.time - SLACK, first.time + SLACK, f"those within {milliseconds(SLACK)} of the handover")
        self._need("lb02 holds the virtual address", lambda: monitor.has_vip("lb02"), 1)
        self._need("lb01 ends", self.directors["lb01"].has_ended, 10)
        self._settle()
        self._note_gap(begin, first.time)
        self._expect_nothing_left("lb01")

    def stop_all(self):
        self.lab.traffic.stop()
        begin = time.time_ns()
        self.directors["lb02"].ask_to_stop()
        self.ledger.mark(begin, "SIGTERM lb02")
        self._need("lb02 says farewell with priority 0", lambda: any(
            advert.priority == 0 for advert in self.monitor.adverts_of("lb02", begin)), 5)
        self._need("lb02 ends", self.directors["lb02"].has_ended, 10)
        for name in DIRECTORS:
            self._expect_nothing_left(name)

    def _expect_nothing_left(self, name):
        director, ledger = self.directors[name], self.ledger
        ledger.expect(f"{name} ended with status 0", director.exit_status == 0, director.exit_status, "0")
        table = director.ipvs_table()
        ledger.expect(f"{name}: no service and no server left", not table, " | ".join(table) or "none", "none")
        extra = sorted(set(director.addresses()) - set(self.baseline[name]))
        lost = sorted(set(self.baseline[name]) - set(director.addresses()))
        changes = ["+" + line for line in extra] + ["-" + line for line in lost]
        ledger.expect(f"{name}: its addresses are those from before", not changes, "; ".join(changes) or "the same",
                      "the same")
        ledger.expect(f"{name}: no pid file left", not os.path.exists(director.pid_file),
                      "left" if os.path.exists(director.pid_file) else "gone", "gone")
