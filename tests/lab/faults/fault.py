# SPDX-License-Identifier: Apache-2.0
"""What all faults have in common: hald is MASTER, something happens, and three things must be true: adverts come on
time as far as they can, the state is right at the end, and the log says what happened."""

import os
import time

from halab.ledger import MILLISECOND, SECOND, Ledger, milliseconds
from halab.netns import run
from interop.pair import Pair
from faults.plan import Plan

SLACK = 50 * MILLISECOND  # what a busy machine may add to a timer
EARLY = 5 * MILLISECOND
AT_ONCE = 200 * MILLISECOND  # what follows without any timer of the protocol
START = SECOND
PATIENCE = 20  # seconds for what has no bound of its own


class Abandoned(Exception):
    """The rest would tell nothing."""


class Fault:
    """Subclasses have a `plan`, and `strike` and `judge` it; everything is noted in the ledger."""

    plan = Plan()

    def __init__(self, outcome, prefix, begin, hald):
        self.outcome, self.prefix, self.begin, self.hald = outcome, prefix, begin, hald
        self.ledger = Ledger()
        self.pair = None

    @classmethod
    def title(cls):
        return " ".join(cls.__doc__.split())

    def run(self):
        self.before()
        self.pair = Pair(self.prefix, self.plan, self.hald, self.outcome.folder)
        try:
            self.begin()
            self.step("start")
            self._start()
            self.step("fault")
            self.strike()
            self.step("end")
            self._end()
        except Abandoned:
            pass
        finally:
            self.pair.close()
            self.after()
        self.ledger.step.end = time.time_ns()
        self.outcome.ledger = self.ledger

    def before(self):
        """What must be there before the directors."""

    def after(self):
        """Undoes `before`, whatever happened."""

    def strike(self):
        raise NotImplementedError

    # The common beginning and end

    def step(self, name):
        self.ledger.begin(name, name, time.time_ns())

    def _start(self):
        begin = time.time_ns()
        for name in ("lb01", "lb02"):
            self.pair.directors[name].start()
        first = self.first_advert("lb01", begin, self.plan.down("lb01") + START)
        self.need("lb01 holds the virtual addresses", lambda: self.pair.holds_all("lb01"))
        self.pass_time(first.time + 2 * self.plan.interval - time.time_ns())

    def _end(self):
        director = self.pair.directors["lb01"]
        self.expect_master("lb01")
        begin = time.time_ns()
        director.ask_to_stop()
        self.need("hald ends", director.has_ended)
        self.ledger.expect("hald ends with status 0", director.exit_status == 0, director.exit_status, "0")
        farewells = [advert for advert in self.pair.adverts_of("lb01", begin) if advert.priority == 0]
        self.ledger.expect("it says farewell once", len(farewells) == 1, len(farewells), "1")
        self.need("lb01 keeps no virtual address", lambda: not self.pair.held["lb01"])

    # What the faults are made of

    def need(self, what, condition, nanoseconds=PATIENCE * SECOND):
        value = self.pair.wait_for(condition, nanoseconds / SECOND)
        if not value:
            self.ledger.expect(what, False, "never", f"within {milliseconds(nanoseconds)}")
            raise Abandoned
        return value

    def pass_time(self, nanoseconds):
        """Lets the directors live for a while."""
        end = time.time_ns() + nanoseconds
        self.pair.wait_for(lambda: time.time_ns() > end, nanoseconds / SECOND + 1)

    def first_advert(self, name, since, within):
        return self.need(f"{name} sends adverts", lambda: next(
            (advert for advert in self.pair.adverts_of(name, since) if advert.priority > 0), None), within + SECOND)

    def takes_over(self, name, since, low, high, what, begin=None):
        """The first advert of `name` after `begin` comes low..high after `since`."""
        first = self.first_advert(name, begin or since, high)
        self.ledger.within(f"{what} to the first advert of {name}", first.time - since, low, high)
        return first

    def expect_on_time(self, since, until, name="lb01"):
        """Every advert came an interval after the one before."""
        times = [advert.time for advert in self.pair.adverts_of(name, since - self.plan.interval)
                 if advert.priority > 0 and advert.time <= until + self.plan.interval]
        gaps = [after - before for before, after in zip(times, times[1:])]
        interval = self.plan.interval
        worst = max(gaps, key=lambda gap: abs(gap - interval), default=None)
        enough = len(times) >= (until - since) // interval - 1
        ok = enough and worst is not None and abs(worst - interval) <= SLACK
        self.ledger.expect(f"adverts of {name} are on time all the while", ok,
                           f"{len(times)}, worst gap {'none' if worst is None else milliseconds(worst)}",
                           f"{milliseconds(interval)} +- {milliseconds(SLACK)}")

    def expect_silent(self, name, since, what):
        found = self.pair.adverts_of(name, since)
        self.ledger.expect(f"{name} is silent {what}", not found, f"{len(found)} adverts", "0 adverts")

    def expect_master(self, name):
        """It alone holds the addresses, and is the only one to be heard."""
        others = [other for other in self.plan.daemons if other not in (name, "lb03")]
        self.need(f"{name} alone holds the virtual addresses",
                  lambda: self.pair.holds_all(name) and not any(self.pair.held[other] for other in others))
        since = time.time_ns()
        self.pass_time(4 * self.plan.interval + SLACK)
        for other in others:
            self.expect_silent(other, since, "at the end")
        # An answer to the last advert of who gave way is an advert out of turn: what is judged begins after it.
        self.expect_on_time(since + 2 * self.plan.interval, time.time_ns(), name)

    def expect_log(self, text, name="lb01"):
        log = self.pair.directors[name]
        found = self.pair.wait_for(lambda: text in log.log(), 3)
        self.ledger.expect(f"the log of {name} says '{text}'", found, "yes" if found else "no", "yes")

    def status(self):
        return self.need("hald answers haldctl", self.pair.directors["lb01"].status)

    def instance(self):
        return self.status()["instances"][0]

    def expect_still_master(self):
        state = self.instance()["state"]
        self.ledger.expect("lb01 stays MASTER", state == "MASTER", state, "MASTER")

    def expect_drift(self, count):
        drift = self.status()["kernel"]["address_drift"]
        self.ledger.expect("what was gone is counted as drift", drift == count, drift, count)

    def nft(self, text, host=None):
        """Gives lines to nft(8), in the switch if no other namespace is named; returns its output."""
        name = (host or self.pair.switch).name
        return run(["ip", "netns", "exec", name, "nft", "-f", "-"], text_input=text)

    def path(self, name):
        return os.path.join(self.outcome.folder, name)
