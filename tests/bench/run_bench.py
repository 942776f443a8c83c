# SPDX-License-Identifier: Apache-2.0
"""For the tests of the benchmarks: one short run, what it printed, and what it wrote."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77


def has_keepalived():
    return bool(shutil.which("keepalived", path=os.environ["PATH"] + ":/usr/sbin:/sbin"))


def run(what, hald, *options):
    """The figures of one benchmark; SystemExit if it fails."""
    with tempfile.TemporaryDirectory(prefix="hald-bench-test-") as folder:
        result_file = os.path.join(folder, "result.json")
        done = subprocess.run([sys.executable, os.path.join(HERE, "bench"), what, "--hald", hald, *options, "--json",
                               result_file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        print(done.stdout)
        if done.returncode != 0:
            raise SystemExit(f"FAIL exit status {done.returncode}")
        with open(result_file, encoding="utf-8") as stream:
            return json.load(stream)[what]


def end(faults):
    for fault in faults:
        print(f"FAIL {fault}")
    return 1 if faults else 0
