#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""parse_test.py HALD: the parse benchmark on a small file: that it measures both, and that neither complains."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77


def main():
    if not shutil.which("keepalived", path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
        print("skipped: needs keepalived")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="hald-bench-test-") as folder:
        result_file = os.path.join(folder, "result.json")
        done = subprocess.run([sys.executable, os.path.join(HERE, "bench"), "parse", "--hald", sys.argv[1],
                               "--parse-servers", "1000", "--json", result_file],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        print(done.stdout)
        if done.returncode != 0:
            print(f"FAIL exit status {done.returncode}")
            return 1
        with open(result_file, encoding="utf-8") as stream:
            found = json.load(stream)["parse"]
    lacking = [key for name in ("hald", "keepalived") for key in ("big_s", "growth", "big_peak_bytes")
               if not found["medians"][name].get(key) or not found["ratios"].get(key)]
    for key in lacking:
        print(f"FAIL {key} is missing")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
