# SPDX-License-Identifier: Apache-2.0
"""The faults, one class each. Their first sentence is their title."""

import os
import re
import resource
import subprocess
import time

from halab.ledger import MILLISECOND, SECOND
from halab.netns import run
from faults.fault import AT_ONCE, EARLY, SLACK, Fault
from faults.plan import Plan


class SleepOfTheMaster(Fault):
    """The MASTER is stopped for five seconds: it must not fight when it wakes."""

    def strike(self):
        plan, director = self.plan, self.pair.directors["lb01"]
        self.pass_time(plan.interval)
        last = self.pair.adverts_of("lb01")[-1].time
        begin = time.time_ns()
        director.freeze()
        down = plan.down("lb02")
        self.takes_over("lb02", last, down - EARLY, down + SLACK + plan.interval, "from lb01's last advert", begin)
        self.pass_time(begin + 5 * SECOND - time.time_ns())
        woken = time.time_ns()
        director.thaw()
        self.need("lb01 lets go of the virtual addresses", lambda: not self.pair.held["lb01"], plan.interval + AT_ONCE)
        down = plan.down("lb01")
        # It has the higher priority, so it takes over again, but like anybody who comes late.
        self.takes_over("lb01", woken, down - EARLY, down + plan.interval + SLACK, "from waking")
        self.expect_log("10.0.0.6 became MASTER while this router was not running")


class SleepOfTheBackup(Fault):
    """The BACKUP is stopped for five seconds: it must not take over when it wakes."""

    plan = Plan(master="peer")

    def strike(self):
        director = self.pair.directors["lb02"]
        begin = time.time_ns()
        director.freeze()
        self.pass_time(5 * SECOND)
        director.thaw()
        self.pass_time(2 * self.plan.down("lb02"))
        self.expect_silent("lb02", begin, "after its sleep")
        self.expect_on_time(begin, time.time_ns())

    def _end(self):
        self.expect_master("lb01")


class InterfaceGone(Fault):
    """The interface is deleted, and another one of its name comes."""

    def strike(self):
        plan = self.plan
        self.pass_time(plan.interval)
        last, begin = self.pair.adverts_of("lb01")[-1].time, time.time_ns()
        self.pair.remove_interface("lb01")
        down = plan.down("lb02")
        self.takes_over("lb02", last, down - EARLY, down + SLACK + plan.interval, "from lb01's last advert", begin)
        self.need("hald is in FAULT", lambda: self.instance()["state"] == "FAULT")
        reason = self.instance()["reason"]
        self.ledger.expect("the status says why", reason == "the interface does not exist", reason, "it does not exist")
        self.expect_log("(VI_1) Entering FAULT STATE")
        self.pass_time(SECOND)
        begin = time.time_ns()
        self.pair.add_interface("lb01")
        took = time.time_ns() - begin
        down = plan.down("lb01")
        self.takes_over("lb01", begin, down - EARLY, down + took + AT_ONCE, "from the new interface")
        self.expect_log("reason=what kept it in FAULT is gone")


class AddressDeleted(Fault):
    """Somebody deletes a virtual address: it comes back, and is counted."""

    def strike(self):
        for address in self.plan.addresses:
            begin = time.time_ns()
            self.pair.hosts["lb01"].ip(f"addr del {address} dev eth0")
            self.need(f"{address} is back", lambda: self._returned(begin), AT_ONCE)
            gone, back = self._returned(begin)
            self.ledger.within(f"{address} was away", back - gone, 0, AT_ONCE)
        self.expect_drift(len(self.plan.addresses))
        self.expect_log("10.0.0.3/24 on eth0 was removed or changed by somebody else; repairing it")
        self.pass_time(4 * self.plan.interval)
        self.expect_on_time(begin, time.time_ns())
        self.expect_silent("lb02", self.ledger.step.start, "meanwhile")

    def _returned(self, since):
        changes = [moment for moment, name, _ in self.pair.address_changes if name == "lb01" and moment > since]
        return changes[:2] if len(changes) >= 2 and self.pair.holds_all("lb01") else None


class StrangerWithAnotherPassword(Fault):
    """A foreign MASTER has the same VRID and another password: neither hears the other."""

    plan = Plan(protocol="v2", style="pass", stranger="""
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 150
    advert_int 1
    authentication {
      auth_type PASS
      auth_pass 2222
    }
    virtual_ipaddress {
      10.0.0.13/24
    }
""")

    def strike(self):
        begin = time.time_ns()
        stranger = self.pair.directors["lb03"]
        stranger.start()
        self.need("the stranger is MASTER", lambda: len(self.pair.adverts_of("lb03", begin)) >= 3)
        failures = self.instance()["packets"]["auth_failures"]
        self.ledger.expect("what it says is counted", failures >= 2, failures, "at least 2")
        self.expect_log("(VI_1) dropped a packet from 10.0.0.7: wrong password")
        self.expect_on_time(begin, time.time_ns())
        self.expect_still_master()
        stranger.ask_to_stop()
        self.need("the stranger ends", stranger.has_ended)


class StrangerWithAHigherPriority(Fault):
    """A foreign MASTER has the same VRID, a higher priority and other addresses: hald gives way and names it."""

    plan = Plan(stranger="""
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 250
    advert_int 0.25
    virtual_ipaddress {
      10.0.0.13/24
    }
""")

    def strike(self):
        plan, begin = self.plan, time.time_ns()
        stranger = self.pair.directors["lb03"]
        stranger.start()
        first = self.first_advert("lb03", begin, plan.down("lb01") + 2 * SECOND)
        self.need("lb01 gives the addresses up", lambda: not self.pair.held["lb01"], AT_ONCE)
        self.pass_time(first.time + 4 * plan.interval - time.time_ns())
        self.expect_silent("lb01", first.time + AT_ONCE, "beside it")
        instance = self.instance()
        named = instance["state"], instance["master_address"]
        self.ledger.expect("the status names the MASTER", named == ("BACKUP", "10.0.0.7"), named, "10.0.0.7")
        count = instance["packets"]["address_list_errors"]
        self.ledger.expect("adverts with other addresses are counted", count >= 2, count, "at least 2")
        self.expect_log("(VI_1) 10.0.0.7 advertises other addresses than ours: 10.0.0.13; ours: 10.0.0.3, 10.0.0.4")
        self.expect_log("(VI_1) Master received advert from 10.0.0.7 with higher priority 250, ours 200")
        self.pass_time(plan.interval)
        stranger.kill()
        last, down = self.pair.adverts_of("lb03")[-1].time, plan.down("lb01")
        self.takes_over("lb01", last, down - EARLY, down + SLACK, "from the stranger's last advert")


class FullFileSystem(Fault):
    """The file system of log, pid file and pipe is full: the router goes on, and says so when it can."""

    def before(self):
        self.mount = self.path("lb01")
        os.makedirs(self.mount, exist_ok=True)
        run(["mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=64", "tmpfs", self.mount])

    def after(self):
        run(["umount", "-l", self.mount])

    def _log_so_far(self):
        return self.pair.directors["lb01"].log()

    def _fill(self):
        """Neither an octet nor a file is left, nor room in what is already there; returns how many files it took."""
        count = 0
        try:
            while True:
                self._pad(os.path.join(self.mount, f"file{count}"))
                count += 1
        except OSError:
            self._pad(os.path.join(self.mount, "log"))
            return count

    @staticmethod
    def _pad(path):
        with open(path, "ab", buffering=0) as stream:
            try:
                while stream.write(b"\n" * 512):
                    pass
            except OSError:
                pass

    def _clear(self, count):
        for number in range(count):
            os.unlink(os.path.join(self.mount, f"file{number}"))

    def strike(self):
        plan, director = self.plan, self.pair.directors["lb01"]
        with open(director.config, encoding="utf-8") as stream:
            text = stream.read()
        pipe = os.path.join(self.mount, "pipe")
        with open(director.config, "w", encoding="utf-8") as stream:
            stream.write(text.replace("global_defs {\n", f"global_defs {{\n    vrrp_notify_fifo {pipe}\n", 1))
        begin = time.time_ns()
        count = self._fill()
        self.ledger.expect("the file system is full", count > 1, f"{count} files", "at least 2")
        loaded = self.status()["config"]["loaded_at"]
        director.reload()
        self.need("hald reloads", lambda: self.status()["config"]["loaded_at"] != loaded)
        self.pass_time(2 * plan.interval)
        self.expect_on_time(begin, time.time_ns())
        self._lose_and_regain()
        said = self._log_so_far()
        self._clear(count)
        begin = time.time_ns()
        loaded = self.status()["config"]["loaded_at"]
        director.reload()
        self.need("hald reloads", lambda: self.status()["config"]["loaded_at"] != loaded)
        self.need("the pipe is made", lambda: os.path.exists(pipe))
        self.ledger.expect("the log goes on", len(self._log_so_far()) > len(said), "yes", "yes")
        self.expect_log("entries before this one were lost")
        self.pass_time(2 * plan.interval)
        self.expect_on_time(begin, time.time_ns())

    def _lose_and_regain(self):
        """Changes of state work without a file system."""
        plan = self.plan
        last, begin = self.pair.adverts_of("lb01")[-1].time, time.time_ns()
        self.pair.switch.set_link("lb01", False)
        down = plan.down("lb02")
        self.takes_over("lb02", last, down - EARLY, down + plan.interval + SLACK, "from lb01's last advert", begin)
        begin = time.time_ns()
        self.pair.switch.set_link("lb01", True)
        down = plan.down("lb01")
        self.takes_over("lb01", begin, down - EARLY, down + SLACK, "from the link being up")


class NoMoreDescriptors(Fault):
    """hald may open nothing more: no answers, no reload, no scripts, but adverts; and all of it again afterwards."""

    plan = Plan(globals="    enable_script_security\n    script_user root\n",
                words="".join(f"    notify_{state} /usr/bin/true\n" for state in ("master", "backup", "fault")))

    def strike(self):
        director, plan = self.pair.directors["lb01"], self.plan
        pid = director.processes()[0]
        soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, hard))
        begin = time.time_ns()
        haldctl = os.path.join(os.path.dirname(self.hald), "haldctl")
        with open(self.path("asked"), "wb") as answer:
            asked = subprocess.Popen([haldctl, "status", "--json", "--socket", director.socket], stdout=answer)
        director.reload()
        self.expect_log("the configuration file cannot be read: Too many open files")
        self.expect_log("New config failed validation, the running configuration stays")
        used = self._processor_time(pid)
        self.pass_time(SECOND)
        used = self._processor_time(pid) - used
        self.ledger.within("processor time within a second", used, 0, 200 * MILLISECOND)
        self.expect_on_time(begin, time.time_ns())
        self._lose_and_regain()
        self.expect_log("/usr/bin/true")
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))
        begin = time.time_ns()
        self.need("who asked meanwhile is answered", lambda: asked.poll() is not None)
        self.ledger.expect("the answer is whole", asked.returncode == 0, asked.returncode, "0")
        director.reload()
        self.need("hald reloads again", lambda: not self.status()["config"]["stale"])
        self.pass_time(2 * plan.interval)
        self.expect_on_time(begin, time.time_ns())

    _lose_and_regain = FullFileSystem._lose_and_regain

    @staticmethod
    def _processor_time(pid):
        with open(f"/proc/{pid}/schedstat", encoding="ascii") as stat:
            return int(stat.read().split()[0])


class NetlinkOverrun(Fault):
    """The kernel has more to tell of addresses than hald can hear: it looks again, and finds what is missing."""

    plan = Plan(protocol="v2")
    STORM = 30_000

    def strike(self):
        director = self.pair.directors["lb01"]
        lines = [f"addr {verb} 127.1.2.3/32 dev lo" for verb in ("add", "del")] * (self.STORM // 2)
        lines += [f"addr del {address} dev eth0" for address in self.plan.addresses]
        begin = time.time_ns()
        last = self.pair.adverts_of("lb01")[-1].time
        director.freeze()  # a storm that is over before it can read
        self.pair.hosts["lb01"].ip(*lines)
        took = time.time_ns() - last
        director.thaw()
        self.ledger.within("the storm, with the wait for it", took, 0, 3 * self.plan.interval)
        self.need("the virtual addresses are back", lambda: self.pair.holds_all("lb01"), SECOND)
        self.expect_log("the kernel dropped notifications about interfaces; reading all of them again")
        self.expect_drift(len(self.plan.addresses))
        self.pass_time(2 * self.plan.interval)  # its adverts keep to the beat from before
        begin = time.time_ns()
        self.pair.hosts["lb01"].ip(*lines[:self.STORM // 4])  # and one that it reads as it comes
        self.pass_time(2 * self.plan.interval)
        self.expect_on_time(begin, time.time_ns())
        self.expect_silent("lb02", self.ledger.step.start, "meanwhile")


class LossAndDuplication(Fault):
    """The switch loses a fifth of all adverts and doubles the others: whatever the two hear, one MASTER is left."""

    plan = Plan(advert_interval=SECOND // 10)
    SECONDS = 15

    def strike(self):
        begin = time.time_ns()
        self.nft("table netdev loss {" + "".join(f"""
              chain {sender} {{
                type filter hook ingress device "{sender}" priority 0
                ip protocol 112 numgen random mod 100 < 20 counter drop
                ip protocol 112 counter dup to "{receiver}"
              }}""" for sender, receiver in (("lb01", "lb02"), ("lb02", "lb01"))) + "\n}\n")
        self.pass_time(self.SECONDS * SECOND)
        counters = self.nft("list table netdev loss")
        self.nft("delete table netdev loss")
        end = time.time_ns()
        lost, doubled = (int(count) for count in re.findall(r"counter packets (\d+)", counters)[:2])
        self.ledger.expect("the switch did so to lb01", lost > 0 and doubled > 0, f"{lost} lost, {doubled} doubled",
                           "some of each")
        self.expect_still_master()
        self._expect_answers(begin)
        settled = end + self.plan.interval + SLACK
        self.pass_time(settled + self.plan.down("lb02") - time.time_ns())
        self.expect_silent("lb02", settled, "after the loss")
        received = self.instance()["packets"]
        wrong = {what: received[what] for what in ("checksum_errors", "length_errors", "own_packets") if received[what]}
        self.ledger.expect("nothing was taken for damaged", not wrong, wrong or "nothing", "nothing")

    def _expect_answers(self, begin):
        """Adverts come on time; an answer to one that lost may come between and moves the next ones."""
        rivals = [advert.time for advert in self.pair.adverts_of("lb02", begin)]
        times = [advert.time for advert in self.pair.adverts_of("lb01", begin)]
        longest = max(after - before for before, after in zip(times, times[1:]))
        interval = self.plan.interval
        self.ledger.within("longest time between adverts of lb01", longest, interval - SLACK, interval + SLACK)
        most = (times[-1] - times[0]) // interval + 2 + 2 * len(rivals)  # each of them may come twice
        self.ledger.expect("adverts of lb01, answers to lb02 among them", len(times) <= most,
                           f"{len(times)}, {len(rivals)} of lb02", f"at most {most}")


class OneWayLoss(Fault):
    """Nobody hears the MASTER, but it hears the others: it stays, and the other one gives way as soon as it can."""

    def strike(self):
        plan, begin = self.plan, time.time_ns()
        self.nft('table netdev mute { chain lb01 { type filter hook ingress device "lb01" priority 0; '
                 "ip protocol 112 drop; }; }")
        first = self.first_advert("lb02", begin, plan.down("lb02") + plan.interval)
        self.pass_time(first.time + 4 * plan.interval - time.time_ns())
        self.expect_still_master()
        self.expect_log("(VI_1) Received advert from 10.0.0.6 with lower priority 100, ours 200, forcing new election")
        times = [advert.time for advert in self.pair.adverts_of("lb01", begin)]
        longest = max(after - before for before, after in zip(times, times[1:]))
        self.ledger.within("longest time between adverts of lb01", longest, 0, plan.interval + SLACK)
        self.nft("delete table netdev mute")
        begin = time.time_ns()
        self.need("lb02 lets go", lambda: not self.pair.held["lb02"], plan.interval + AT_ONCE)
        # Until then an answer to one of its last adverts may come right behind an advert that was due.
        self.pass_time(begin + 2 * (plan.interval + SLACK) - time.time_ns())
        self.expect_silent("lb02", begin + plan.interval + SLACK, "when it hears again")


class NothingLeaves(Fault):
    """A packet filter of its own host forbids the MASTER to send: it says so, goes on, and wins when it may again."""

    def strike(self):
        plan, begin = self.plan, time.time_ns()
        host = self.pair.hosts["lb01"]
        self.nft("table inet wall { chain out { type filter hook output priority 0; ip protocol 112 drop; }; }", host)
        down = plan.down("lb02")
        last = self.pair.adverts_of("lb01")[-1].time
        self.takes_over("lb02", last, down - EARLY, down + plan.interval + SLACK, "from lb01's last advert", begin)
        self.expect_log("(VI_1) cannot send an advert to 224.0.0.18: send an advert: Operation not permitted")
        self.expect_silent("lb01", begin + plan.interval, "behind the filter")
        self.nft("delete table inet wall", host)
        begin = time.time_ns()
        self.takes_over("lb01", begin, 0, plan.interval + SLACK, "from the end of the filter")
        self.need("lb02 lets go", lambda: not self.pair.held["lb02"], AT_ONCE)


class Flapping(Fault):
    """The cable flaps ten times a second: the end is as if nothing had been."""

    FLAPS = 40

    def strike(self):
        plan = self.plan
        for _ in range(self.FLAPS):
            for is_up in (False, True):
                self.pair.switch.set_link("lb01", is_up)
                self.pass_time(SECOND // 20)
        begin = time.time_ns()
        down = plan.down("lb01")
        self.takes_over("lb01", begin, 0, down + SLACK, "from the last flap")
        self.need("lb02 lets go", lambda: not self.pair.held["lb02"], AT_ONCE)
        faults = self.pair.directors["lb01"].log().count("Entering FAULT STATE")
        # The kernel may tell of several at once.
        self.ledger.expect("flaps are in the log", faults >= self.FLAPS // 2, faults, f"at least {self.FLAPS // 2}")


class ReloadStorm(Fault):
    """A hundred reloads a second, of a good file, a bad one and none: the last good one runs, adverts are on time."""

    SECONDS = 4

    def strike(self):
        director, begin = self.pair.directors["lb01"], time.time_ns()
        with open(director.config, encoding="utf-8") as stream:
            good = stream.read()
        bad = good.replace("virtual_router_id 51", "virtual_router_id many")
        for number in range(100 * self.SECONDS):
            director.reload()
            if number % 10 == 0:
                os.unlink(director.config)
            elif number % 10 in (3, 6):
                with open(director.config, "w", encoding="utf-8") as stream:
                    stream.write(good if number % 10 == 6 else bad)
            self.pass_time(SECOND // 100)
        with open(director.config, "w", encoding="utf-8") as stream:
            stream.write(good)
        director.reload()
        self.need("the good file runs", lambda: not self.status()["config"]["stale"])
        self.pass_time(2 * self.plan.interval)
        self.expect_on_time(begin, time.time_ns())
        self.expect_silent("lb02", begin, "meanwhile")
        self.expect_drift(0)
        self.expect_log("New config failed validation, the running configuration stays")


class SecondDaemon(Fault):
    """Somebody starts hald a second time: it refuses, and the first one does not notice."""

    def strike(self):
        director, begin = self.pair.directors["lb01"], time.time_ns()
        with open(self.path("second"), "wb") as log:
            second = self.pair.hosts["lb01"].popen(director.command(), stdout=log, stderr=log)
        self.need("the second one ends", lambda: second.poll() is not None)
        self.ledger.expect("its exit status", second.returncode == 1, second.returncode, "1")
        with open(self.path("second"), encoding="utf-8") as log:
            said = log.read()
        text = "daemon is already running"
        self.ledger.expect(f"it says '{text}'", text in said, said.strip(), text)
        self.pass_time(4 * self.plan.interval)
        self.expect_on_time(begin, time.time_ns())
        self.expect_still_master()
        self.expect_drift(0)


class EqualsApart(Fault):
    """Two of the same priority are MASTER while they do not hear each other: when they do, the higher address wins."""

    plan = Plan(stranger="""
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority 200
    advert_int 0.25
    virtual_ipaddress {
      10.0.0.3/24
      10.0.0.4/32
    }
""")

    def strike(self):
        plan, begin = self.plan, time.time_ns()
        equal = self.pair.directors["lb03"]
        equal.start()
        self.pass_time(2 * plan.down("lb01"))
        self.expect_silent("lb03", begin, "beside a MASTER of its own priority")
        self.nft("table bridge apart { chain forward { type filter hook forward priority 0; "
                 'oifname "lb03" ip protocol 112 drop; iifname "lb03" ip protocol 112 drop; }; }')
        begin = time.time_ns()
        self.first_advert("lb03", begin, plan.down("lb01") + plan.interval)
        self.pass_time(2 * plan.interval)
        self.expect_still_master()
        self.nft("delete table bridge apart")
        begin = time.time_ns()
        self.need("lb01 lets go", lambda: not self.pair.held["lb01"], 2 * plan.interval)
        self.expect_log("(VI_1) Master received advert from 10.0.0.7 with same priority 200 but higher IP address")
        self.pass_time(6 * plan.interval)
        self.expect_silent("lb01", begin + 2 * plan.interval, "beside a higher address")
        self.expect_on_time(begin + 4 * plan.interval, time.time_ns(), "lb03")
        equal.ask_to_stop()
        self.first_advert("lb01", time.time_ns(), plan.down("lb01"))
        self.need("the equal one ends", equal.has_ended)


ALL = (SleepOfTheMaster, SleepOfTheBackup, InterfaceGone, AddressDeleted, StrangerWithAnotherPassword,
       StrangerWithAHigherPriority, FullFileSystem, NoMoreDescriptors, NetlinkOverrun, LossAndDuplication, OneWayLoss,
       NothingLeaves, Flapping, ReloadStorm, SecondDaemon, EqualsApart)
