# SPDX-License-Identifier: Apache-2.0
"""What a MASTER holds besides its advertised addresses, and what is there as long as hald runs, as the kernel sees
it: excluded addresses, routes and rules; static ones; what others remove comes back; a stop leaves nothing."""
from hald_process import Daemon, ProcessCase, main, run, wait_until

MASTER = """vrrp_instance VI_1 {{
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 1
  promote_secondaries
  virtual_ipaddress {{
    10.0.0.3/24
    10.9.0.1 peer 10.9.0.2
    10.0.0.7/24 noprefixroute brd + label eth0:vip
  }}
  virtual_ipaddress_excluded {{
    10.0.0.4/24
    fd00::4/64 preferred_lft 0
  }}
  virtual_routes {{
    192.0.2.0/24 via 10.0.0.9 dev eth0
    198.51.100.0/24 dev eth0 src 10.0.0.3 table 100 metric 7 mtu lock 1400
    blackhole 203.0.113.0/24
    fd01::/64 via fd00::9 dev eth0
    default table 101 nexthop via 10.0.0.8 dev eth0 weight 2 nexthop via 10.0.0.9 dev eth0
    {more}
  }}
  virtual_rules {{
    from 10.0.0.3 table 100 preference 1000
    to 198.51.100.0/24 iif eth0 blackhole priority 1001
    from fd00::/64 table 100 priority 1002
  }}
}}
"""
STATIC = """static_ipaddress {
  10.7.0.1/24 dev eth0 scope link
}
static_routes {
  172.16.0.0/16 via 10.7.0.9 dev eth0
}
static_rules {
  from 10.7.0.1 table 102 priority 900
}
"""


class HoldingsTest(ProcessCase):
    def setUp(self):
        super().setUp()
        for name in ("all", "default", "eth0", "peer0"):  # duplicate detection would see both ends of the cable
            run("ip", "netns", "exec", self.netns, "sysctl", "-qw", f"net.ipv6.conf.{name}.accept_dad=0")

    def routes(self, table="main"):
        return self.ip("route", "show", "table", table)

    def rules(self, *family):
        return self.ip(*family, "rule", "show")

    def promotes(self):
        return run("ip", "netns", "exec", self.netns, "cat", "/proc/sys/net/ipv4/conf/eth0/promote_secondaries").strip()

    def picture(self):
        """All that hald could have made: addresses, routes of protocol 18, rules."""
        return (self.addresses().replace(" tentative", ""), self.ip("route", "show", "table", "all", "proto", "18"),
                self.ip("-6", "route", "show", "table", "all", "proto", "18"), self.rules(), self.rules("-6"))

    def start(self, text):
        self.configure(text)
        self.daemon = Daemon(self)

    def test_a_master_holds_everything_and_leaves_nothing(self):
        before = self.picture()
        self.start(MASTER.format(more=""))
        self.daemon.wait_for("Entering MASTER STATE")
        wait_until(lambda: "198.51.100.0/24" in self.rules() and "fd00::/64" in self.rules("-6"), "the last rule")
        addresses = self.addresses()
        for text in ("10.0.0.3/24", "10.0.0.4/24", "10.9.0.1 peer 10.9.0.2/32", "fd00::4/64 scope global nodad deprecated",
                     "10.0.0.7/24 brd 10.0.0.255", "eth0:vip"):
            self.assertIn(text, addresses)
        main_table = self.routes()
        self.assertIn("192.0.2.0/24 via 10.0.0.9 dev eth0 proto keepalived", main_table)
        self.assertIn("blackhole 203.0.113.0/24 proto keepalived", main_table)
        self.assertIn("fd01::/64 via fd00::9 dev eth0 proto keepalived", self.ip("-6", "route"))
        self.assertIn("198.51.100.0/24 dev eth0 proto keepalived src 10.0.0.3 metric 7 mtu lock 1400", self.routes("100"))
        self.assertIn("weight 2", self.routes("101"))
        self.assertIn("1000:\tfrom 10.0.0.3 lookup 100", self.rules())
        self.assertEqual(self.promotes(), "1")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.picture(), before)
        self.assertEqual(self.promotes(), "0")
        self.assertNotIn("error", self.daemon.text().lower())

    def test_what_others_remove_comes_back(self):
        self.start(MASTER.format(more=""))
        self.daemon.wait_for("Entering MASTER STATE")
        wait_until(lambda: "fd00::/64" in self.rules("-6"), "the last rule")
        held = self.picture()
        self.ip("route", "del", "192.0.2.0/24")
        self.ip("rule", "del", "priority", "1000")
        self.ip("addr", "del", "10.0.0.4/24", "dev", "eth0")
        wait_until(lambda: self.status()["kernel"]["routing_drift"] == 2, "both repairs are counted")
        wait_until(lambda: self.picture()[1:] == held[1:] and "10.0.0.4/24" in self.addresses(), "everything is back")
        self.assertEqual(self.instance()["state"], "MASTER")

    def test_static_entries_are_there_without_an_instance(self):
        before = self.picture()
        self.start(STATIC)
        wait_until(lambda: "from 10.7.0.1 lookup 102" in self.rules(), "the rule")
        self.assertIn("inet 10.7.0.1/24 scope link eth0", self.addresses())
        self.assertIn("172.16.0.0/16 via 10.7.0.9 dev eth0", self.routes())
        self.ip("rule", "del", "priority", "900")
        wait_until(lambda: "from 10.7.0.1 lookup 102" in self.rules(), "the rule is back")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.picture(), before)

    def test_a_reload_writes_the_difference(self):
        self.start(STATIC + MASTER.format(more=""))
        self.daemon.wait_for("Entering MASTER STATE")
        wait_until(lambda: "fd00::/64" in self.rules("-6"), "the last rule")
        writes = self.status()["kernel"]["routing_writes"]
        self.reload(STATIC + MASTER.format(more=""), 1)
        self.assertEqual(self.status()["kernel"]["routing_writes"], writes)
        self.reload(STATIC + MASTER.format(more="192.0.2.128/25 via 10.0.0.9"), 2)
        wait_until(lambda: "192.0.2.128/25" in self.routes(), "the new route")
        self.reload(MASTER.format(more=""), 3)
        wait_until(lambda: "192.0.2.128/25" not in self.routes(), "the route goes")
        wait_until(lambda: "172.16.0.0/16" not in self.routes() and "10.7.0.1" not in self.addresses(),
                   "the static entries go")
        self.assertEqual(self.instance()["state"], "MASTER")

    def reload(self, text, count):
        self.configure(text)
        pid = int((self.folder / "hald.pid").read_text())
        run("kill", "-HUP", str(pid))
        wait_until(lambda: self.daemon.text().count("Reloaded") == count, "the reload")

    def test_what_a_crash_left_is_taken_over_or_away(self):
        before = self.picture()
        self.start(MASTER.format(more="192.0.2.128/25 via 10.0.0.9"))
        self.daemon.wait_for("Entering MASTER STATE")
        wait_until(lambda: "fd00::/64" in self.rules("-6"), "the last rule")
        self.daemon.process.kill()
        self.daemon.wait()
        (self.folder / "hald.pid").unlink(missing_ok=True)
        self.start(MASTER.format(more="192.0.2.128/25 via 10.0.0.9"))
        self.daemon.wait_for("Entering MASTER STATE")
        wait_until(lambda: "fd00::/64" in self.rules("-6") and "192.0.2.128/25" in self.routes(), "all is held again")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.picture(), before)


if __name__ == "__main__":
    main()
