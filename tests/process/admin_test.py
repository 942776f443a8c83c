# SPDX-License-Identifier: Apache-2.0
"""Orders of operators: haldctl drain, disable, weight and enable, over a reload, a restart and a damaged file."""
import json
import subprocess

from hald_process import DEADLINE, HALDCTL, SERVERS, Daemon, ProcessCase, main, wait_until


class AdminTest(ProcessCase):
    def haldctl(self, *words):
        return subprocess.run([HALDCTL, "-s", str(self.socket), *words], capture_output=True, text=True,
                              timeout=DEADLINE)

    def start(self):
        self.configure(SERVERS)
        self.daemon = Daemon(self, "-C", "--ipvs", "memory")
        wait_until(self.server, "status")
        return self.daemon

    def server(self):
        status = self.status()
        return status["virtual_servers"][0]["real_servers"][0] if status and status["virtual_servers"] else None

    def test_orders_outlive_a_reload_and_a_restart(self):
        self.start()
        wait_until(lambda: self.server()["in_kernel"] == 1, "programmed")
        done = self.haldctl("disable", "127.0.0.1", "--why", "new disk")
        self.assertEqual((done.returncode, done.stdout),
                         (0, "127.0.0.1:80 of [10.0.0.3]:tcp:80: out for maintenance\n"), done.stderr)
        self.assertIsNone(self.server()["in_kernel"])
        self.assertEqual(self.haldctl("reload").returncode, 0)
        self.assertEqual(self.server()["admin"]["why"], "new disk")
        self.assertEqual(self.daemon.stop(), 0)
        self.start()
        self.assertEqual(self.server()["admin"]["state"], "maintenance")
        self.assertIn("new disk", self.haldctl("status").stdout)
        done = self.haldctl("enable", "127.0.0.1:80", "--service", "10.0.0.3:80")
        self.assertEqual(done.stdout, "127.0.0.1:80 of [10.0.0.3]:tcp:80: enabled\n")
        self.assertEqual(self.server()["in_kernel"], 1)

    def test_a_drain_is_waited_for(self):
        self.start()
        done = self.haldctl("drain", "127.0.0.1", "--wait")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(": drained\n", done.stdout)
        self.assertIsNone(self.server()["in_kernel"])
        answer = json.loads(self.haldctl("weight", "127.0.0.1", "5", "--until", "1h", "--json").stdout)
        self.assertEqual((answer["done"], answer["kept"], answer["servers"][0]["in_kernel"]), (True, True, 5))

    def test_what_cannot_be_done_is_said(self):
        self.start()
        done = self.haldctl("drain", "10.9.9.9")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(done.stderr, "not done: no virtual server has this real server\n")
        self.assertEqual(self.haldctl("weight", "127.0.0.1", "-5").returncode, 2)
        self.assertEqual(self.haldctl("drain", "127.0.0.1", "--until", "soon").returncode, 2)

    def test_a_damaged_file_loses_nothing_silently(self):
        file = self.folder / "control.sock.admin"
        self.start()
        self.haldctl("disable", "127.0.0.1")
        self.assertEqual(self.daemon.stop(), 0)
        file.write_text(file.read_text() + "what is this\n")
        file.chmod(0o600)
        self.start()
        self.assertIn("line 3 makes no sense", self.daemon.text())
        self.assertEqual(self.server()["admin"]["state"], "maintenance")
        self.assertIn("what is this", (self.folder / "control.sock.admin.damaged").read_text())


if __name__ == "__main__":
    main()
