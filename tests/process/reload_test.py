# SPDX-License-Identifier: Apache-2.0
"""SIGHUP as a difference: what did not change is not touched, what changed is, nobody loses the MASTER."""
import json
import signal
import socket
import subprocess
import time

from hald_process import DEADLINE, HALDCTL, VRRP, Daemon, ProcessCase, main, raw_socket, wait_until

TWO = VRRP.replace("{ 10.0.0.3/24 }", "{ 10.0.0.3/24\n 10.0.0.4/24 label eth0:4\n }")
SECOND = VRRP.replace("VI_1", "VI_2").replace("router_id 51", "router_id 52").replace("10.0.0.3", "10.0.0.44")


class ReloadTest(ProcessCase):
    def start(self, text):
        self.configure(text)
        self.daemon = Daemon(self)
        self.daemon.wait_for("Entering MASTER STATE")

    def reload(self, text=None):
        if text is not None:
            self.configure(text)
        before = self.daemon.text().count("Reloaded")
        self.daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.daemon.text().count("Reloaded") > before, "reload finished")

    def announced(self, wire, address):
        """Whether a gratuitous ARP for the address is seen on the wire."""
        end = time.monotonic() + 5
        while time.monotonic() < end:
            data = wire.recv(2000)
            if data[12:14] == b"\x08\x06" and data[28:32] == data[38:42] == socket.inet_aton(address):
                return True
        return False

    def haldctl_reload(self, *options):
        return subprocess.run([HALDCTL, "-s", str(self.socket), "reload", *options], capture_output=True, text=True,
                              timeout=DEADLINE)

    def test_haldctl_reload_waits_and_says_what_changed(self):
        self.start(VRRP)
        done = self.haldctl_reload()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "reloaded: nothing changed\n", ""))
        self.configure(TWO)
        done = self.haldctl_reload()
        self.assertEqual((done.returncode, done.stdout), (0, "reloaded: 1 instance changed\n"))
        self.assertIn("10.0.0.4/24", self.addresses())

    def test_haldctl_reload_shows_why_it_was_refused(self):
        self.start(VRRP)
        self.configure(TWO.replace("priority 100", "prioritty 100"))
        done = self.haldctl_reload()
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("5 |   prioritty 100\n  |   ^~~~~~~~~\n  = help: did you mean `priority`?", done.stderr)
        self.assertIn("not reloaded, the running configuration stays: the file has errors", done.stderr)
        self.assertTrue(self.status()["config"]["stale"])
        self.assertNotIn("10.0.0.4/24", self.addresses())
        answer = json.loads(self.haldctl_reload("--json").stdout)
        self.assertEqual((answer["applied"], answer["errors"]), (False, 1))

    def test_many_who_ask_at_once_are_all_answered(self):
        self.start(VRRP)
        self.configure(TWO)
        words = [HALDCTL, "-s", str(self.socket), "reload"]
        asking = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(10)]
        answers = [each.communicate(timeout=DEADLINE)[0] for each in asking]
        self.assertTrue(all(answer.startswith("reloaded: ") for answer in answers), answers)
        self.assertIn("10.0.0.4/24", self.addresses())

    def test_the_same_file_writes_nothing_and_moves_nothing(self):
        self.start(VRRP)
        before = self.status()
        for _ in range(5):
            self.reload()
        self.assertEqual(self.daemon.text().count("Reloaded: nothing changed"), 5)
        after = self.status()
        self.assertEqual(after["kernel"], before["kernel"])
        self.assertEqual(after["instances"][0]["since"], before["instances"][0]["since"])
        self.assertEqual(after["instances"][0]["transitions_to_master"], 1)

    def test_a_new_address_is_added_and_announced_and_an_old_one_removed(self):
        self.start(VRRP)
        wire = raw_socket(self.netns, "peer0")
        before = self.status()["kernel"]["address_writes"]
        self.reload(TWO)
        self.assertRegex(self.addresses(), r"10\.0\.0\.4/24 .*eth0:4")
        self.assertEqual(self.status()["kernel"]["address_writes"], before + 1)
        self.assertTrue(self.announced(wire, "10.0.0.4"))
        self.reload(VRRP)
        self.assertNotIn("10.0.0.4/", self.addresses())
        self.assertIn("10.0.0.3/24", self.addresses())
        self.assertEqual(self.status()["kernel"]["address_writes"], before + 2)
        self.assertEqual(self.instance()["transitions_to_master"], 1)
        wire.close()

    def test_a_changed_priority_is_taken_without_an_election(self):
        self.start(VRRP)
        self.reload(VRRP.replace("priority 100", "priority 150"))
        self.assertEqual((self.instance()["base_priority"], self.instance()["state"]), (150, "MASTER"))
        self.assertEqual(self.instance()["transitions_to_master"], 1)

    def test_instances_come_and_go_without_touching_the_others(self):
        self.start(VRRP)
        self.reload(VRRP + SECOND)
        self.daemon.wait_for("Reloaded: 1 instance added")
        self.daemon.wait_for("(VI_2) Entering MASTER STATE")
        self.assertIn("10.0.0.44/24", self.addresses())
        wire = raw_socket(self.netns, "peer0")
        self.reload(VRRP)
        end = time.monotonic() + 5
        farewell = None
        while farewell is None and time.monotonic() < end:
            data = wire.recv(2000)
            if data[12:14] == b"\x08\x00" and data[23] == 112 and data[35] == 52:
                farewell = data[36]
        wire.close()
        self.assertEqual(farewell, 0, "the instance that is gone says farewell with priority 0")
        self.assertNotIn("10.0.0.44", self.addresses())
        self.assertEqual(self.instance()["transitions_to_master"], 1)

    def test_renaming_an_instance_is_no_change_of_state(self):
        self.start(VRRP)
        self.reload(VRRP.replace("VI_1", "WEB"))
        self.assertEqual((self.instance()["name"], self.instance()["transitions_to_master"]), ("WEB", 1))


if __name__ == "__main__":
    main()
