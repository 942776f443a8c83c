#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""busy_test.py HALD: that the benchmarks of lateness and of scale measure both daemons, on little, and count rightly."""

import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "lab")]
import adverts_seen  # noqa: E402
import run_bench  # noqa: E402


def faults_of_the_arithmetic():
    # At 100 ms: on time, 5 ms late, early, and a farewell that does not count.
    moments = {7: [(0, 150), (100_000_000, 150), (205_000_000, 150), (300_000_000, 150), (350_000_000, 0)]}
    late = adverts_seen.lateness_ms(moments, 0.1)
    if late != [0.0, 5.0, 0.0]:
        yield f"lateness {late}"
    if (adverts_seen.share(range(1000), 0.999), adverts_seen.share([], 0.5)) != (999, None):
        yield "the shares are wrong"


def faults_of_runs(hald):
    late = run_bench.run("lateness", hald, "--instances", "10", "--seconds", "3")["found"]
    scale = run_bench.run("scale", hald, "--count", "100")["found"]
    for name in ("hald", "keepalived"):
        if not late[name]["adverts"] > 100:
            yield f"{name} sent only {late[name]['adverts']} adverts"
        for key in ("taken_s", "start_s", "masters_s"):
            if not scale[name].get(key):
                yield f"{key} of {name} was not measured"


def main():
    if not run_bench.has_keepalived():
        print("skipped: needs keepalived")
        return run_bench.SKIPPED
    return run_bench.end([*faults_of_the_arithmetic(), *faults_of_runs(sys.argv[1])])


if __name__ == "__main__":
    sys.exit(main())
