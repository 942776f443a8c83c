# SPDX-License-Identifier: Apache-2.0
"""Many files, each under two daemons at the same time: the tables of the two must come to be the same.

Runs inside the lab kernel. Each daemon has a namespace of its own with the interfaces that the file names. What is
compared: `ipvsadm -Sn`, the time-outs, and the lines of the sync daemon.
"""

import concurrent.futures
import contextlib
import ctypes
import os
import re
import subprocess
import time

from halab.director import Director
from halab.netns import CLONE_NEWNET, Namespace, run
from interop import adapt

MODULES = ["ip_vs", "ip_vs_rr", "ip_vs_wrr", "ip_vs_lc", "ip_vs_wlc", "ip_vs_sh", "ip_vs_dh", "ip_vs_mh", "ip_vs_lblc",
           "ip_vs_lblcr", "ip_vs_sed", "ip_vs_nq", "ip_vs_fo", "ip_vs_ovf", "ip_vs_pe_sip", "veth"]
WORK = "/tmp/same-table"
AT_ONCE = 6
POLL_SECONDS = 0.15
QUIET_SECONDS = 0.4  # so long must the daemons do nothing to count as settled
LIMIT_SECONDS = 20  # for the two to agree
BUSY_SECONDS = 5  # a daemon that checks or announces is never quiet: then it is judged by what it shows
STOP_SECONDS = 15
NOTHING_TO_RUN = 6  # hald's exit status
_libc = ctypes.CDLL(None, use_errno=True)


class FreshNamespace(Namespace):
    """A namespace without a name; it is gone with the last one who uses it."""

    def __init__(self):
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            if _libc.unshare(CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "unshare")
            self.descriptor = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
            _libc.setns(home, CLONE_NEWNET)
        finally:
            os.close(home)
        super().__init__("fresh")
        self.path = f"/proc/self/fd/{self.descriptor}"

    def close(self):
        os.close(self.descriptor)

    def ip(self, *lines):
        with self.entered():
            run(["ip", "-batch", "-"], text_input="\n".join(lines) + "\n")

    def run(self, command):
        with self.entered():
            return run(command)

    def popen(self, command, **keywords):
        with self.entered():
            return subprocess.Popen(command, **keywords)


def furnish(namespace, names):
    lines = []
    for number, name in enumerate(names):
        lines += [f"link add {name} type veth peer name peer{number}", f"link set peer{number} up",
                  f"addr add 192.0.{number + 100}.1/24 dev {name}", f"link set {name} up"]
    namespace.ip(*lines)


def seen(namespace, questions):
    return [line.rstrip() for what in questions for line in namespace.run(["ipvsadm"] + what).splitlines() if line.strip()]


def services_left(namespace):
    with namespace.entered(), open("/proc/net/ip_vs", encoding="ascii") as table:
        return [line.strip() for line in table][3:]


class Pulse:
    """Whether the processes of a daemon have done anything since it was last asked."""

    def __init__(self, director):
        self.director = director
        self.last = None
        self.since = time.monotonic()

    def quiet_for(self):
        stats = []
        for pid in self.director.processes():
            with contextlib.suppress(OSError):
                with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
                    fields = stat.read().rpartition(")")[2].split()
                stats.append((pid, fields[0], fields[11], fields[12]))
        if stats != self.last or any(state != "S" for _, state, _, _ in stats):
            self.last, self.since = stats, time.monotonic()
        return time.monotonic() - self.since


class Pair:
    """One file under two daemons."""

    def __init__(self, label, text, daemons, hald, options, limit):
        self.limit = limit
        self.label, self.daemons = label, daemons
        self.parts = adapt.parts(text)
        self.text = self.parts[0]
        # A process inside costs as much as a daemon's start, so nothing is asked whose answer is known.
        self.questions = [["-Sn"]] + [["-L", "--timeout"], ["-L", "--daemon"]] * adapt.has_tuning(text)
        self.folder = os.path.join(WORK, re.sub(r"\W+", "_", label))
        os.makedirs(self.folder, exist_ok=True)
        self.path = os.path.join(self.folder, "file.conf")
        self._write()
        self.namespaces = [FreshNamespace() for _ in daemons]
        self.directors = [Director(f"{number}-{daemon}", namespace, self.path, self.folder, daemon, hald, options)
                          for number, (daemon, namespace) in enumerate(zip(daemons, self.namespaces))]

    def run(self):
        """(faults in words, the table of the first)"""
        try:
            for namespace in self.namespaces:
                namespace.set_link("lo", True)
            if adapt.has_sync_daemon(self.text):  # without VRRP there is no need of interfaces
                for namespace in self.namespaces:
                    furnish(namespace, adapt.interfaces(self.text))
            for arguments in adapt.before(self.text):
                for namespace in self.namespaces:
                    namespace.run(["ipvsadm"] + arguments)
            for director in self.directors:
                director.start()
            states = self._settle()
            faults = self._judge(states)
            for self.text in self.parts[1:]:
                self._write()
                for director in self.directors:
                    director.reload()
                faults += self._judge(self._settle())
            return faults + self._stop(), states[0]
        finally:
            for director in self.directors:
                director.kill()
            for namespace in self.namespaces:
                namespace.close()

    def _write(self):
        with open(self.path, "w", encoding="utf-8", errors="surrogateescape") as stream:
            stream.write(self.text)

    def _settle(self):
        wanted = [re.compile(pattern) for pattern in adapt.until(self.text)]
        pulses = [Pulse(director) for director in self.directors]
        begin = time.monotonic()
        while True:
            spent = time.monotonic() - begin
            is_quiet = all(pulse.quiet_for() >= QUIET_SECONDS for pulse in pulses)
            if is_quiet or spent > BUSY_SECONDS or wanted:
                states = [seen(namespace, self.questions) for namespace in self.namespaces]
                is_there = all(any(pattern.search(line) for line in state) for pattern in wanted for state in states)
                is_over = spent > self.limit or self.directors[0].has_ended()
                if states[0] == states[1] and is_there or is_over:
                    return states
            time.sleep(POLL_SECONDS)

    def _judge(self, states):
        faults = []
        for pattern in adapt.until(self.text):
            for daemon, state in zip(self.daemons, states):
                if not any(re.search(pattern, line) for line in state):
                    faults.append(f"{daemon}: no line has {pattern}")
        if states[0] != states[1] or faults:
            for daemon, state, other in zip(self.daemons, states, reversed(states)):
                faults += [f"{daemon:<12}{line}" + ("" if line in other else "   <--") for line in state]
            faults += [f"{director.daemon} says: {line}" for director in self.directors
                       for line in director.log().splitlines()[-25:]]
        return faults

    def _stop(self):
        """hald must leave nothing behind, or the same as keepalived, which ends slowly and is killed otherwise."""
        is_compared = adapt.compares_the_end(self.text)
        faults, left = [], []
        for director, namespace in zip(self.directors, self.namespaces):
            if director.daemon != "hald" and not is_compared:
                continue
            if director.has_died() and director.exit_status == NOTHING_TO_RUN:
                continue  # and keepalived has an empty table, or the two would differ
            director.ask_to_stop()
            limit = time.monotonic() + STOP_SECONDS
            while not director.has_ended() and time.monotonic() < limit:
                time.sleep(0.05)
            if director.exit_status != 0:
                faults.append(f"{director.daemon} ended with {director.exit_status}:\n{director.log()[-1500:]}")
            left.append(services_left(namespace))
        if is_compared and left[0] != left[1]:
            faults += [f"left behind: {lines}" for lines in left]
        elif not is_compared:
            faults += [f"hald left behind: {line}" for line in left[0]] if left else []
        return faults


def run_pair(label, text, daemons, hald, limit):
    # A sync daemon follows its virtual router; all else is there without one, and sooner.
    options = [] if adapt.has_sync_daemon(text) else ["-C"]
    return Pair(label, text, daemons, hald, options, limit).run()


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as stream:
        return stream.read()


def files_below(folder):
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if name.endswith(".conf"):
                yield os.path.relpath(os.path.join(place, name), folder), read(os.path.join(place, name))


def cases(words, corpus, is_wanted):
    """(label, text); `corpus` may be None."""
    found = [(f"words/{name}", text) for name, text in files_below(words)]
    if corpus:
        found += [(name, adapt.adapt(text)) for name, text in files_below(corpus) if adapt.has_service(text)]
    return [(label, text) for label, text in found if is_wanted(label)]


def main(words, corpus, hald, against, known, pattern=""):
    """`known`: {label: why the two differ}. Exit status: 0 all the same, 1 not."""
    run(["modprobe", "-a"] + MODULES)
    chosen = cases(words, corpus, lambda label: re.search(pattern, label))
    bad = services = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        runs = {}
        for label, text in chosen:
            limit = BUSY_SECONDS if label in known else LIMIT_SECONDS
            runs[pool.submit(run_pair, label, text, ("keepalived", against), hald, limit)] = label
        for done in concurrent.futures.as_completed(runs):
            label = runs[done]
            try:
                faults, table = done.result()
            except Exception as error:  # one broken pair must not hide the others
                faults, table = [f"{type(error).__name__}: {error}"], []
            services += sum(line.startswith("-A ") for line in table)
            if label in known:
                bad += not faults
                print(f"{'ok   differs: ' + known[label] if faults else 'FAIL no longer differs'}: {label}", flush=True)
                continue
            bad += bool(faults)
            print(f"{'FAIL' if faults else 'ok  '} {label}" + "".join(f"\n       {fault}" for fault in faults), flush=True)
    print(f"{len(chosen)} files, {services} services, {bad} faults")
    return 1 if bad or not services else 0
