# SPDX-License-Identifier: Apache-2.0
"""net_namespace: started elsewhere, hald does everything inside the namespace that its file names."""
import os
import signal

from hald_process import Daemon, ProcessCase, VRRP, main, run, wait_until


class NamespaceTest(ProcessCase):
    def setUp(self):
        super().setUp()
        self.outer = f"hald-o{os.getpid()}-{ProcessCase.counter}"
        run("ip", "netns", "add", self.outer)

    def tearDown(self):
        super().tearDown()
        run("ip", "netns", "del", self.outer)

    def start_outside(self, text, *options):
        self.configure(text)
        inner, self.netns = self.netns, self.outer
        try:
            return Daemon(self, *options)
        finally:
            self.netns = inner

    def test_everything_happens_inside(self):
        text = f"net_namespace {self.netns}\n" + VRRP.replace("virtual_ipaddress", "use_vmac\n  virtual_ipaddress")
        daemon = self.start_outside(text)
        daemon.wait_for("Entering MASTER STATE")
        self.assertNotIn("no-interface", daemon.text(), "the file is read against the interfaces inside")
        wait_until(lambda: "10.0.0.3" in self.ip("addr", "show", "dev", "vrrp.51"), "the address on its link")
        inside = run("ip", "netns", "exec", self.netns, "sysctl", "-n", "net.ipv4.conf.vrrp/51.arp_ignore")
        self.assertEqual(inside.strip(), "1")
        self.configure(text.replace(self.netns, self.outer))
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for("`net_namespace` cannot change while hald runs")
        self.configure(text.replace("priority 100", "priority 101"))
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for("Reloaded")
        self.assertEqual(self.instance()["state"], "MASTER")
        self.assertEqual(daemon.stop(), 0)
        self.assertNotIn("vrrp.51", self.ip("link", "show"))

    def test_the_option_counts_more(self):
        daemon = self.start_outside("net_namespace nobody\n" + VRRP, "-s", self.netns)
        daemon.wait_for("Entering MASTER STATE")
        wait_until(lambda: "10.0.0.3" in self.addresses(), "the address")
        self.assertEqual(daemon.stop(), 0)

    def test_a_namespace_that_is_not_there(self):
        daemon = self.start_outside("net_namespace nobody\n" + VRRP)
        self.assertNotEqual(daemon.wait(), 0)
        self.assertIn("enter network namespace nobody", daemon.text())
        checked = self.check_config()
        self.assertEqual(checked.returncode, 0, checked.stderr)


if __name__ == "__main__":
    main()
