# SPDX-License-Identifier: Apache-2.0
"""The failover benchmark, in network namespaces of this machine: how long a virtual address does not answer.

Two directors of one kind on a switch, and a client that asks the address for an echo every millisecond. The cable of the
MASTER is cut, right behind an advert because that is the worst moment, and mended; then the MASTER is told to end and
started again, restarted, and killed and started again; for several rounds and advert intervals. Nothing is asserted here.
"""

import os
import shutil
import statistics
import tempfile
import time

import figures
from halab.netns import run
from site_of_two import LIMIT_SECONDS, Site

VIP = "10.9.0.100"
PRIORITIES = {"first": 150, "second": 100}
INTERVALS = (1, 0.1, 0.01)  # seconds; the default
MARGIN_MS = 20


def skew_ms(interval):
    return (256 - PRIORITIES["second"]) / 256 * interval * 1000


def bound_ms(interval):
    """How long the other director waits for a silent MASTER (RFC 9568: three intervals and its skew)."""
    return 3 * interval * 1000 + skew_ms(interval)


def longest_loss_ms(probes, begin, end):
    """The longest run of unanswered probes that were sent between two moments; probes are (moment, answered)."""
    longest, first, last = 0, None, None
    for moment, is_answered in probes:
        if moment < begin or moment > end or is_answered:
            first = None
            continue
        first = moment if first is None else first
        last = moment
        longest = max(longest, last - first + 1_000_000)
    return longest / 1e6


def configuration(name, interval):
    state = "MASTER" if name == "first" else "BACKUP"
    return f"""global_defs {{
    router_id {name}
    vrrp_version 3
}}
vrrp_instance failover {{
    state {state}
    interface eth0
    virtual_router_id 99
    priority {PRIORITIES[name]}
    advert_int {interval}
    virtual_ipaddress {{
        {VIP}/24
    }}
}}
"""


def cut_and_mend(site):
    begin = site.cut_behind_an_advert("first")
    site.wait_for_master("second", VIP)
    back = time.monotonic_ns()
    site.mend("first")
    site.wait_for_master("first", VIP)
    return [("cut", begin, back), ("back", back, time.monotonic_ns())]


def hand_over_and_take_back(site):
    """What only hald can be asked for."""
    director = site.directors["first"]
    if director.daemon != "hald":
        return []
    haldctl = [os.path.join(os.path.dirname(director.hald), "haldctl"), "--socket", director.socket, "failover"]
    begin = time.monotonic_ns()
    run(haldctl)
    site.wait_for_master("second", VIP)
    end = time.monotonic_ns()
    run([*haldctl, "--undo"])
    site.wait_for_master("first", VIP)
    return [("hand_over", begin, end)]


def leave_and_return(site):
    director = site.directors["first"]
    begin = time.monotonic_ns()
    director.ask_to_stop()
    site.wait_for_master("second", VIP)
    director.process.wait(LIMIT_SECONDS)
    director.has_ended()
    end = time.monotonic_ns()
    director.start()
    site.wait_for_master("first", VIP)
    return [("leave", begin, end)]


def start_at_once(site, director):
    director.process.wait(LIMIT_SECONDS)
    director.has_ended()
    director.start()
    site.wait_for_master("first", VIP)


def restart(site):
    """`systemctl restart`: hald has a signal of its own for that, keepalived is told to end."""
    director = site.directors["first"]
    begin = time.monotonic_ns()
    director.ask_to_end_for_restart() if director.daemon == "hald" else director.ask_to_stop()
    start_at_once(site, director)
    return [("restart", begin, time.monotonic_ns())]


def kill_and_start(site):
    """kill -9, and a service manager that starts it again at once."""
    director = site.directors["first"]
    begin = time.monotonic_ns()
    director.kill()
    director.start()
    site.wait_for_master("first", VIP)
    return [("kill", begin, time.monotonic_ns())]


def measure_interval(daemon, hald, interval, rounds, say):
    """{event: [longest loss in ms of each round]}"""
    found = {}
    folder = tempfile.mkdtemp(prefix="hald-failover-")
    site = Site(daemon, hald, {name: configuration(name, interval) for name in PRIORITIES}, folder)
    try:
        for director in site.directors.values():
            director.start()
        site.wait_for_master("first", VIP)
        for number in range(rounds):
            say(f"{daemon}, advert_int {interval}: round {number + 1} of {rounds}")
            for act in (cut_and_mend, leave_and_return, hand_over_and_take_back, restart, kill_and_start):
                site.start_probe(VIP)
                time.sleep(0.3)
                spans = act(site)
                probes = site.end_probe()
                for event, begin, end in spans:
                    found.setdefault(event, []).append(longest_loss_ms(probes, begin, end))
    finally:
        site.close()
        shutil.rmtree(folder, ignore_errors=True)
    return found


def measure(programs, intervals, rounds, say):
    """{daemon: {interval: {event: [ms]}}}; the daemons take turns."""
    out = {name: {} for name in programs}
    for interval in intervals:
        for name, hald in programs.items():
            out[name][str(interval)] = measure_interval(name, hald, interval, rounds, say)
    return out


def flat(found):
    """Medians and worst cases by the keys of rows()."""
    out = {}
    for interval, events in found.items():
        for event, losses in events.items():
            out[f"{event}_{interval}"] = statistics.median(losses)
            out[f"{event}_{interval}_worst"] = max(losses)
    return out


def milliseconds(value):
    return f"{value:,.0f} ms"


def rows(intervals):
    out = []
    for interval in intervals:
        bound = bound_ms(interval) + MARGIN_MS
        out.append(figures.Row(f"cut_{interval}_worst", f"advert_int {interval}: cable cut, worst", milliseconds,
                               lambda own, ratio, bound=bound: own <= bound, f"at most {bound:,.0f} ms"))
        out.append(figures.Row(f"cut_{interval}", f"advert_int {interval}: cable cut, median", milliseconds,
                               lambda own, ratio: ratio is None or ratio <= 1, "ratio at most 1"))
        out.append(figures.Row(f"back_{interval}_worst", f"advert_int {interval}: cable mended, worst", milliseconds, None,
                               ""))
        out.append(figures.Row(f"leave_{interval}_worst", f"advert_int {interval}: told to end, worst", milliseconds,
                               lambda own, ratio: own < 5, "below 5 ms"))
        for event, title in (("restart", "systemctl restart"), ("kill", "kill -9 and start")):
            out.append(figures.Row(f"{event}_{interval}_worst", f"advert_int {interval}: {title}, worst", milliseconds,
                                   lambda own, ratio: own < 5, "below 5 ms"))
        out.append(figures.Row(f"hand_over_{interval}_worst", f"advert_int {interval}: haldctl failover, worst",
                               milliseconds, lambda own, ratio: own < 5, "below 5 ms"))
    return tuple(out)
