# SPDX-License-Identifier: Apache-2.0
"""Two routers with the real program in two namespaces on one wire, for the tests that need both."""
import json
import subprocess

from hald_process import DEADLINE, HALDCTL, Daemon, ProcessCase, run, wait_until

VIP = "10.0.0.3/24"


class Site:
    """The second router: what a Daemon wants to know of its case."""

    wrapper = []

    def __init__(self, folder, netns):
        self.folder = folder
        self.folder.mkdir()
        self.netns = netns
        self.config = folder / "hald.conf"
        self.socket = folder / "control.sock"
        self.daemons = []

    def status(self):
        done = subprocess.run([HALDCTL, "--socket", str(self.socket), "status", "--json"], capture_output=True,
                              text=True, timeout=DEADLINE)
        return json.loads(done.stdout) if done.returncode == 0 else None


class TwoRouters(ProcessCase):
    """The router under test has priority 100, the other one 80."""

    interval = "0.1"

    def setUp(self):
        super().setUp()
        self.other = Site(self.folder / "other", f"{self.netns}-b")
        run("ip", "netns", "add", self.other.netns)
        self.ip("link", "set", "peer0", "netns", self.other.netns, "name", "eth0")
        for words in (("link", "set", "lo", "up"), ("addr", "add", "10.0.0.6/24", "dev", "eth0"),
                      ("link", "set", "eth0", "up")):
            run("ip", "-n", self.other.netns, *words)

    def tearDown(self):
        for daemon in self.other.daemons:
            if daemon.process.poll() is None:
                daemon.process.kill()
                daemon.process.wait()
        run("ip", "netns", "del", self.other.netns)
        super().tearDown()

    def instance_text(self, priority, more=""):
        return f"""vrrp_instance VI_1 {{
  interface eth0
  virtual_router_id 51
  version 3
  priority {priority}
  advert_int {self.interval}
  virtual_ipaddress {{ {VIP} }}
  {more}
}}
"""

    def begin(self, definition, more):
        self.configure(definition + self.instance_text(100, more))
        self.other.config.write_text(self.instance_text(80))
        self.daemon = Daemon(self)
        Daemon(self.other)

    @staticmethod
    def add_interface(netns):
        run("ip", "-n", netns, "link", "add", "eth1", "type", "veth", "peer", "name", "far1")
        for name in ("eth1", "far1"):
            run("ip", "-n", netns, "link", "set", name, "up")

    def has_vip(self, netns):
        return VIP in run("ip", "-n", netns, "-o", "addr", "show", "dev", "eth0")

    def wait_for_vip_here(self):
        wait_until(lambda: self.has_vip(self.netns) and not self.has_vip(self.other.netns),
                   f"the address comes to this router:\n{self.daemon.text()}")

    def wait_for_vip_there(self):
        wait_until(lambda: self.has_vip(self.other.netns) and not self.has_vip(self.netns),
                   f"the address goes to the other router:\n{self.daemon.text()}")
