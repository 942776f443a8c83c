#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""failover_test.py HALD: that the failover benchmark counts rightly, and measures both daemons (at one interval)."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "lab")]
import failover  # noqa: E402

SKIPPED = 77
EVENTS = ("cut", "back", "leave")


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
    with tempfile.TemporaryDirectory(prefix="hald-bench-test-") as folder:
        result_file = os.path.join(folder, "result.json")
        done = subprocess.run([sys.executable, os.path.join(HERE, "bench"), "failover", "--hald", hald, "--rounds", "1",
                               "--advert-int", "0.1", "--json", result_file],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        print(done.stdout)
        if done.returncode != 0:
            yield f"exit status {done.returncode}"
            return
        with open(result_file, encoding="utf-8") as stream:
            found = json.load(stream)["failover"]["found"]
    for name in ("hald", "keepalived"):
        for event in EVENTS:
            if len(found[name]["0.1"].get(event, [])) != 1:
                yield f"{event} of {name} was not measured"
        if not found[name]["0.1"]["cut"][0] > 0:
            yield f"{name} loses nothing when its cable is cut"


def main():
    if not shutil.which("keepalived", path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
        print("skipped: needs keepalived")
        return SKIPPED
    faults = list(faults_of_the_arithmetic()) + list(faults_of_a_run(sys.argv[1]))
    for fault in faults:
        print(f"FAIL {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
