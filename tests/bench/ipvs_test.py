#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""ipvs_test.py HALD: the ipvs benchmark on a small file. Judges what can be counted, never a time."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import load_test  # noqa: E402
import run_bench  # noqa: E402


def check(hald):
    """What is wrong, in words."""
    found = run_bench.run("ipvs", hald, "--services", "60", "--servers", "5", "--no-repair", "--flapping", "60")
    own = found["medians"]["hald"]
    if own.get("reload_writes") != 1:
        yield f"hald: reload_writes is {own.get('reload_writes')}, not 1"
    if min(own.get("down_writes", 0), own.get("up_writes", 0)) < 60:
        yield f"hald: {own.get('down_writes')} and {own.get('up_writes')} writes for 60 servers that went and came"
    for name, figures in found["medians"].items():
        for key in ("plain_s", "start_s", "start_limits", "reload_cpu_s", "down_s", "up_s"):
            if figures.get(key) is None:
                yield f"{name}: {key} is missing"


def main():
    reason = load_test.missing()
    if reason:
        print(f"skipped: {reason}")
        return run_bench.SKIPPED
    return run_bench.end(list(check(sys.argv[1])))


if __name__ == "__main__":
    sys.exit(main())
