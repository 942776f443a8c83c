#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""failover_test.py HALD: that the failover benchmark counts rightly, and measures both daemons (at one interval)."""

import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "lab")]
import failover  # noqa: E402
import run_bench  # noqa: E402

EVENTS = ("cut", "back", "leave", "restart", "kill")


def faults_of_the_arithmetic():
    answers = "1110001100000111"
    probes = [(number * 1_000_000, answer == "1") for number, answer in enumerate(answers)]
    expected = {(0, 15): 5, (0, 7): 3, (0, 2): 0, (9, 10): 2}
    for (begin, end), loss in expected.items():
        found = failover.longest_loss_ms(probes, begin * 1_000_000, end * 1_000_000)
        if found != loss:
            yield f"probes {begin} to {end} of {answers}: {found} ms, expected {loss}"
    if round(failover.bound_ms(1)) != 3609:
        yield f"bound at one second: {failover.bound_ms(1)} ms"


def faults_of_a_run(hald):
    found = run_bench.run("failover", hald, "--rounds", "1", "--advert-int", "0.1")["found"]
    for name in ("hald", "keepalived"):
        for event in EVENTS:
            if len(found[name]["0.1"].get(event, [])) != 1:
                yield f"{event} of {name} was not measured"
        if not found[name]["0.1"]["cut"][0] > 0:
            yield f"{name} loses nothing when its cable is cut"
    if len(found["hald"]["0.1"].get("hand_over", [])) != 1:
        yield "haldctl failover was not measured"


def main():
    if not run_bench.has_keepalived():
        print("skipped: needs keepalived")
        return run_bench.SKIPPED
    return run_bench.end([*faults_of_the_arithmetic(), *faults_of_a_run(sys.argv[1])])


if __name__ == "__main__":
    sys.exit(main())
