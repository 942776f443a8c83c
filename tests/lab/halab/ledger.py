# SPDX-License-Identifier: Apache-2.0
"""What the drill found: steps, expectations with their bounds, the windows in which requests may fail.

Pure book-keeping; times are CLOCK_REALTIME nanoseconds. A request is judged by the window it overlaps: it may fail
only if it was under way inside one, and every window has a reason in words.
"""

import collections
import dataclasses

from halab.traffic import OK, PENDING

Window = collections.namedtuple("Window", "start end reason")
Mark = collections.namedtuple("Mark", "time label")
Span = collections.namedtuple("Span", "start end label")

MILLISECOND = 1_000_000
SECOND = 1_000_000_000


@dataclasses.dataclass
class Expectation:
    step: str
    text: str
    measured: str
    bound: str
    ok: bool


@dataclasses.dataclass
class Step:
    name: str
    title: str
    start: int = 0
    end: int = 0
    windows: list = dataclasses.field(default_factory=list)
    marks: list = dataclasses.field(default_factory=list)
    gaps: list = dataclasses.field(default_factory=list)
    spans: list = dataclasses.field(default_factory=list)


def milliseconds(nanoseconds):
    return f"{nanoseconds / MILLISECOND:.0f} ms"


def seconds(nanoseconds):
    return f"{nanoseconds / SECOND:.2f} s"


class Ledger:
    def __init__(self):
        self.steps = []
        self.expectations = []

    def begin(self, name, title, now):
        if self.steps:
            self.steps[-1].end = now
        self.steps.append(Step(name, title, start=now))
        return self.steps[-1]

    @property
    def step(self):
        return self.steps[-1]

    def expect(self, text, ok, measured, bound, step=None):
        self.expectations.append(Expectation(step or self.step.name, text, str(measured), str(bound), bool(ok)))
        return ok

    def within(self, text, value, low, high, show=milliseconds):
        """A measured time and its bounds, all in ns; a `value` of None was never seen."""
        bound = f"{show(low)} to {show(high)}" if low else f"at most {show(high)}"
        ok = value is not None and (low or 0) <= value <= high
        return self.expect(text, ok, "never" if value is None else show(value), bound)

    def allow_failures(self, start, end, reason):
        self.step.windows.append(Window(start, end, reason))

    def mark(self, time, label):
        self.step.marks.append(Mark(time, label))

    def gap(self, start, end, label):
        """A time without service, for the picture."""
        self.step.gaps.append(Span(start, end, label))

    def span(self, start, end, label):
        """A measured time, for the picture."""
        self.step.spans.append(Span(start, end, label))

    def judge_requests(self, requests):
        """One expectation for each step that had traffic: no failure outside its windows. Call once, at the end."""
        windows = [window for step in self.steps for window in step.windows]
        for step in self.steps:
            mine = [request for request in requests if step.start <= request.start < step.end]
            if not mine:
                continue
            failed = [request for request in mine if request.fate != OK]
            bad = [request for request in failed if request.fate == PENDING or not is_allowed(request, windows)]
            reasons = "; ".join(window.reason for window in step.windows)
            measured = f"{len(bad)} of {len(mine)}" + (f", and {len(failed) - len(bad)} allowed" if failed else "")
            self.expect("no failed request" + (f" but {reasons}" if reasons else ""), not bad, measured, "0", step.name)
        order = {step.name: index for index, step in enumerate(self.steps)}
        self.expectations.sort(key=lambda expectation: order.get(expectation.step, len(order)))

    @property
    def ok(self):
        return bool(self.expectations) and all(expectation.ok for expectation in self.expectations)


def is_allowed(request, windows):
    return any(request.start <= window.end and request.end >= window.start for window in windows)


def longest_silence(requests, start, end):
    """(from, to) of the longest time between two successes that touches [start, end]; None without two."""
    ends = sorted(request.end for request in requests if request.fate == OK)
    pairs = [(before, after) for before, after in zip(ends, ends[1:]) if after >= start and before <= end]
    return max(pairs, key=lambda pair: pair[1] - pair[0], default=None)
