# SPDX-License-Identifier: Apache-2.0
"""Many cases at the same time, each in a process and in network namespaces of its own: mostly they wait.

A case is a function that gets its Outcome and a prefix for its namespaces; what it puts into the Outcome comes back to
the parent, which judges and shows it.
"""

import multiprocessing
import os
import pickle
import shutil
import signal
import sys
import time

from halab.netns import run

STAGGER = 0.1  # seconds from the start of one case to that of the next, so that the machine is mostly idle


class Outcome:
    """What one case came to. `more` holds whatever else its parent wants to know."""

    def __init__(self, name, folder):
        self.name, self.folder = name, folder
        self.ledger = self.error = None
        self.more = {}

    @property
    def ok(self):
        return self.error is None and self.ledger is not None and self.ledger.ok

    def failures(self):
        if self.error:
            return [f"the test itself: {self.error}"]
        if self.ledger is None:
            return ["the test itself ended early"]
        return [f"{item.step}: {item.text}: {item.measured}  [{item.bound}]"
                for item in self.ledger.expectations if not item.ok]

    def as_dict(self):
        items = self.ledger.expectations if self.ledger else ()
        return {"name": self.name, "ok": self.ok, "error": self.error, "expectations": [vars(item) for item in items]}

    def show_logs(self, names, dull=()):
        """Prints the end of each director's log, without lines that have one of the texts `dull`."""
        for name in names:
            path = os.path.join(self.folder, name, "log")
            if os.path.exists(path):
                with open(path, encoding="utf-8", errors="replace") as log:
                    lines = [line for line in log if not any(text in line for text in dull)]
                print(f"-- {self.name}: log of {name}\n" + "".join(lines[-60:]))


def _live(case, outcome, prefix, begin, result):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        case(outcome, prefix, begin)
    except Exception as error:  # pylint: disable=broad-except
        outcome.error = f"{type(error).__name__}: {error}"
    with open(result, "wb") as stream:
        pickle.dump(outcome, stream)


def run_all(cases, folder, limit):
    """The outcomes of `cases`, {name: function}, in their order. Each calls `begin()` when its network is built."""
    barrier = multiprocessing.Barrier(len(cases))
    processes, outcomes = [], []
    prefix = f"hac{os.getpid()}"
    for index, (name, case) in enumerate(cases.items()):
        own = os.path.join(folder, name.replace(" ", "_"))
        shutil.rmtree(own, ignore_errors=True)
        os.makedirs(own)
        outcome = Outcome(name, own)

        def begin(index=index):
            barrier.wait(limit)
            time.sleep(index * STAGGER)

        outcomes.append(outcome)
        processes.append(multiprocessing.Process(
            target=_live, args=(case, outcome, f"{prefix}-{index}", begin, os.path.join(own, "outcome"))))
    try:
        for process in processes:
            process.start()
        deadline = time.monotonic() + limit
        for index, process in enumerate(processes):
            process.join(max(0, deadline - time.monotonic()))
            path = os.path.join(outcomes[index].folder, "outcome")
            if os.path.exists(path) and not process.is_alive():
                with open(path, "rb") as stream:
                    outcomes[index] = pickle.load(stream)
    finally:
        for process in processes:
            if process.is_alive():
                process.terminate()
        for process in processes:
            process.join()
        for name in os.listdir("/run/netns") if os.path.isdir("/run/netns") else ():
            if name.startswith(prefix + "-"):  # of a case that was killed
                run(["ip", "netns", "delete", name])
    return outcomes


def step_ahead():
    """What watches goes before other programs, but not before the directors: they are real-time."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -15)
    except OSError:
        pass


def step_back():
    os.setpriority(os.PRIO_PROCESS, 0, 0)
