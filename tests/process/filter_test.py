# SPDX-License-Identifier: Apache-2.0
"""Addresses that take no packets: dropped by nftables tables of hald's own while MASTER, whatever others do to them;
no table without a word that asks for it, no other table touched, and nothing left in the end."""
import json
import shutil
import socket
import sys

from hald_process import Daemon, ProcessCase, in_namespace, main, run, wait_until

INSTANCE = """{head}
vrrp_instance VI_{vrid} {{
  state MASTER
  interface eth0
  virtual_router_id {vrid}
  priority {priority}
  advert_int 1
  {words}
  virtual_ipaddress {{
    {addresses}
  }}
}}
"""


class FilterTest(ProcessCase):
    """A client behind the other end of the cable, in a namespace of its own."""

    def setUp(self):
        super().setUp()
        for name in ("all", "default", "eth0"):
            run("ip", "netns", "exec", self.netns, "sysctl", "-qw", f"net.ipv6.conf.{name}.accept_dad=0")
        self.client = self.netns + "-c"
        run("ip", "netns", "add", self.client)
        self.ip("link", "set", "peer0", "netns", self.client)
        run("ip", "netns", "exec", self.client, "sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0",
            "net.ipv6.conf.peer0.accept_dad=0")
        for words in (("addr", "add", "10.0.0.6/24", "dev", "peer0"), ("addr", "add", "fd00::6/64", "dev", "peer0"),
                      ("link", "set", "peer0", "up")):
            run("ip", "-n", self.client, *words)
        self.ip("addr", "add", "fd00::5/64", "dev", "eth0")

    def tearDown(self):
        super().tearDown()
        run("ip", "netns", "del", self.client)

    def nft(self, *words):
        return run("ip", "netns", "exec", self.netns, "nft", *words)

    def tables(self):
        return self.nft("list", "tables").split("\n")[:-1]

    def elements(self, family, name="vips", table="keepalived"):
        text = self.nft("-j", "list", "set", family, table, name)
        found = [each["set"] for each in json.loads(text)["nftables"] if "set" in each]
        return found[0].get("elem", [])

    def answers(self, address):
        """Nobody listens there: who takes packets for the address says so at once."""
        def connect():
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            target = socket.getaddrinfo(address, 9, family, socket.SOCK_STREAM)[0][4]
            with socket.socket(family, socket.SOCK_STREAM) as client:
                client.settimeout(0.5)
                try:
                    client.connect(target)
                except ConnectionRefusedError:
                    return True
                except OSError:
                    return False
            return True
        return in_namespace(self.client, connect)

    def start(self, words="no_accept", head="", addresses="10.0.0.3/24", priority=100, vrid=51):
        self.configure(INSTANCE.format(words=words, head=head, addresses=addresses, priority=priority, vrid=vrid))
        self.daemon = Daemon(self)
        self.daemon.wait_for("Entering MASTER STATE")

    def reload(self, count, **fields):
        values = {"words": "no_accept", "head": "", "addresses": "10.0.0.3/24", "priority": 100, "vrid": 51}
        self.configure(INSTANCE.format(**{**values, **fields}))
        run("kill", "-HUP", (self.folder / "hald.pid").read_text().strip())
        wait_until(lambda: self.daemon.text().count("Reloaded") == count, "the reload")

    def test_packets_to_an_address_that_accepts_none_are_dropped(self):
        self.nft("add", "table", "inet", "others")
        self.start(addresses="10.0.0.3/24", words="no_accept\n virtual_ipaddress_excluded { fd00::3/64 }")
        wait_until(lambda: "dropped: no_accept" in self.daemon.text(), "the filter is written")
        self.assertEqual(self.elements("ip"), ["10.0.0.3"])
        self.assertEqual(self.elements("ip6"), ["fd00::3"])
        self.assertFalse(self.answers("10.0.0.3"))
        self.assertFalse(self.answers("fd00::3"))
        self.assertTrue(self.answers("10.0.0.5"))
        neighbours = run("ip", "-n", self.client, "neigh", "show")
        self.assertRegex(neighbours, r"fd00::3 dev peer0 lladdr")
        self.assertRegex(neighbours, r"10\.0\.0\.3 dev peer0 lladdr")
        self.assertEqual(self.instance()["state"], "MASTER")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.tables(), ["table inet others"])

    def test_without_a_word_the_filter_is_not_touched(self):
        self.nft("add", "table", "ip", "keepalived")
        self.start(words="")
        self.assertTrue(wait_until(lambda: self.answers("10.0.0.3"), "the address answers"))
        self.assertEqual(self.tables(), ["table ip keepalived"])
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.tables(), ["table ip keepalived"])

    def test_an_owner_answers(self):
        self.start(words="no_accept", priority=255)
        wait_until(lambda: self.answers("10.0.0.3"), "the address answers")
        self.assertEqual(self.tables(), [])

    def test_strict_mode_accepts_nothing_and_says_so(self):
        self.start(words="", head="global_defs { vrrp_strict\n nftables mine\n nftables_counters\n"
                                  "nftables_priority -7 }")
        self.daemon.wait_for("Packets to 10.0.0.3 are dropped")
        self.assertFalse(self.answers("10.0.0.3"))
        self.assertEqual(self.tables(), ["table ip mine"])
        text = self.nft("-y", "list", "table", "ip", "mine")
        self.assertIn("hook input priority -7", text)
        self.assertRegex(text, r"daddr @vips counter packets [1-9]")

    def test_what_others_do_to_the_table_is_undone(self):
        self.start()
        self.daemon.wait_for("Packets to 10.0.0.3 are dropped")
        for number, damage in enumerate((("flush", "ruleset"), ("delete", "element", "ip", "keepalived", "vips",
                                                                "{ 10.0.0.3 }"),
                                         ("flush", "chain", "ip", "keepalived", "in")), 1):
            whole = self.nft("-s", "list", "ruleset")
            self.nft(*damage)
            wait_until(lambda: self.status()["kernel"]["filter_drift"] == number, f"{damage} is noticed")
            wait_until(lambda: self.nft("-s", "list", "ruleset") == whole, f"{damage} is undone")
        self.assertFalse(self.answers("10.0.0.3"))
        self.assertEqual(self.instance()["state"], "MASTER")

    def test_a_reload_moves_elements_and_leaves_the_rest(self):
        self.start(head="global_defs { nftables_counters }")
        self.daemon.wait_for("Packets to 10.0.0.3 are dropped")
        self.assertFalse(self.answers("10.0.0.3"))
        writes = self.status()["kernel"]["filter_writes"]
        self.reload(1, head="global_defs { nftables_counters }")
        self.assertEqual(self.status()["kernel"]["filter_writes"], writes)
        self.reload(2, head="global_defs { nftables_counters }", addresses="10.0.0.4/24\n10.0.0.3/24")
        wait_until(lambda: sorted(self.elements("ip")) == ["10.0.0.3", "10.0.0.4"], "the new element")
        self.assertRegex(self.nft("list", "table", "ip", "keepalived"), r"daddr @vips counter packets [1-9]")
        self.reload(3, words="accept", addresses="10.0.0.4/24\n10.0.0.3/24")
        wait_until(lambda: self.tables() == [], "the table goes with the last word")
        self.assertTrue(wait_until(lambda: self.answers("10.0.0.3"), "the address answers"))

    def test_what_a_crash_left_goes(self):
        self.start()
        self.daemon.wait_for("Packets to 10.0.0.3 are dropped")
        self.daemon.process.kill()
        self.daemon.wait()
        (self.folder / "hald.pid").unlink(missing_ok=True)
        self.start(addresses="10.0.0.4/24")
        self.daemon.wait_for("Packets to 10.0.0.4 are dropped")
        self.assertEqual(self.elements("ip"), ["10.0.0.4"])
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.tables(), [])

    def test_link_local_addresses_are_told_apart_by_their_link(self):
        for word, key in (("", '. "eth0"'), ("nftables_ifindex", ". ")):
            self.start(head=f"global_defs {{ nftables\n {word} }}", words="no_accept\n version 3",
                       addresses="fe80::3/64\nfd00::3/64")
            self.daemon.wait_for("Packets to")
            wait_until(lambda: self.elements("ip6", "vips_link_local") != [], "the element")
            self.assertEqual(self.elements("ip6"), ["fd00::3"])
            self.assertFalse(self.answers("fe80::3%peer0"))
            self.assertFalse(self.answers("fd00::3"))
            self.assertIn("fe80::3 " + key, self.nft("list", "set", "ip6", "keepalived", "vips_link_local"))
            self.assertEqual(self.daemon.stop(), 0)


if __name__ == "__main__":
    if shutil.which("nft") is None:
        print("skipped: needs nft")
        sys.exit(77)
    main()
