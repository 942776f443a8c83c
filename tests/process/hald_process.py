# SPDX-License-Identifier: Apache-2.0
"""Runs the real hald in a network namespace of its own and waits for what it says."""
import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HALD = sys.argv[1] if len(sys.argv) > 1 else "build/release/hald"
HALDCTL = sys.argv[2] if len(sys.argv) > 2 else "build/release/haldctl"
DEADLINE = 20.0

VRRP = """vrrp_instance VI_1 {
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 1
  virtual_ipaddress { 10.0.0.3/24 }
}
"""
SERVERS = """virtual_server 10.0.0.3 80 {
  delay_loop 1
  lb_algo rr
  lb_kind DR
  protocol TCP
  real_server 127.0.0.1 80 { weight 1 }
}
"""


def wait_until(condition, what, deadline=DEADLINE):
    """Polls a condition; fails loudly at the deadline. Returns the condition's first true value."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"did not happen within {deadline} s: {what}")
        time.sleep(0.01)


def run(*words, **options):
    return subprocess.run(words, check=True, capture_output=True, text=True, **options).stdout


class Daemon:
    """One hald under test; its log is what it writes to standard error."""

    def __init__(self, case, *options, foreground=True):
        self.case = case
        self.log = case.folder / f"log.{len(case.daemons)}"
        words = ["ip", "netns", "exec", case.netns, *case.wrapper, HALD, "-l", "-G", "-D", "-f", str(case.config),
                 "-p", str(case.folder / "hald.pid"), "--control-socket", str(case.socket)]
        words += ["-n"] if foreground else []
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([*words, *options], stderr=log, stdout=log)
        case.daemons.append(self)

    def text(self):
        return self.log.read_text(errors="replace")

    def wait_for(self, text):
        def seen():
            if self.process.poll() is not None and text not in self.text():
                raise AssertionError(f"hald ended with {self.process.returncode} before '{text}':\n{self.text()}")
            return text in self.text()
        wait_until(seen, f"'{text}' in the log:\n{self.text()}")

    def wait(self):
        return self.process.wait(timeout=DEADLINE)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.wait()


class ProcessCase(unittest.TestCase):
    """A namespace with eth0 (10.0.0.5/24) whose other end is in the same namespace, and a folder."""

    wrapper = []
    counter = 0

    def setUp(self):
        ProcessCase.counter += 1
        self.netns = f"hald-p{os.getpid()}-{ProcessCase.counter}"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hald-process-"))
        self.folder.chmod(0o755)
        self.config = self.folder / "hald.conf"
        self.socket = self.folder / "control.sock"
        self.daemons = []
        run("ip", "netns", "add", self.netns)
        self.ip("link", "set", "lo", "up")
        self.ip("link", "add", "eth0", "type", "veth", "peer", "name", "peer0")
        self.ip("addr", "add", "10.0.0.5/24", "dev", "eth0")
        self.ip("link", "set", "eth0", "up")
        self.ip("link", "set", "peer0", "up")

    def tearDown(self):
        for daemon in self.daemons:
            if daemon.process.poll() is None:
                daemon.process.kill()
                daemon.process.wait()
        run("ip", "netns", "del", self.netns)
        shutil.rmtree(self.folder, ignore_errors=True)

    def ip(self, *words):
        return run("ip", "-n", self.netns, *words)

    def configure(self, text):
        self.config.write_bytes(text if isinstance(text, bytes) else text.encode())

    def check_config(self, *options):
        """In the namespace: what is said depends on the interfaces and addresses there are."""
        return subprocess.run(["ip", "netns", "exec", self.netns, HALD, "-t", "-f", str(self.config), *options],
                              capture_output=True, text=True, errors="replace", timeout=DEADLINE)

    def status(self):
        done = subprocess.run([HALDCTL, "--socket", str(self.socket), "status", "--json"], capture_output=True,
                              text=True, timeout=DEADLINE)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def instance(self):
        status = self.status()
        return status["instances"][0] if status and status["instances"] else {}

    def addresses(self):
        return self.ip("-o", "addr", "show", "dev", "eth0")


def in_namespace(netns, action):
    """Calls `action` with this thread's network namespace changed, and comes back."""
    libc = ctypes.CDLL(None, use_errno=True)
    clone_newnet = 0x40000000
    with open("/proc/self/ns/net") as home, open(f"/run/netns/{netns}") as there:
        if libc.setns(there.fileno(), clone_newnet) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        try:
            return action()
        finally:
            libc.setns(home.fileno(), clone_newnet)


def raw_socket(netns, interface):
    """An AF_PACKET socket on an interface of the namespace, for frames in and out."""
    def make():
        packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        packets.bind((interface, 0))
        packets.settimeout(DEADLINE)
        return packets
    return in_namespace(netns, make)


def main():
    if os.geteuid() != 0 or shutil.which("ip") is None:
        print("skipped: needs root and iproute2")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0]], verbosity=2)
