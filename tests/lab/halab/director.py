# SPDX-License-Identifier: Apache-2.0
"""A director: one host that runs hald, or Debian's keepalived, on a configuration file.

The two are started by the same command line, so a lab may mix them. What is asked of the kernel (table, addresses)
is the same for both; what is asked of the daemon itself (`status`) only hald answers.
"""

import json
import os
import signal
import subprocess

from halab.netns import run

STOP_SECONDS = 10


def be_real_time():
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except OSError:
        pass


class Director:
    def __init__(self, name, namespace, config, folder, daemon="hald", hald=None, options=(),
                 is_real_time=False):
        """`daemon`: hald or keepalived. `hald`: path of the binary; haldctl lies beside it. `options`: for either.
        `is_real_time`: it runs before everything else, since it is on trial, not the machine."""
        self.is_real_time = is_real_time
        self.name = name
        self.namespace = namespace
        self.config = config
        self.daemon = daemon
        self.hald = hald
        self.options = list(options)
        self.detail = ["-D"]
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder, exist_ok=True)
        self.log_path = os.path.join(self.folder, "log")
        self.pid_file = os.path.join(self.folder, "pid")
        self.socket = os.path.join(self.folder, "control.sock")
        self.process = None
        self.exit_status = None
        self.is_wanted = False  # started, and not asked to stop

    def command(self):
        common = ["-n", "-l", *self.detail, "-f", self.config, "-p", self.pid_file] + self.options
        if self.daemon == "keepalived":
            return ["keepalived"] + common + ["-r", self.pid_file + ".vrrp", "-c", self.pid_file + ".checkers"]
        return [self.hald] + common + ["--control-socket", self.socket]

    def start(self):
        self.process = self._popen(self.command())
        self.exit_status = None
        self.is_wanted = True

    def _popen(self, command):
        with open(self.log_path, "ab") as log:
            return self.namespace.popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                        preexec_fn=be_real_time if self.is_real_time else None)

    def signal(self, number):
        self.process.send_signal(number)

    def reload(self):
        self.signal(signal.SIGHUP)

    def ask_to_stop(self):
        self.is_wanted = False
        self.signal(signal.SIGTERM)

    def ask_to_end_for_restart(self):
        """What `systemctl restart` sends hald."""
        self.is_wanted = False
        self.signal(signal.SIGRTMIN + 8)

    def has_ended(self):
        """Whether the process is gone; then `exit_status` is set."""
        if self.process is not None and self.process.poll() is not None:
            self.exit_status = self.process.returncode
            self.process = None
        return self.process is None

    def processes(self):
        """The daemon's process and its descendants; parents first."""
        found = [self.process.pid] if self.process else []
        for pid in found:
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as children:
                        found += [int(child) for child in children.read().split()]
            except OSError:
                pass  # it has just ended
        return found

    def _signal_all(self, number):
        for pid in self.processes():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def freeze(self):
        """Stops every process where it is: to the others the director is dead, but its kernel is not."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self):
        self._signal_all(signal.SIGCONT)

    def has_died(self):
        """Whether the process is gone without having been asked to."""
        return self.is_wanted and self.has_ended()

    def kill(self):
        """Every process dies at once, none by the death of another: nobody says farewell."""
        if self.process is not None:
            self.freeze()
            self._signal_all(signal.SIGKILL)
            self.process.wait()
            self.has_ended()
            if self.daemon == "keepalived":  # its dead children may stay zombies, which it takes for living ones
                for name in (self.pid_file, self.pid_file + ".vrrp", self.pid_file + ".checkers"):
                    if os.path.exists(name):
                        os.unlink(name)

    def log(self):
        if not os.path.exists(self.log_path):
            return ""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def ipvs_table(self):
        """Lines of `ipvsadm -Sn`, sorted."""
        return sorted(line.strip() for line in self.namespace.run(["ipvsadm", "-Sn"]).splitlines() if line.strip())

    def addresses(self):
        """Lines of `ip -o -4 addr`, without index and times, sorted."""
        lines = run(["ip", "-n", self.namespace.name, "-o", "-4", "addr"]).splitlines()
        return sorted(" ".join(line.partition(":")[2].partition("\\")[0].split()) for line in lines)

    def status(self):
        """The daemon's own view as a dictionary; None when it does not answer or cannot (keepalived)."""
        if self.daemon != "hald":
            return None
        haldctl = os.path.join(os.path.dirname(self.hald), "haldctl")
        done = subprocess.run([haldctl, "status", "--json", "--socket", self.socket], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False, timeout=10)
        if done.returncode != 0:
            return None
        try:
            return json.loads(done.stdout)
        except ValueError:
            return None
