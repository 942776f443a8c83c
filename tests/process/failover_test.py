# SPDX-License-Identifier: Apache-2.0
"""haldctl failover with the real program: who is asked hands over without dropping the address, and stays BACKUP until its
successor falters or it is told otherwise."""
import json
import signal
import subprocess

from hald_process import DEADLINE, HALDCTL, Daemon, main, wait_until
from two_routers import TwoRouters


class FailoverTest(TwoRouters):
    def haldctl(self, *words):
        done = subprocess.run([HALDCTL, "--socket", str(self.socket), *words], capture_output=True, text=True,
                              timeout=DEADLINE)
        return done.returncode, done.stdout + done.stderr

    def test_it_hands_over_and_stays_backup(self):
        self.begin("", "")
        self.wait_for_vip_here()
        self.assertEqual(self.haldctl("failover"), (0, "VI_1 handed over to 10.0.0.6\n"))
        self.assertTrue(self.has_vip(self.other.netns), "the other router had it before this one let go")
        self.wait_for_vip_there()
        follows = "follows 10.0.0.6 with lower priority 80 because it was asked to hand over"
        wait_until(lambda: self.instance()["reason"] == follows, "it says why")
        # It has the higher priority and lets the other one be, over a reload too.
        heard = self.instance()["adverts"]["received"]
        self.configure(self.config.read_text().replace("priority 100", "priority 120"))
        self.daemon.process.send_signal(signal.SIGHUP)
        self.daemon.wait_for("Reloaded:")
        wait_until(lambda: self.instance()["adverts"]["received"] > heard + 10, "ten adverts of the other router")
        self.assertEqual((self.instance()["state"], self.instance()["yields"]), ("BACKUP", True))
        self.assertEqual(self.haldctl("failover"), (1, f"VI_1 is BACKUP: {follows}\n"
                                                       "not done: none of them is MASTER\n"))
        status, text = self.haldctl("failover", "--undo", "VI_1")
        self.assertEqual((status, text), (0, "VI_1 takes part by its priority; it is BACKUP\n"))
        self.wait_for_vip_here()
        self.assertFalse(self.instance()["yields"])

    def test_it_takes_over_when_its_successor_dies(self):
        self.begin("", "")
        self.wait_for_vip_here()
        self.assertEqual(self.haldctl("failover", "VI_1")[0], 0)
        self.other.daemons[0].process.kill()
        wait_until(lambda: self.instance()["state"] == "MASTER", "MASTER again")
        self.assertFalse(self.instance()["yields"])

    def test_without_a_successor_it_stays_master(self):
        self.configure(self.instance_text(100))
        self.daemon = Daemon(self)
        self.daemon.wait_for("Entering MASTER STATE")
        since = self.instance()["since"]
        status, text = self.haldctl("--json", "failover")
        answer = json.loads(text)
        self.assertEqual((status, answer["done"], answer["reason"]),
                         (1, False, "was asked to hand over, but nobody took over"))
        self.assertEqual((answer["instances"][0]["state"], answer["instances"][0]["handed_over"]), ("MASTER", False))
        self.assertEqual(self.instance()["since"], since, "it was MASTER all the time")

    def test_a_name_that_is_not_there(self):
        self.configure(self.instance_text(100))
        self.daemon = Daemon(self)
        self.daemon.wait_for("Entering BACKUP STATE")
        self.assertEqual(self.haldctl("failover", "VI_7"),
                         (1, "not done: no instance and no sync group is named VI_7\n"))
        self.assertEqual(self.haldctl("failover", "VI_1", "VI_2")[0], 2)


if __name__ == "__main__":
    main()
