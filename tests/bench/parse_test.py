#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""parse_test.py HALD: the parse benchmark on a small file: that it measures both, and that neither complains."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run_bench  # noqa: E402


def main():
    if not run_bench.has_keepalived():
        print("skipped: needs keepalived")
        return run_bench.SKIPPED
    found = run_bench.run("parse", sys.argv[1], "--parse-servers", "1000")
    return run_bench.end([f"{key} is missing" for name in ("hald", "keepalived")
                          for key in ("big_s", "growth", "big_peak_bytes")
                          if not found["medians"][name].get(key) or not found["ratios"].get(key)])


if __name__ == "__main__":
    sys.exit(main())
