# SPDX-License-Identifier: Apache-2.0
"""What the pair must live through, in order, and the bounds that its configuration sets.

lb01 (higher priority) and lb02; every step ends with exactly one of them holding the virtual addresses. Between a
step's event and its settling nobody or both may hold them: those spans are noted, and outside them `unsettled`
finds every moment at which not exactly one director did.
"""

import time

from halab.ledger import MILLISECOND, SECOND, Ledger, milliseconds
from interop.cells import DIRECTORS

SLACK = 50 * MILLISECOND  # what a takeover may cost beyond the protocol's own time
EARLY = 5 * MILLISECOND   # how much too early a timer may seem; adverts are stamped by the kernel
HANDOVER = 100 * MILLISECOND  # from a MASTER's first advert to addresses on it alone
ARRIVAL = 20 * MILLISECOND  # from the switch to the other director, on a machine that may be busy
START_SECONDS = 1  # from exec to the first timer

STEPS = (
    ("election", "both start at once; lb01 becomes MASTER"),
    ("steady", "adverts come in time"),
    ("cable-cut", "the cable of lb01 is cut"),
    ("cable-back", "the cable is back; lb01 preempts"),
    ("freeze", "lb01 is stopped by SIGSTOP"),
    ("thaw", "lb01 goes on, and takes over again"),
    ("farewell", "lb01 ends by SIGTERM"),
    ("return", "lb01 starts again and preempts"),
    ("kill", "lb01 dies by SIGKILL"),
    ("revive", "lb01 starts again and preempts"),
    ("backup-ends", "lb02 ends as BACKUP"),
    ("master-ends", "lb01 ends; nothing is left"),
)


class StepFailed(Exception):
    """The rest would tell nothing."""


class Scenario:
    def __init__(self, pair):
        self.pair = pair
        self.cell = pair.cell
        self.ledger = Ledger()
        self.takeovers = []  # (director, time of its first advert), for the gratuitous ARPs
        self.open_spans = []  # (from, to) in which the holders may be none or two
        self.times = {}  # step -> what it took, ns
        self._event = 0

    def run(self):
        """Runs all steps as far as they make sense."""
        try:
            for name, title in STEPS:
                self.ledger.begin(name, title, time.time_ns())
                getattr(self, "_" + name.replace("-", "_"))()
        except StepFailed:
            pass
        self.ledger.step.end = time.time_ns()
        self._expect_one_holder()

    # Helpers

    def _need(self, what, condition, nanoseconds):
        value = self.pair.wait_for(condition, nanoseconds / SECOND + 2)
        if not value:
            self.ledger.expect(what, False, "never", f"within {milliseconds(nanoseconds)}")
            raise StepFailed
        return value

    def _begin(self):
        """The step's event is now."""
        self._event = time.time_ns()
        return self._event

    def _takes_over(self, name, since, low, high, what, begin=None):
        """The first advert of `name` after `begin` comes low..high after `since`, and it alone gets the addresses."""
        begin = begin or since
        other = next(director for director in DIRECTORS if director != name)
        # A unicast farewell that nobody could take waits in the kernel for its receiver's MAC address: it is none.
        first = self._need(f"{name} sends adverts", lambda: next(
            (advert for advert in self.pair.adverts_of(name, begin) if advert.priority > 0), None),
            max(high, self.cell.down(name)))
        high += self._late(name)
        self.times[self.ledger.step.name] = first.time - since
        self.ledger.within(f"{what} to the first advert of {name}", first.time - since, low, high)
        if not self._stayed_master(name):
            self.takeovers.append((name, first.time))
        self._need(f"{name} holds the virtual addresses", lambda: self.pair.holds_all(name), HANDOVER)
        return first, other

    def _settle(self, first, other, may_keep=False):
        """From now on exactly one director holds the addresses (`may_keep`: the other one cannot let go)."""
        if not may_keep:
            self._need(f"{other} has given the virtual addresses up", lambda: not self.pair.held[other], HANDOVER)
        self.open_spans.append((self._event, first.time + HANDOVER))
        quiet = first.time + HANDOVER + self.cell.interval + SLACK
        self.pair.wait_for(lambda: time.time_ns() > quiet, quiet / SECOND)
        rival = self.pair.adverts_of(other, first.time + HANDOVER)
        self.ledger.expect(f"{other} is silent after the takeover", not rival, f"{len(rival)} adverts", "0 adverts")
        self._expect_neighbours(next(name for name in DIRECTORS if name != other))

    def _expect_neighbours(self, name):
        """Who knew where the virtual addresses were knows where they are now."""
        if self.cell.daemons[name] == "frr" and (self.cell.family == 6 or self._stayed_master(name)):
            return  # it does not announce them: it cannot, see _late, or sees no reason to
        other = next(director for director in DIRECTORS if director != name)
        if self.cell.daemons[other] == "keepalived" and self.pair.announced[other] > self.pair.announced[name]:
            return  # it finished a batch that it had begun as MASTER; the next batch puts that right
        mac, known = self.cell.mac(name), self.pair.neighbours()
        self.ledger.expect(f"a client looks for the virtual addresses at {name}",
                           [known.get(address) for address in self.cell.virtual_addresses] == [mac] * len(known),
                           " ".join(str(known.get(address)) for address in self.cell.virtual_addresses), mac)

    def _stayed_master(self, name):
        """A peer that slept, and an FRR whose cable was away, take themselves for MASTER all the time."""
        asleep = {"keepalived": ("thaw",), "frr": ("thaw", "cable-back")}
        return self.ledger.step.name in asleep.get(self.cell.daemons[name], ())

    def _late(self, name):
        """FRR cannot send its first advert over IPv6: its device has only just got a carrier."""
        return self.cell.interval if self.cell.daemons[name] == "frr" and self.cell.family == 6 else 0

    def _earliest(self, name, nanoseconds):
        """When the timer of `name` may seem to fire first."""
        # FRR counts in the hundredths of version 3, and rounds down.
        rounding = 10 * MILLISECOND if self.cell.daemons[name] == "frr" else 0
        return nanoseconds - EARLY - rounding

    # Steps

    def _election(self):
        begin = self._begin()
        self._event = self.ledger.step.start  # nobody holds them from the beginning
        for name in DIRECTORS:
            self.pair.directors[name].start()
        limit = self.cell.down("lb01") + START_SECONDS * SECOND
        first, other = self._takes_over("lb01", begin, 0, limit, "from exec")
        self._settle(first, other)
        quiet = time.monotonic() + self.cell.down("lb02") / SECOND
        self.pair.wait_for(lambda: time.monotonic() > quiet, quiet)
        rival = self.pair.adverts_of("lb02", first.time + HANDOVER)
        self.ledger.expect("lb02 stays BACKUP", not rival, f"{len(rival)} adverts", "0 adverts")

    def _steady(self):
        begin = time.time_ns()
        count = len(self.pair.adverts_of("lb01"))
        self._need("five more adverts", lambda: len(self.pair.adverts_of("lb01")) >= count + 5, 6 * self.cell.interval)
        times = [advert.time for advert in self.pair.adverts_of("lb01", begin - 2 * self.cell.interval)]
        gaps = [after - before for before, after in zip(times, times[1:])]
        interval = self.cell.interval
        self.ledger.within("shortest time between adverts", min(gaps), interval - SLACK, interval + SLACK)
        self.ledger.within("longest time between adverts", max(gaps), interval - SLACK, interval + SLACK)
        self.times["steady"] = max(abs(gap - interval) for gap in gaps)

    def _after_advert(self):
        """Waits until the MASTER's next advert has arrived, after which its backup waits longest; returns its time."""
        count = len(self.pair.adverts)
        self._need("the MASTER sends adverts", lambda: len(self.pair.adverts) > count, 2 * self.cell.interval)
        last = self.pair.adverts[-1].time
        self.pair.wait_for(lambda: time.time_ns() > last + ARRIVAL, SECOND)
        return last

    def _cable_cut(self):
        last, down = self._after_advert(), self.cell.down("lb02")
        low = self._earliest("lb02", down)
        begin = self._begin()
        self.pair.switch.set_link("lb01", False)
        first, other = self._takes_over("lb02", last, low, down + SLACK, "from lb01's last advert", begin)
        self._settle(first, other)

    def _cable_back(self):
        begin, down = self._begin(), self.cell.down("lb01")
        self.pair.switch.set_link("lb01", True)
        # FRR does not notice that the link is away: it goes on as MASTER.
        low = 0 if self.cell.daemons["lb01"] == "frr" else self._earliest("lb01", down)
        first, other = self._takes_over("lb01", begin, low, down + SLACK, "from the link being up")
        self._settle(first, other)

    def _freeze(self):
        last, down = self._after_advert(), self.cell.down("lb02")
        low = self._earliest("lb02", down)
        begin = self._begin()
        self.pair.directors["lb01"].freeze()
        first, other = self._takes_over("lb02", last, low, down + SLACK, "from lb01's last advert", begin)
        self._settle(first, other, may_keep=True)

    def _thaw(self):
        begin = time.time_ns()  # the span in which both hold the addresses began with the freeze
        self.pair.directors["lb01"].thaw()
        limit = self.cell.down("lb01") + SLACK
        first, other = self._takes_over("lb01", begin, 0, limit, "from SIGCONT")
        self._settle(first, other)

    def _farewell(self):
        self._after_advert()
        begin, skew = self._begin(), self.cell.skew("lb02")
        self.pair.directors["lb01"].ask_to_stop()
        farewell = self._farewell_of("lb01", begin)
        low = self._earliest("lb02", skew)
        first, _ = self._takes_over("lb02", farewell.time, low, skew + SLACK, "from priority 0")
        self._ended("lb01")
        self._settle(first, "lb01")

    def _farewell_of(self, name, begin):
        farewell = self._need(f"{name} says farewell with priority 0", lambda: next(
            (advert for advert in self.pair.adverts_of(name, begin) if advert.priority == 0), None), SECOND)
        self.ledger.within("from SIGTERM to priority 0 on the wire", farewell.time - begin, 0, 200 * MILLISECOND)
        return farewell

    def _ended(self, name):
        director = self.pair.directors[name]
        self._need(f"{name} ends", director.has_ended, 10 * SECOND)
        self.ledger.expect(f"{name} ends with status 0", director.exit_status == 0, director.exit_status, "0")
        self.ledger.expect(f"{name} keeps no virtual address", not self.pair.held[name],
                           " ".join(self.pair.held[name]) or "none", "none")

    def _return(self):
        begin = self._begin()
        self.pair.directors["lb01"].start()
        limit = self.cell.down("lb01") + START_SECONDS * SECOND
        first, other = self._takes_over("lb01", begin, 0, limit, "from exec")
        self._settle(first, other)

    def _kill(self):
        last, down = self._after_advert(), self.cell.down("lb02")
        low = self._earliest("lb02", down)
        begin = self._begin()
        self.pair.directors["lb01"].kill()
        first, other = self._takes_over("lb02", last, low, down + SLACK, "from lb01's last advert", begin)
        self._settle(first, other, may_keep=True)

    def _revive(self):
        """The addresses that the dead process left are still there: the new one must not trust them."""
        begin = time.time_ns()  # both hold the addresses since the death
        self.pair.directors["lb01"].start()
        limit = self.cell.down("lb01") + START_SECONDS * SECOND
        first, other = self._takes_over("lb01", begin, 0, limit, "from exec")
        self._settle(first, other)

    def _backup_ends(self):
        begin = time.time_ns()
        self.pair.directors["lb02"].ask_to_stop()
        self._ended("lb02")
        told = self.pair.adverts_of("lb02", begin)
        self.ledger.expect("a BACKUP says no farewell", not told, f"{len(told)} adverts", "0 adverts")
        self.ledger.expect("lb01 still holds the virtual addresses", self.pair.holds_all("lb01"),
                           " ".join(sorted(self.pair.held["lb01"])) or "none", "all")

    def _master_ends(self):
        begin = self._begin()
        self.pair.directors["lb01"].ask_to_stop()
        self._farewell_of("lb01", begin)
        self.open_spans.append((begin, time.time_ns() + 3600 * SECOND))
        self._ended("lb01")

    # The whole run

    def _expect_one_holder(self):
        bad = list(self.unsettled())
        self.ledger.expect("outside of takeovers exactly one director holds the virtual addresses", not bad,
                           "; ".join(bad) or "always", "always")

    def unsettled(self):
        """What was wrong, in words, for each moment outside the open spans without exactly one whole holder."""
        held = {name: frozenset() for name in DIRECTORS}
        zero = self.ledger.steps[0].start
        changes = self.pair.address_changes + [(self.ledger.step.end, "lb01", None)]
        previous = zero
        for moment, name, addresses in changes:
            holders = [director for director in DIRECTORS if held[director]]
            whole = [director for director in holders if len(held[director]) == len(self.cell.addresses)]
            if len(holders) != 1 or len(whole) != 1:
                left = self._outside(previous, moment)
                if left:
                    who = " and ".join(holders) or "nobody"
                    yield f"{who} for {left / MILLISECOND:.1f} ms at {milliseconds(previous - zero)}"
            if addresses is not None:
                held[name] = addresses
            previous = moment

    def _outside(self, start, end):
        """How much of start..end lies in no open span; ns."""
        left = 0
        for low, high in sorted(self.open_spans):
            left += max(0, min(low, end) - start)
            start = max(start, min(high, end))
        return left + max(0, end - start)
