# SPDX-License-Identifier: Apache-2.0
"""Scripts, pipes and mails as the world gets them from the real hald, and from keepalived where it is installed: the same
story (BACKUP, MASTER, the cable cut, BACKUP, MASTER, stop) is played with both, and what was told is compared word by word."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from hald_process import DEADLINE, Daemon, ProcessCase, in_namespace, main, run, wait_until
from mail_sink import MailSink

SCRIPT = """#!/bin/sh
echo "$@" >> {record}
"""
CONFIG = """global_defs {{
  router_id lvs1
  notification_email {{ ops@example.com }}
  notification_email_from lvs1@example.com
  smtp_server 127.0.0.1 {port}
  vrrp_notify_fifo {fifo} root
  script_user root
  {more_global}
}}
vrrp_instance VI_1 {{
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 1
  virtual_ipaddress {{ 10.0.0.3/24 }}
  notify_backup "{script} the backup script"
  notify_master "{script} the master script"
  notify_fault "{script} the fault script"
  notify_stop "{script} the stop script"
  notify "{script} the script with 'two words'"
  {more}
}}
"""


class Keepalived:
    """Debian's, in the namespace of a test."""

    def __init__(self, case):
        self.log = case.folder / "keepalived.log"
        words = ["ip", "netns", "exec", case.netns, "keepalived", "-n", "-l", "-P", "-f", str(case.config)]
        words += ["-p", str(case.folder / "keepalived.pid"), "-r", str(case.folder / "vrrp.pid")]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(words, stderr=log, stdout=log)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=DEADLINE)


class NotifyTest(ProcessCase):
    def setUp(self):
        super().setUp()
        # Not below /tmp, where everybody may write: as root nothing runs from there when scripts must be secure.
        self.scripts = pathlib.Path(tempfile.mkdtemp(prefix="hald-scripts-", dir="/run"))
        self.scripts.chmod(0o755)
        self.record = self.folder / "record"
        self.record.write_text("")
        self.script = self.scripts / "record.sh"
        self.script.write_text(SCRIPT.format(record=self.record))
        self.script.chmod(0o755)
        self.fifo = self.folder / "fifo"
        os.mkfifo(self.fifo, 0o644)
        self.reader = os.open(self.fifo, os.O_RDWR | os.O_NONBLOCK)
        self.sink = MailSink(self.netns)
        self.unread = ""
        self.seen = 0

    def tearDown(self):
        super().tearDown()
        os.close(self.reader)
        self.sink.close()
        shutil.rmtree(self.scripts, ignore_errors=True)

    def write_config(self, more="", more_global=""):
        self.configure(CONFIG.format(port=self.sink.port, fifo=self.fifo, script=self.script, more=more,
                                     more_global=more_global))

    def next_line(self):
        """Of the pipe."""
        def line():
            try:
                self.unread += os.read(self.reader, 4096).decode()
            except BlockingIOError:
                pass
            return "\n" in self.unread
        wait_until(line, "a line in the pipe")
        first, _, self.unread = self.unread.partition("\n")
        return first

    def lines(self):
        return self.record.read_text().splitlines()

    def next_scripts(self, count):
        """What so many more scripts were given, in any order."""
        wait_until(lambda: len(self.lines()) >= self.seen + count, f"{count} scripts run: {self.lines()}")
        new = self.lines()[self.seen:]
        self.seen += len(new)
        return sorted(new)

    def step(self):
        """What one change of state made known."""
        return self.next_line(), self.next_scripts(2)

    def story(self, start):
        """Plays it with what `start` starts, and returns what was told."""
        self.seen = len(self.lines())
        first_mail = len(self.sink.mails)
        told = []
        daemon = start(self)
        told += [self.step(), self.step()]
        self.ip("link", "set", "peer0", "down")
        told += [self.step()]
        self.ip("link", "set", "peer0", "up")
        told += [self.step(), self.step()]
        daemon.stop()
        told += [self.step()]
        wait_until(lambda: len(self.sink.mails) >= first_mail + 5, "five mails")
        mails = [(mail["Subject"], mail["From"], mail["To"], mail["X-Mailer"]) for mail in self.sink.mails[first_mail:]]
        self.assertEqual(self.unread, "")
        return told, mails[:5]

    def test_scripts_pipes_and_mails_tell_what_keepalived_tells(self):
        self.write_config(more="smtp_alert")
        told, mails = self.story(Daemon)
        def expected(state):
            return (f'INSTANCE "VI_1" {state} 100',
                    sorted([f"the script with two words INSTANCE VI_1 {state} 100", f"the {state.lower()} script"]))
        states = ["BACKUP", "MASTER", "FAULT", "BACKUP", "MASTER", "STOP"]
        self.assertEqual(told, [expected(state) for state in states])
        entering = "[lvs1] VRRP Instance VI_1 - Entering {} state"
        self.assertEqual([subject for subject, *_ in mails], [entering.format(state) for state in states[:5]])
        self.assertEqual(mails[0][1:], ("lvs1@example.com", "ops@example.com", "Keepalived"))
        if shutil.which("keepalived") is None:
            self.skipTest("keepalived is not there to compare with")
        theirs, their_mails = self.story(Keepalived)
        self.assertEqual(told, theirs)
        # Each of its mails is a connection of its own: they may arrive in another order.
        self.assertEqual(sorted(subject for subject, *_ in mails), sorted(subject for subject, *_ in their_mails))

    def group_story(self, start):
        """BACKUP, MASTER, the cable cut, stop: the lines about the group, and what its script was given."""
        self.seen = len(self.lines())
        daemon = start(self)
        lines = []
        def until(line):
            lines.append(self.next_line())
            while lines[-1] != line:
                lines.append(self.next_line())
        until('GROUP "G1" MASTER 0')
        self.ip("link", "set", "peer0", "down")
        until('GROUP "G1" FAULT 0')
        wait_until(lambda: "group GROUP G1 FAULT 0" in self.lines()[self.seen:], "the script of FAULT")
        daemon.stop()
        until('GROUP "G1" STOP 0')
        self.ip("link", "set", "peer0", "up")
        scripts = [line for line in self.lines()[self.seen:] if "GROUP" in line]
        return [line for line in lines if "GROUP" in line], scripts

    def test_a_group_is_told_as_keepalived_tells_it(self):
        self.write_config()
        second = "vrrp_instance VI_2 { interface eth0\n virtual_router_id 52\n virtual_ipaddress { 10.0.0.4/24 }\n }\n"
        group = f'vrrp_sync_group G1 {{ group {{\n VI_1\n VI_2\n }}\n notify "{self.script} group"\n }}\n'
        self.configure(self.config.read_text() + second + group)
        lines, scripts = self.group_story(Daemon)
        states = ["BACKUP", "MASTER", "FAULT", "STOP"]
        self.assertEqual(lines, [f'GROUP "G1" {state} 0' for state in states])
        self.assertEqual(scripts, [f"group GROUP G1 {state} 0" for state in states])
        if shutil.which("keepalived") is None:
            self.skipTest("keepalived is not there to compare with")
        self.assertEqual(self.group_story(Keepalived), (lines, scripts))

    def test_a_priority_that_changes_is_an_event(self):
        number = self.folder / "number"
        self.write_config(more="notify_priority_changes\n  track_file {\n    num weight 1\n  }")
        self.configure(f"track_file num {{\n  file {number}\n  init_file 0\n}}\n" + self.config.read_text())
        Daemon(self)
        self.assertEqual(self.next_line(), 'INSTANCE "VI_1" BACKUP 100')
        self.assertEqual(self.next_line(), 'INSTANCE "VI_1" MASTER 100')
        number.write_text("20\n")
        self.assertEqual(self.next_line(), 'INSTANCE "VI_1" MASTER_PRIORITY 120')
        self.ip("link", "set", "peer0", "down")
        self.assertEqual(self.next_line(), 'INSTANCE "VI_1" FAULT 120')
        number.write_text("10\n")
        self.assertEqual(self.next_line(), 'INSTANCE "VI_1" BACKUP_PRIORITY 110')

    def test_a_slow_script_is_told_the_present(self):
        """While the script of BACKUP runs, hald becomes MASTER, loses the cable and gets it back: of all that it learns
        the last. Nothing waits for it: the adverts go out."""
        slow = self.scripts / "slow.sh"
        gate = self.folder / "gate"
        slow.write_text(f'#!/bin/sh\necho "$@" >> {self.record}\nwhile [ ! -e {gate} ]; do sleep 0.05; done\n')
        slow.chmod(0o755)
        self.configure(CONFIG.format(port=25, fifo=self.fifo, script=slow, more="", more_global=""))
        daemon = Daemon(self)
        for state in ("BACKUP", "MASTER"):
            self.assertIn(state, self.next_line())
        self.ip("link", "set", "peer0", "down")
        self.assertIn("FAULT", self.next_line())
        self.assertEqual(self.lines(), ["the backup script"])
        gate.touch()
        self.assertEqual(self.next_scripts(3), ["the backup script", "the fault script",
                                                "the script with two words INSTANCE VI_1 FAULT 100"])
        self.assertEqual(daemon.stop(), 0)

    def test_the_path_of_a_script_is_looked_at_every_time(self):
        self.write_config(more_global="enable_script_security")
        daemon = Daemon(self)
        self.assertEqual(self.step()[0], 'INSTANCE "VI_1" BACKUP 100')
        self.scripts.chmod(0o775)
        os.chown(self.scripts, 0, 100)
        self.next_line()
        daemon.wait_for(f"{self.scripts} is writable by group 100 (owner 0, mode 0775)")
        self.scripts.chmod(0o755)
        self.ip("link", "set", "peer0", "down")
        self.assertEqual(self.step()[0], 'INSTANCE "VI_1" FAULT 100')
        self.assertEqual(self.seen, 4, "those of MASTER did not run")

    def test_a_losing_advert_is_an_event(self):
        self.write_config(more=f'notify_master_rx_lower_pri "{self.script} somebody lower"')
        Daemon(self)
        self.step()
        self.step()
        run("ip", "netns", "add", self.netns + "-b")
        self.addCleanup(run, "ip", "netns", "del", self.netns + "-b")
        self.ip("link", "set", "peer0", "netns", self.netns + "-b")
        in_b = ["ip", "-n", self.netns + "-b"]
        run(*in_b, "addr", "add", "10.0.0.6/24", "dev", "peer0")
        run(*in_b, "link", "set", "peer0", "up")
        # The link was down for a moment, or not: until it is MASTER again, states may come.
        advert = bytes.fromhex("21333201" "00010000" "0a000003" "0000000000000000")
        total = sum(int.from_bytes(advert[i:i + 2], "big") for i in range(0, len(advert), 2))
        total = (total & 0xFFFF) + (total >> 16)
        advert = advert[:6] + (~total & 0xFFFF).to_bytes(2, "big") + advert[8:]

        def send():
            with socket.socket(socket.AF_INET, socket.SOCK_RAW, 112) as raw:
                raw.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
                raw.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.0.0.6"))
                raw.sendto(advert, ("224.0.0.18", 0))

        def heard():
            in_namespace(self.netns + "-b", send)
            time.sleep(0.05)
            return "somebody lower" in self.lines()
        wait_until(heard, "the event's script")
        lines = [self.next_line()]
        while "MASTER_RX" not in lines[-1]:
            lines.append(self.next_line())
        self.assertEqual(lines[-1], 'INSTANCE "VI_1" MASTER_RX_LOWER_PRI 100')

    def test_a_reader_is_started_gets_the_path_and_takes_the_last_line(self):
        taken = self.folder / "taken"
        reader = self.scripts / "reader.sh"
        reader.write_text(f'#!/bin/sh\necho "start $*" >> {taken}\nwhile read line; do echo "$line" >> {taken}; done < "$2"\n'
                          f'echo end >> {taken}\n')
        reader.chmod(0o755)
        pipe = self.folder / "made"
        self.write_config(more_global=f'notify_fifo {pipe} root\n  notify_fifo_script "{reader} -x"')
        daemon = Daemon(self)
        self.step()
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(taken.read_text().splitlines(),
                         [f"start -x {pipe}", 'INSTANCE "VI_1" BACKUP 100', 'INSTANCE "VI_1" STOP 100', "end"])
        self.assertFalse(pipe.exists())

    def test_hald_begins_after_its_first_script_and_ends_with_its_last(self):
        life = self.scripts / "life.sh"
        life.write_text(f'#!/bin/sh\nsleep 0.3\necho "$1 $(ip -o addr show dev eth0 | grep -c 10.0.0.3)" >> {self.record}\n')
        life.chmod(0o755)
        self.write_config(more_global=f'startup_script "{life} begin"\n  shutdown_script "{life} end"')
        daemon = Daemon(self)
        self.assertIn("BACKUP", self.next_line())
        self.assertEqual(self.lines()[0], "begin 0")
        self.assertIn("MASTER", self.next_line())
        self.next_scripts(5)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.lines()[-1], "end 0")

    def test_a_first_script_that_hangs_is_ended(self):
        life = self.scripts / "life.sh"
        life.write_text("#!/bin/sh\nsleep 1000 & sleep 1000\n")
        life.chmod(0o755)
        self.write_config(more_global=f'startup_script "{life}"\n  startup_script_timeout 1')
        daemon = Daemon(self)
        self.assertEqual(self.step()[0], 'INSTANCE "VI_1" BACKUP 100')
        self.assertIn(f"startup_script {life} took too long", daemon.text())
        self.assertEqual(daemon.stop(), 0)

    def test_a_stop_during_the_first_script(self):
        life = self.scripts / "life.sh"
        life.write_text(f'#!/bin/sh\necho begun >> {self.record}\nsleep 1000\n')
        life.chmod(0o755)
        self.write_config(more_global=f'startup_script "{life}"')
        daemon = Daemon(self)
        self.next_scripts(1)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.lines(), ["begun"])

    def test_a_removed_instance_is_a_fault_or_deleted(self):
        other = "vrrp_instance VI_2 { interface eth0\n virtual_router_id 52\n virtual_ipaddress { 10.0.0.4/24 }\n }\n"
        for more, state in (("", "FAULT"), ("notify_deleted", "DELETED")):
            with self.subTest(state):
                self.seen = len(self.lines())
                self.write_config(more=more)
                with_both = self.config.read_text() + other
                self.configure(with_both)
                daemon = Daemon(self)
                wait_until(lambda: len(self.lines()) >= self.seen + 2, "the scripts of BACKUP")
                self.configure(with_both.replace("vrrp_instance VI_1", "vrrp_instance VI_3").replace(
                    "router_id 51", "router_id 53"))
                daemon.process.send_signal(signal.SIGHUP)
                lines = [self.next_line()]
                while "VI_1" not in lines[-1] or "BACKUP" in lines[-1]:
                    lines.append(self.next_line())
                self.assertRegex(lines[-1], f'INSTANCE "VI_1" {state} 100')
                daemon.stop()
                while self.next_line() != 'INSTANCE "VI_2" STOP 100':
                    pass


if __name__ == "__main__":
    main()
