# SPDX-License-Identifier: Apache-2.0
"""Words whose effect is seen from outside only: the name of the process, a unicast instance without peers, reports of
memberships."""
import pathlib

from hald_process import VRRP, Daemon, ProcessCase, main, run, wait_until


class WordsTest(ProcessCase):
    def pid(self):
        return (self.folder / "hald.pid").read_text().strip()

    def name(self):
        return pathlib.Path(f"/proc/{self.pid()}/comm").read_text().strip()

    def start(self, text):
        self.configure(text)
        self.daemon = Daemon(self)

    def test_the_name_of_the_process_follows_a_reload(self):
        self.start("global_defs { process_name director }\n" + VRRP)
        self.daemon.wait_for("Entering MASTER STATE")
        self.assertEqual(self.name(), "director")
        self.configure(VRRP)
        run("kill", "-HUP", self.pid())
        wait_until(lambda: self.name() == "hald", "its own name comes back")
        self.assertEqual(self.instance()["state"], "MASTER")

    def test_unicast_without_peers_is_a_fault_if_the_file_says_so(self):
        self.start(VRRP.replace("advert_int 1", "advert_int 1\n  unicast_fault_no_peer"))
        self.daemon.wait_for("Entering FAULT STATE")
        self.assertEqual(self.instance()["state"], "FAULT")
        self.assertNotIn("10.0.0.3", self.addresses())

    def reports(self):
        return run("ip", "netns", "exec", self.netns, "cat", "/proc/sys/net/ipv4/igmp_link_local_mcast_reports").strip()

    def test_memberships_in_groups_of_the_link_are_not_reported_if_the_file_says_so(self):
        self.start("global_defs { disable_local_igmp }\n" + VRRP)
        wait_until(lambda: self.reports() == "0", "the kernel is told")
        self.daemon.stop()
        self.assertEqual(self.reports(), "1", "and told that it is over")


if __name__ == "__main__":
    main()
