# SPDX-License-Identifier: Apache-2.0
"""What scripts, the pipe and mails are told when a real server dies and comes back, and when hald stops with omega. The
table is kept in memory: no kernel with IPVS is needed."""
import os
import pathlib
import shutil
import socket
import tempfile

from hald_process import Daemon, ProcessCase, in_namespace, main, wait_until
from mail_sink import MailSink

CONFIG = """global_defs {{
  router_id lvs1
  notification_email {{ ops@example.com }}
  notification_email_from lvs1@example.com
  smtp_server 127.0.0.1 {mail_port}
  lvs_notify_fifo {fifo} root
  script_user root
  rs_init_notifies
}}
virtual_server 10.0.0.3 80 {{
  delay_loop 1
  lb_algo rr
  lb_kind NAT
  protocol TCP
  omega
  smtp_alert
  quorum_up "{script} quorum up"
  quorum_down "{script} quorum down"
  real_server 127.0.0.1 {port} {{
    notify_up "{script} server up"
    notify_down "{script} server down"
    TCP_CHECK {{ connect_timeout 1
      retry 1
      delay_before_retry 1 }}
  }}
}}
"""


class ServerNotifyTest(ProcessCase):
    def setUp(self):
        super().setUp()
        self.scripts = pathlib.Path(tempfile.mkdtemp(prefix="hald-scripts-", dir="/run"))
        self.scripts.chmod(0o755)
        self.record = self.folder / "record"
        self.script = self.scripts / "record.sh"
        self.script.write_text(f'#!/bin/sh\necho "$@" >> {self.record}\n')
        self.script.chmod(0o755)
        self.fifo = self.folder / "fifo"
        os.mkfifo(self.fifo, 0o644)
        self.reader = os.open(self.fifo, os.O_RDWR | os.O_NONBLOCK)
        self.sink = MailSink(self.netns)
        self.read = ""

    def tearDown(self):
        super().tearDown()
        os.close(self.reader)
        self.sink.close()
        shutil.rmtree(self.scripts, ignore_errors=True)

    def listen(self, port=0):
        return in_namespace(self.netns, lambda: socket.create_server(("127.0.0.1", port)))

    def wait_for_lines(self, *lines):
        def seen():
            try:
                self.read += os.read(self.reader, 4096).decode()
            except BlockingIOError:
                pass
            return self.read.count("\n") >= len(lines)
        wait_until(seen, f"{lines} in the pipe")
        self.assertEqual(self.read.splitlines(), list(lines))
        self.read = ""

    def test_a_server_dies_and_comes_back(self):
        web = self.listen()
        port = web.getsockname()[1]
        self.configure(CONFIG.format(mail_port=self.sink.port, fifo=self.fifo, script=self.script, port=port))
        daemon = Daemon(self, "-C", "--ipvs", "memory")
        server = f"RS [127.0.0.1]:tcp:{port} [10.0.0.3]:tcp:80"
        service = "VS [10.0.0.3]:tcp:80"
        self.wait_for_lines(f"{server} UP", f"{service} UP")
        web.close()
        self.wait_for_lines(f"{server} DOWN", f"{service} DOWN")
        web = self.listen(port)
        self.wait_for_lines(f"{server} UP", f"{service} UP")
        # What still runs at a stop is ended.
        wait_until(lambda: len(self.record.read_text().splitlines()) == 6, "the scripts up to here")
        self.assertEqual(daemon.stop(), 0)
        self.wait_for_lines(f"{server} DOWN", f"{service} DOWN")
        web.close()
        told = sorted(self.record.read_text().splitlines())
        self.assertEqual(told, sorted(["server up", "quorum up", "server down", "quorum down"] * 2))
        subjects = [" ".join(mail["Subject"].split()) for mail in self.sink.mails]
        of_server = f"[lvs1] Realserver [127.0.0.1]:tcp:{port} of virtual server [10.0.0.3]:tcp:80 - "
        of_service = "[lvs1] Virtualserver [10.0.0.3]:tcp:80 - "
        self.assertEqual(subjects, [of_service + "UP", of_server + "DOWN", of_service + "DOWN", of_server + "UP",
                                    of_service + "UP", of_server + "DOWN", of_service + "DOWN"])


if __name__ == "__main__":
    main()
