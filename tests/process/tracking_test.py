# SPDX-License-Identifier: Apache-2.0
"""Tracking and sync groups with the real program: what is tracked moves the virtual address to the other router, and
back."""
import os
import shutil
import signal
import subprocess

from hald_process import Daemon, main, run, wait_until
from two_routers import TwoRouters


class TrackingTest(TwoRouters):
    def tracked(self):
        return self.instance()["tracked"][0]

    def test_a_file_moves_the_address(self):
        number = self.folder / "number"
        self.begin(f"track_file num {{\n  file {number}\n  init_file 0\n}}\n",
                   "track_file {\n    num weight 1\n  }")
        self.wait_for_vip_here()
        self.assertEqual(number.read_text(), "0\n")
        number.write_text("-50\n")
        self.wait_for_vip_there()
        self.assertEqual((self.instance()["priority"], self.instance()["base_priority"]), (50, 100))
        self.assertEqual((self.tracked()["name"], self.tracked()["words"], self.tracked()["priority"]),
                         ("num", "holds -50", -50))
        replacement = self.folder / "replacement"
        replacement.write_text("0\n")
        os.rename(replacement, number)
        self.wait_for_vip_here()

    def test_a_script_moves_the_address(self):
        flag = self.folder / "healthy"
        flag.touch()
        self.begin(f'vrrp_script chk {{\n  script "/usr/bin/test -e {flag}"\n  interval 0.1\n  weight -50\n'
                   "  fall 2\n  user root\n}\n", "track_script {\n    chk\n  }")
        self.wait_for_vip_here()
        flag.unlink()
        self.wait_for_vip_there()
        self.daemon.wait_for("VRRP_Script(chk) failed (exited with status 1)")
        self.assertEqual((self.tracked()["words"], self.instance()["priority"]),
                         ("failed (exited with status 1)", 50))
        # A reload of the same changes nothing of it.
        self.daemon.process.send_signal(signal.SIGHUP)
        self.daemon.wait_for("Reloaded:")
        self.assertEqual(self.instance()["priority"], 50)
        flag.touch()
        self.wait_for_vip_here()

    def test_a_script_that_hangs_is_a_fault(self):
        flag = self.folder / "healthy"
        flag.touch()
        script = self.folder / "check"
        script.write_text(f"#!/bin/sh\n[ -e {flag} ] || sleep 1000\n")
        script.chmod(0o755)
        self.begin(f"vrrp_script chk {{\n  script {script}\n  interval 0.1\n  timeout 0.3\n  user root\n}}\n",
                   "track_script {\n    chk\n  }")
        self.wait_for_vip_here()
        flag.unlink()
        self.wait_for_vip_there()
        self.assertEqual((self.instance()["state"], self.instance()["reason"]), ("FAULT", "script chk timed_out"))
        flag.touch()
        self.wait_for_vip_here()

    def test_a_process_moves_the_address(self):
        program = self.folder / f"hp{os.getpid()}"
        shutil.copy("/bin/sleep", program)
        server = subprocess.Popen([str(program), "1000"])
        try:
            self.begin(f"vrrp_track_process web {{\n  process {program.name}\n}}\n",
                       "track_process {\n    web\n  }")
            self.wait_for_vip_here()
            server.kill()
            server.wait()
            self.wait_for_vip_there()
            self.assertEqual(self.instance()["reason"], "process web lacks its quorum (0 running)")
        finally:
            server.kill()
            server.wait()
        with subprocess.Popen([str(program), "1000"]) as server:
            try:
                self.wait_for_vip_here()
            finally:
                server.kill()

    def test_an_interface_moves_the_address(self):
        self.add_interface(self.netns)
        self.begin("", "track_interface {\n    eth1 weight -50\n  }")
        self.wait_for_vip_here()
        self.ip("link", "set", "eth1", "down")
        self.wait_for_vip_there()
        self.daemon.wait_for("(VI_1) Changing effective priority from 100 to 50")
        self.ip("link", "set", "eth1", "up")
        self.wait_for_vip_here()

    def test_a_short_flap_does_not_count(self):
        self.add_interface(self.netns)
        self.begin("interface_up_down_delays {\n  eth1 1\n}\n", "track_interface {\n    eth1 weight -50\n  }")
        self.wait_for_vip_here()
        self.ip("link", "set", "eth1", "down")
        self.daemon.wait_for("eth1 is down; that counts if it lasts 1s")
        self.ip("link", "set", "eth1", "up")
        # The next one counts: that it comes after the first proves that the first never did.
        wait_until(lambda: "state UP" in self.ip("link", "show", "eth1"), "eth1 is up")
        self.ip("link", "set", "eth1", "down")
        self.wait_for_vip_there()
        self.assertEqual(self.daemon.text().count("Changing effective priority"), 1, self.daemon.text())
        self.assertEqual(self.daemon.text().count("that counts if it lasts"), 2, self.daemon.text())
        self.ip("link", "set", "eth1", "up")
        self.wait_for_vip_here()

    def test_a_group_goes_as_a_whole(self):
        # On eth1 the two do not hear each other: by itself the other router would be MASTER there.
        for netns, last in ((self.netns, 5), (self.other.netns, 6)):
            self.add_interface(netns)
            run("ip", "-n", netns, "addr", "add", f"10.1.0.{last}/24", "dev", "eth1")
        second = """vrrp_instance VI_2 {{
  interface eth1
  virtual_router_id 52
  version 3
  priority {0}
  advert_int 0.1
  virtual_ipaddress {{ 10.1.0.3/24 }}
}}
vrrp_sync_group G {{
  group {{
    VI_1
    VI_2
  }}
}}
"""
        self.configure(self.instance_text(100) + second.format(100))
        self.other.config.write_text(self.instance_text(80) + second.format(80))
        self.daemon = Daemon(self)
        Daemon(self.other)

        def groups():
            found = [site.status() for site in (self, self.other)]
            return [each["sync_groups"][0]["state"] if each else "" for each in found]
        wait_until(lambda: groups() == ["MASTER", "BACKUP"], f"this router has both:\n{self.daemon.text()}")
        # The cable of the second instance: the first one goes with it.
        self.ip("link", "set", "eth1", "down")
        self.wait_for_vip_there()
        status = self.status()
        self.assertEqual([each["state"] for each in status["instances"]], ["FAULT", "FAULT"])
        self.assertEqual(status["sync_groups"][0]["reason"], "VI_2: the interface is down")
        self.daemon.wait_for("VRRP_Group(G) Syncing instances to FAULT state")


if __name__ == "__main__":
    main()
