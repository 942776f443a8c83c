#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""load_test.py HALD: the load benchmark on a small file. Judges what can be counted, never a time."""

import os
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run_bench  # noqa: E402

SERVICES, SERVERS = 60, 5


def missing():
    if os.geteuid() != 0:
        return "needs root"
    for program in ("linux.uml", "keepalived", "ipvsadm"):
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            return f"needs {program}"
    return ""


def check(hald):
    """What is wrong, in words."""
    load = run_bench.run("load", hald, "--services", str(SERVICES), "--servers", str(SERVERS))
    own, other = load["medians"]["hald"], load["medians"]["keepalived"]
    wanted = {"start_writes": SERVICES * (1 + SERVERS), "reload_writes": 1, "services_left": 0, "servers_left": 0,
              "exit_status": 0}
    for key, value in wanted.items():
        if own.get(key) != value:
            yield f"hald: {key} is {own.get(key)}, not {value}"
    for key in ("start_s", "reload_s", "stop_s", "rss_bytes"):
        if not own.get(key) or not other.get(key) or not load["ratios"].get(key):
            yield f"{key} is missing"


def main():
    reason = missing()
    if reason:
        print(f"skipped: {reason}")
        return run_bench.SKIPPED
    return run_bench.end(list(check(sys.argv[1])))


if __name__ == "__main__":
    sys.exit(main())
