# SPDX-License-Identifier: Apache-2.0
"""Command line, exit statuses, pid files, background and signals of the real program."""
import json
import os
import pathlib
import signal
import subprocess
import unittest

from hald_process import DEADLINE, HALD, HALDCTL, SERVERS, VRRP, Daemon, ProcessCase, main, wait_until


class ConfigTest(ProcessCase):
    def test_good_file_exits_0_and_says_nothing(self):
        self.configure(VRRP + SERVERS)
        done = self.check_config()
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_errors_exit_5_and_point_at_the_character(self):
        self.configure(VRRP.replace("priority 100", "prioritty 100"))
        done = self.check_config()
        self.assertEqual(done.returncode, 5)
        self.assertIn("hald.conf:5:3", done.stderr)
        self.assertIn("did you mean `priority`?", done.stderr)

    def test_messages_go_to_the_file_that_is_asked_for(self):
        self.configure(VRRP.replace("priority 100", "priority 1000"))
        target = self.folder / "messages"
        done = self.check_config(f"--config-test={target}")
        self.assertEqual((done.returncode, done.stderr), (5, ""))
        self.assertIn("priority", target.read_text())

    def test_formats_and_colours(self):
        self.configure(VRRP.replace("priority 100", "prioritty 100"))
        plain = self.check_config()
        self.assertTrue(plain.stderr.startswith("error[unknown-word]: "), plain.stderr)
        self.assertIn("\n5 |   prioritty 100\n  |   ^~~~~~~~~\n", plain.stderr)
        self.assertIn("\n1 error\n", plain.stderr)
        self.assertIn("\x1b[", self.check_config("-t", "--color=always").stderr)
        gcc = self.check_config("-t", "--format=gcc").stderr
        self.assertEqual(gcc, f"{self.config}:5:3: error: unknown word `prioritty` in vrrp_instance [unknown-word]\n")
        document = json.loads(self.check_config("-t", "--format", "json").stderr)
        self.assertEqual(document["summary"]["exit_status"], 5)
        self.assertEqual(document["diagnostics"][0]["code"], "unknown-word")

    def test_missing_file_and_directory_exit_4(self):
        done = self.check_config()
        self.assertEqual(done.returncode, 4)
        self.assertIn("does not exist", done.stderr)
        self.config.mkdir()
        done = self.check_config()
        self.assertEqual(done.returncode, 4)
        self.assertIn("directory", done.stderr)

    def test_unreadable_file_exits_4_and_says_why(self):
        self.configure(VRRP)
        self.config.chmod(0)
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all",
                               HALD, "-t", "-f", str(self.config)], capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertEqual(done.stderr.count("error["), 1, done.stderr)
        self.assertIn("Permission denied", done.stderr)


class PrintTest(ProcessCase):
    def test_schema_names_every_word(self):
        done = subprocess.run([HALD, "--schema"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0)
        rows = json.loads(done.stdout)
        priority = next(r for r in rows if (r["block"], r["keyword"]) == ("vrrp_instance", "priority"))
        self.assertEqual((priority["range"], priority["effect"]), ("1..255", True))

    def test_dump_config_prints_what_was_understood_and_exits_like_t(self):
        self.configure(VRRP.replace("priority 100", "prioritty 100") + "global_defs { router_id here }\n")
        done = self.check_config("--dump-config")
        self.assertEqual(done.returncode, 5)
        self.assertIn("unknown-word", done.stderr)
        self.assertEqual(json.loads(done.stdout)["global_defs"]["router_id"], "here")
        self.assertIn("router_id here\n", self.check_config("--dump-config", "--as", "conf").stdout)
        self.assertEqual(self.check_config("--dump-config", "--as=xml").returncode, 1)


class StartTest(ProcessCase):
    def test_missing_file_exits_6_with_one_line(self):
        daemon = Daemon(self)
        self.assertEqual(daemon.wait(), 6)
        self.assertEqual(len(daemon.text().splitlines()), 1, daemon.text())
        self.assertIn("does not exist", daemon.text())

    def test_unknown_option_exits_1(self):
        done = subprocess.run([HALD, "--nonsense"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)

    def test_taken_pid_file_is_named_and_the_first_one_lives(self):
        self.configure(VRRP)
        first = Daemon(self)
        first.wait_for("Entering MASTER STATE")
        second = Daemon(self, "--control-socket", str(self.folder / "other.sock"))
        self.assertEqual(second.wait(), 1)
        self.assertIn(f"already running with pid {first.process.pid}", second.text())
        self.assertIsNone(first.process.poll())
        self.assertEqual(self.instance()["state"], "MASTER")

    def test_missing_capability_exits_4_and_says_which(self):
        self.configure(VRRP)
        os.chmod(self.folder, 0o777)
        self.wrapper = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"]
        daemon = Daemon(self)
        self.assertEqual(daemon.wait(), 4, daemon.text())
        self.assertIn("CAP_NET_ADMIN", daemon.text())

    @unittest.skipIf(pathlib.Path("/proc/net/ip_vs").exists(), "this machine's kernel has IPVS")
    def test_kernel_without_ipvs_exits_1_with_one_clear_line(self):
        self.configure(VRRP + SERVERS)
        daemon = Daemon(self)
        self.assertEqual(daemon.wait(), 1, daemon.text())
        self.assertIn("ip_vs", daemon.text().splitlines()[-1])
        self.assertNotIn("10.0.0.3", self.addresses())

    def test_vrrp_only_needs_no_ipvs(self):
        self.configure(VRRP + SERVERS)
        daemon = Daemon(self, "-P")
        daemon.wait_for("Entering MASTER STATE")
        status = self.status()
        self.assertEqual(status["kernel"]["ipvs"], "off")
        self.assertEqual(status["virtual_servers"], [])
        self.assertIn("10.0.0.3/24", self.addresses())
        self.assertEqual(daemon.stop(), 0)
        self.assertNotIn("10.0.0.3", self.addresses())

    def test_memory_backend_says_loudly_what_it_is(self):
        self.configure(SERVERS)
        daemon = Daemon(self, "--ipvs", "memory")
        daemon.wait_for("nothing is balanced")
        wait_until(lambda: self.status()["virtual_servers"][0]["real_servers"][0]["in_kernel"] == 1, "programmed")
        self.assertEqual(self.status()["kernel"]["ipvs"], "memory")
        table = subprocess.run([HALDCTL, "-s", str(self.socket), "status"], capture_output=True, text=True)
        self.assertIn("ATTENTION", table.stdout)
        self.assertEqual(daemon.stop(), 0)

    def test_checkers_only_leaves_vrrp_alone(self):
        self.configure(VRRP + SERVERS)
        daemon = Daemon(self, "-C", "--ipvs", "memory")
        wait_until(lambda: self.status(), "status")
        self.assertEqual(self.status()["instances"], [])
        self.assertEqual(daemon.stop(), 0)

    def test_background_start_returns_when_it_runs_and_pid_files_name_it(self):
        self.configure(VRRP)
        vrrp_pid = self.folder / "vrrp.pid"
        daemon = Daemon(self, "-r", str(vrrp_pid), foreground=False)
        self.assertEqual(daemon.wait(), 0)
        self.assertTrue(self.status(), "the parent returned before the daemon answered")
        pid = int((self.folder / "hald.pid").read_text())
        self.assertEqual(int(vrrp_pid.read_text()), pid)
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not (self.folder / "hald.pid").exists(), "pid file removed")
        wait_until(lambda: not pathlib.Path(f"/proc/{pid}").exists() or
                   "Z" in pathlib.Path(f"/proc/{pid}/stat").read_text().split()[2], "daemon ended")
        self.assertFalse(vrrp_pid.exists() or self.socket.exists())

    def test_background_start_that_fails_has_the_daemons_exit_status(self):
        self.configure(VRRP)
        daemon = Daemon(self, "--control-socket", "/proc/no/such.sock", foreground=False)
        self.assertEqual(daemon.wait(), 1)
        self.assertIn("control socket", daemon.text())


class StopTest(ProcessCase):
    def test_dont_release_vrrp_keeps_the_address(self):
        self.configure(VRRP)
        daemon = Daemon(self, "-V")
        daemon.wait_for("Entering MASTER STATE")
        self.assertEqual(daemon.stop(), 0)
        self.assertIn("10.0.0.3/24", self.addresses())

    def test_an_address_left_by_a_crash_is_taken_over(self):
        self.configure(VRRP)
        first = Daemon(self)
        first.wait_for("Entering MASTER STATE")
        first.process.kill()
        first.wait()
        self.assertIn("10.0.0.3/24", self.addresses())
        second = Daemon(self)
        second.wait_for("Entering MASTER STATE")
        self.assertEqual(self.addresses().count("10.0.0.3/24"), 1)
        self.assertEqual(second.stop(), 0)
        self.assertNotIn("10.0.0.3", self.addresses())

    def test_dump_signals_do_not_kill(self):
        self.configure(VRRP)
        daemon = Daemon(self)
        daemon.wait_for("Entering MASTER STATE")
        numbers = [signal.SIGUSR1, signal.SIGUSR2, signal.SIGRTMIN + 2, signal.SIGRTMAX - 1, signal.SIGRTMAX]
        for count, number in enumerate(numbers, 1):
            daemon.process.send_signal(number)
            wait_until(lambda: daemon.text().count("haldctl status") == count, f"signal {number} is answered")
        self.assertEqual(self.instance()["state"], "MASTER")
        self.assertEqual(daemon.stop(), 0)


class HaldctlTest(ProcessCase):
    def haldctl(self, *words):
        return subprocess.run(["ip", "netns", "exec", self.netns, HALDCTL, "-s", str(self.socket), *words],
                              capture_output=True, text=True, timeout=DEADLINE)

    def test_check_says_what_hald_t_says(self):
        self.configure(VRRP.replace("priority 100", "prioritty 100"))
        for format in ("human", "json", "gcc"):
            test = self.check_config(f"--format={format}")
            check = self.haldctl("check", str(self.config), f"--format={format}")
            self.assertEqual((check.returncode, check.stdout), (test.returncode, test.stderr))
        self.configure(VRRP)
        done = self.haldctl("check", str(self.config), str(self.config))
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertEqual(self.haldctl("check", "/no/such/file").returncode, 4)
        self.assertEqual(self.haldctl("check").returncode, 2)

    def test_compat_names_what_keepalived_reads_differently(self):
        self.configure(VRRP.replace("priority 100", "prioritty { }"))
        done = self.haldctl("check", "--compat", str(self.config))
        self.assertEqual(done.returncode, 5)
        self.assertIn("note: keepalived: ", done.stdout)
        self.configure(VRRP)
        self.assertIn("reads the same", self.haldctl("check", "--compat", str(self.config)).stdout)

    def test_explain_knows_the_codes(self):
        self.assertIn("Why it matters", self.haldctl("explain", "unknown-word").stdout)
        self.assertIn("unknown-word", self.haldctl("explain").stdout)
        done = self.haldctl("explain", "unknwn-word")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean unknown-word?", done.stderr)

    def test_unreachable_hald_exits_3_and_wrong_usage_2(self):
        done = subprocess.run([HALDCTL, "-s", str(self.socket), "status"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn(str(self.socket), done.stderr)
        for words in ([], ["nonsense"], ["status", "more"], ["--nonsense"]):
            self.assertEqual(subprocess.run([HALDCTL, *words], capture_output=True).returncode, 2, words)

    def test_table_shows_state_and_reason(self):
        self.configure(VRRP)
        daemon = Daemon(self)
        daemon.wait_for("Entering MASTER STATE")
        done = subprocess.run([HALDCTL, "-s", str(self.socket), "status"], capture_output=True, text=True,
                              timeout=DEADLINE)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"VI_1 +eth0 +51 +MASTER .*10\.0\.0\.3/24")


if __name__ == "__main__":
    main()
