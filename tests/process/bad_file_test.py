# SPDX-License-Identifier: Apache-2.0
"""Files that are wrong in every way: at start hald says so and runs what it understood; at a reload it says
so, keeps the running configuration and stays MASTER."""
import os
import signal

from hald_process import VRRP, Daemon, ProcessCase, main, wait_until

GOOD_AFTER = VRRP.replace("priority 100", "priority 120")


class BadFileTest(ProcessCase):
    def refuse(self, text, said):
        """Reloads with `text` and expects the refusal to be logged with `said`; then a good file heals it."""
        self.configure(VRRP)
        daemon = Daemon(self)
        daemon.wait_for("Entering MASTER STATE")
        if text is None:
            self.config.unlink()
        else:
            self.configure(text)
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for("the running configuration stays")
        self.assertIn(said, daemon.text())
        status = self.status()
        self.assertTrue(status["config"]["stale"])
        self.assertEqual(status["instances"][0]["state"], "MASTER")
        self.assertEqual(status["instances"][0]["base_priority"], 100)
        self.assertIn("10.0.0.3/24", self.addresses())
        self.configure(GOOD_AFTER)
        daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.instance().get("base_priority") == 120, "the good file is taken")
        self.assertFalse(self.status()["config"]["stale"])
        self.assertEqual(daemon.stop(), 0)

    def test_truncated_file(self):
        self.refuse(VRRP[: VRRP.index("virtual_ipaddress") + 25], "hald.conf:")

    def test_unbalanced_braces(self):
        self.refuse(VRRP + "}\n", "hald.conf:9:1")

    def test_binary_file(self):
        self.refuse(bytes(range(256)) * 64, "hald.conf: this is binary data")

    def test_line_of_ten_megabytes(self):
        self.refuse("vrrp_instance " + "x" * 10_000_000, "hald.conf:1:")

    def test_missing_file(self):
        self.refuse(None, "does not exist")

    def test_empty_file_does_not_take_the_service_down(self):
        self.refuse("", "there is nothing to run")

    def test_empty_file_at_start_exits_6(self):
        self.configure("! nothing but a comment\n")
        daemon = Daemon(self)
        self.assertEqual(daemon.wait(), 6)
        self.assertIn("there is nothing to run", daemon.text())

    def test_directory(self):
        self.configure(VRRP)
        daemon = Daemon(self)
        daemon.wait_for("Entering MASTER STATE")
        self.config.unlink()
        self.config.mkdir()
        daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.status()["config"]["stale"], "stale")
        self.assertIn("directory", daemon.text())
        self.assertEqual(self.instance()["state"], "MASTER")

    def test_at_start_the_rest_of_a_bad_file_runs(self):
        self.configure("nonsense here\n" + VRRP + "more_nonsense { and { nested } }\n")
        daemon = Daemon(self)
        daemon.wait_for("Entering MASTER STATE")
        self.assertIn("hald.conf:1:1", daemon.text())
        self.assertEqual(self.status()["config"]["errors"], 2)

    def test_strict_config_refuses_to_start_with_errors(self):
        self.configure("global_defs {\n strict_config\n}\nnonsense here\n" + VRRP)
        daemon = Daemon(self)
        self.assertEqual(daemon.wait(), 5)
        self.assertIn("hald.conf:4:1", daemon.text())
        self.assertIn("`strict_config` refuses", daemon.text())

    def test_strict_config_starts_with_warnings(self):
        self.configure("global_defs {\n strict_config\n vrrp_iptables\n}\n" + VRRP)
        daemon = Daemon(self)
        daemon.wait_for("Entering MASTER STATE")

    def test_a_word_of_keepalived_that_is_not_built_is_reported_and_blocks_no_reload(self):
        text = "global_defs {\n  enable_dbus\n}\n" + VRRP
        self.configure(text)
        self.assertEqual(self.check_config().returncode, 0)
        daemon = Daemon(self)
        daemon.wait_for("Entering MASTER STATE")
        self.assertIn("[no-effect]", daemon.text())
        self.configure(text.replace("priority 100", "priority 120"))
        daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.instance().get("base_priority") == 120, "reloaded")
        self.assertFalse(self.status()["config"]["stale"])

    def test_every_kind_is_refused_by_the_config_test_quickly(self):
        kinds = {"truncated": VRRP[:60], "binary": os.urandom(100_000), "braces": "{" * 100_000,
                 "closing": "}" * 100_000, "line": b"x" * 10_000_000, "nul": b"\0" * 1000,
                 "quote": 'vrrp_instance "VI_1 {\n' + VRRP}
        for name, text in kinds.items():
            with self.subTest(name):
                self.configure(text)
                done = self.check_config()
                self.assertEqual(done.returncode, 5, done.stderr[:500])
                self.assertLess(len(done.stderr), 1_000_000)
                self.assertIn("hald.conf", done.stderr)


if __name__ == "__main__":
    main()
