#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""load_test.py HALD: the load benchmark on a small file. Judges what can be counted, never a time."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SERVICES, SERVERS = 60, 5
SKIPPED = 77


def missing():
    if os.geteuid() != 0:
        return "needs root"
    for program in ("linux.uml", "keepalived", "ipvsadm"):
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            return f"needs {program}"
    return ""


def check(hald, folder):
    """What is wrong, in words."""
    result_file = os.path.join(folder, "result.json")
    done = subprocess.run([sys.executable, os.path.join(HERE, "bench"), "load", "--hald", hald, "--services", str(SERVICES),
                           "--servers", str(SERVERS), "--json", result_file],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(done.stdout)
    if done.returncode != 0:
        yield f"exit status {done.returncode}"
        return
    with open(result_file, encoding="utf-8") as stream:
        load = json.load(stream)["load"]
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
        return SKIPPED
    folder = tempfile.mkdtemp(prefix="hald-bench-test-")
    try:
        faults = list(check(sys.argv[1], folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for fault in faults:
        print(f"FAIL {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
