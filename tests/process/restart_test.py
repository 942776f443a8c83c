# SPDX-License-Identifier: Apache-2.0
"""A restart with the real program: the next hald goes on where the one before stopped, the other router notices nothing, and
a record that cannot be gone on with does no harm."""
import signal
import subprocess
import threading

from hald_process import DEADLINE, HALD, SERVERS, Daemon, main, run, wait_until
from two_routers import VIP, TwoRouters

HANDOVER = signal.SIGRTMIN + 8
OLD_VIP = "10.0.0.4/24"


class AddressWatch:
    """What the kernel tells of the addresses of eth0 while it is there."""

    def __init__(self, case):
        self.lines = []
        self.process = subprocess.Popen(["ip", "-4", "-n", case.netns, "-o", "monitor", "address"], stdout=subprocess.PIPE, text=True)
        self.thread = threading.Thread(target=lambda: self.lines.extend(self.process.stdout))
        self.thread.start()
        case.addCleanup(self.end)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
            self.thread.join()
            self.process.stdout.close()
        return self.lines


class RestartTest(TwoRouters):
    interval = "0.5"  # starting the program may take a while on a busy machine

    def end_for_a_restart(self):
        self.daemon.process.send_signal(HANDOVER)
        self.assertEqual(self.daemon.wait(), 0, self.daemon.text())

    def start_again(self, *options):
        self.daemon = Daemon(self, *options)
        wait_until(self.status, f"hald answers:\n{self.daemon.text()}")

    def other_instance(self):
        return wait_until(self.other.status, "the other router answers")["instances"][0]

    def record(self):
        return self.folder / "control.sock.handover"

    def test_the_master_stays_master(self):
        told, script = self.folder / "told", self.folder / "tell"
        script.write_text(f"#!/bin/sh\necho $3 >> {told}\n")
        script.chmod(0o755)
        self.begin("global_defs {\n  script_user root\n  enable_script_security\n}\n", f"notify {script}")
        self.wait_for_vip_here()
        wait_until(lambda: told.exists() and "MASTER" in told.read_text(), "the script was told")
        said = told.read_text()
        before = self.instance()
        watch = AddressWatch(self)
        for _ in range(5):
            self.end_for_a_restart()
            self.assertTrue(self.has_vip(self.netns), "the address stays")
            self.start_again()
            self.daemon.wait_for("(VI_1) Resuming MASTER STATE")
        after = wait_until(lambda: self.instance()["adverts"]["sent"] > before["adverts"]["sent"] + 3 and self.instance(),
                           "it advertises")
        self.assertEqual(watch.end(), [], "no address was touched")
        self.assertEqual((after["state"], after["since"]), ("MASTER", before["since"]))
        self.assertEqual(after["reason"], "goes on as before hald was restarted")
        self.assertEqual(after["transitions_to_master"], before["transitions_to_master"])
        self.assertEqual(told.read_text(), said, "nobody is told of what has not changed")
        other = self.other_instance()
        self.assertEqual((other["state"], other["transitions_to_master"]), ("BACKUP", 0))
        self.assertEqual(other["packets"]["priority_zero_received"], 0)
        wait_until(lambda: self.record().exists() and '"ended":false' in self.record().read_text(), "it is used once")

    def test_killed_it_goes_on_too(self):
        self.begin("", "")
        self.wait_for_vip_here()
        wait_until(lambda: self.record().exists() and '"is":"MASTER"' in self.record().read_text(), "the record is kept")
        watch = AddressWatch(self)
        for _ in range(3):
            self.daemon.process.kill()
            self.daemon.wait()
            self.start_again()
            self.daemon.wait_for(" was killed")
            sent = wait_until(self.instance, "an instance")["adverts"]["sent"]
            wait_until(lambda: self.instance()["adverts"]["sent"] > sent + 5, "it advertises")
            wait_until(self.record().exists, "the record is kept")
        # Nobody knows how long it was away, hence the first thing that it does.
        self.assertIn("listens before it sends again", self.daemon.text())
        self.assertEqual(watch.end(), [], "no address was touched")
        self.assertEqual((self.other_instance()["state"], self.other_instance()["transitions_to_master"]), ("BACKUP", 0))
        self.daemon.stop()
        self.assertFalse(self.record().exists(), "a stop leaves nothing")

    def test_the_backup_stays_backup(self):
        self.begin("", "")
        self.wait_for_vip_here()
        self.other.daemons[0].process.send_signal(HANDOVER)
        self.assertEqual(self.other.daemons[0].wait(), 0)
        Daemon(self.other).wait_for("(VI_1) Resuming BACKUP STATE")
        heard = self.other_instance()["adverts"]["received"]
        wait_until(lambda: self.other_instance()["adverts"]["received"] > heard + 2, "it listens")
        self.assertEqual(self.other_instance()["state"], "BACKUP")
        self.assertEqual(self.other_instance()["master_address"], "10.0.0.5")

    def test_what_the_new_file_does_not_want_goes(self):
        self.begin("", "")
        self.wait_for_vip_here()
        self.configure(self.instance_text(100).replace(VIP, f"{VIP}\n    {OLD_VIP}\n  "))
        self.daemon.process.send_signal(signal.SIGHUP)
        self.daemon.wait_for("Reloaded:")
        wait_until(lambda: OLD_VIP in self.addresses(), "the second address")
        self.configure(self.instance_text(100))
        self.end_for_a_restart()
        self.assertIn(OLD_VIP, self.addresses())
        self.start_again()
        wait_until(lambda: OLD_VIP not in self.addresses(), "the second address goes")
        self.assertIn(VIP, self.addresses())

    def test_an_instance_that_is_gone_leaves_nothing(self):
        self.begin("", "")
        self.wait_for_vip_here()
        self.configure("static_ipaddress {\n  10.9.9.9/32 dev eth0\n}\n")
        self.end_for_a_restart()
        self.start_again()
        wait_until(lambda: VIP not in self.addresses() and "10.9.9.9" in self.addresses(), "what is wanted now is there")
        self.wait_for_vip_there()

    def test_too_late_it_listens_first(self):
        self.begin("", "")
        self.wait_for_vip_here()
        self.end_for_a_restart()
        # Long enough for routers of every priority to have taken over, which is what counts.
        wait_until(lambda: self.other_instance()["state"] == "MASTER" and self.other_instance()["adverts"]["sent"] > 2,
                   "the other router takes over")
        self.start_again()
        self.wait_for_vip_here()
        self.assertIn("ms late", self.daemon.text())
        self.assertIn("Entering BACKUP STATE", self.daemon.text(), "it gives way to who was elected meanwhile")

    def test_verdicts_are_kept(self):
        checked = SERVERS.replace("127.0.0.1 80 { weight 1 }",
                                  "127.0.0.1 81 {\n weight 1\n TCP_CHECK { connect_timeout 1 }\n }")
        self.configure(checked + self.instance_text(100))
        self.daemon = Daemon(self, "--ipvs", "memory")
        self.daemon.wait_for("Removing service")
        before = self.status()["virtual_servers"][0]
        self.end_for_a_restart()
        self.start_again("--ipvs", "memory")
        after = wait_until(lambda: self.status()["virtual_servers"], "virtual servers")[0]
        self.assertEqual(after["quorum_up"], before["quorum_up"])
        server = after["real_servers"][0]
        self.assertEqual((server["state"], server["since"]), ("DOWN", before["real_servers"][0]["since"]))
        self.assertNotIn("Removing service", self.daemon.text())

    def test_a_damaged_record_is_refused(self):
        self.begin("", "")
        self.wait_for_vip_here()
        self.end_for_a_restart()
        data = self.record().read_bytes()
        self.record().write_bytes(data[:-1])
        self.start_again()
        self.assertIn("is not used: it has", self.daemon.text())
        self.assertFalse(self.record().exists())
        self.wait_for_vip_here()

    def test_by_hand_and_in_the_background(self):
        self.configure(self.instance_text(100))
        Daemon(self, foreground=False).wait()
        wait_until(lambda: self.instance().get("state") == "MASTER", "MASTER")
        since = self.instance()["since"]
        command = [HALD, "--handover", "-p", str(self.folder / "hald.pid")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(VIP, self.addresses())
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 1)
        self.assertIn("find a running hald by its pid file", done.stderr)
        self.start_again()
        self.assertEqual((self.instance()["state"], self.instance()["since"]), ("MASTER", since))
        self.assertEqual(run(HALD, "--signum=HANDOVER").strip(), str(int(HANDOVER)))


if __name__ == "__main__":
    main()
