# SPDX-License-Identifier: Apache-2.0
"""The parse benchmark, on this machine itself: how long `-t` takes for a big file, and how much memory.

Both daemons read the same files, a small one and one ten times its size, so that it shows whether the time grows with the
file or faster. Each figure is the median of some runs; the daemons take turns. Nothing is asserted here.
"""

import os
import statistics
import subprocess
import sys
import time

import figures
import load_config

SERVERS = 20
GROWTH = 10
RUNS = 5

CHECK = ("TCP_CHECK {", "    connect_timeout 3", "    retry 2", "}")


def rows(servers):
    """The table's rows for `servers` real servers in the big file; aims are meant for 100,000."""
    def aim(test, text):
        return (test, text) if servers == 100_000 else (None, "")
    return (
        figures.Row("small_s", f"{servers // GROWTH:,} real servers", figures.seconds, None, ""),
        figures.Row("big_s", f"{servers:,} real servers", figures.seconds, *aim(lambda own, ratio: own < 0.5, "below 0.5 s")),
        figures.Row("growth", f"time for {GROWTH} times the file", lambda value: f"{value:.1f} x",
                    *aim(lambda own, ratio: own <= 11, "at most 11 x")),
        figures.Row("big_cpu_s", "processor time, big file", figures.seconds, None, ""),
        figures.Row("big_peak_bytes", "peak memory, big file", figures.megabytes,
                    *aim(lambda own, ratio: own < 150e6, "below 150 MB")),
    )


def write_file(path, services):
    with open(path, "w", encoding="ascii") as out:
        out.writelines(line + "\n" for line in load_config.lines(services, SERVERS, inside_server=CHECK))


def one_run(command):
    """(seconds, processor seconds, peak bytes, exit status) of one run, whose messages are of no interest.

    The kernel counts what this process had at the fork as the child's, so a peak is never below some 20 MB.
    """
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, process.returncode


def measure(programs, servers, folder):
    """{name: figures} for {name: path}; `servers` real servers in the big file."""
    files = {"small": os.path.join(folder, "small.conf"), "big": os.path.join(folder, "big.conf")}
    write_file(files["big"], servers // SERVERS)
    write_file(files["small"], servers // SERVERS // GROWTH)
    raw = {name: {size: [] for size in files} for name in programs}
    for turn in range(RUNS):
        if sys.stdout.isatty():
            print(f"\r  run {turn + 1} of {RUNS}\x1b[K", end="", flush=True)
        for size, path in files.items():
            for name, program in programs.items():
                raw[name][size].append(one_run([program, "-t", "-f", path]))
    if sys.stdout.isatty():
        print("\r\x1b[K", end="")
    return {name: summary(sizes) for name, sizes in raw.items()}


def summary(sizes):
    found = {}
    for size, runs in sizes.items():
        seconds, processor, peak, statuses = zip(*runs)
        found.update({f"{size}_s": statistics.median(seconds), f"{size}_cpu_s": statistics.median(processor),
                      f"{size}_peak_bytes": statistics.median(peak), f"{size}_status": max(statuses)})
    found["growth"] = found["big_s"] / found["small_s"]
    return found
