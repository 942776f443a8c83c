# SPDX-License-Identifier: Apache-2.0
"""use_vmac: the real daemon makes a macvlan with the virtual MAC, speaks, holds its address and announces it over
that, and leaves the machine as it was."""
import socket
import subprocess

from hald_process import Daemon, ProcessCase, main, raw_socket, run, wait_until

CONFIG = """vrrp_instance VI_1 {{
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 1
  use_vmac {vmac}
  {more}
  virtual_ipaddress {{ 10.0.0.3/24 }}
}}
"""
V6 = """vrrp_instance VI_6 {
  state MASTER
  interface eth0
  virtual_router_id 60
  version 3
  priority 100
  advert_int 1
  use_vmac
  virtual_ipaddress { fe80::3/64
    fd00::3/64 }
}
"""
VIRTUAL_MAC = bytes.fromhex("00005e000133")
VIRTUAL_MAC6 = bytes.fromhex("00005e00023c")


class VmacTest(ProcessCase):
    def setUp(self):
        super().setUp()
        self.inside("sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0",
                    "net.ipv6.conf.eth0.accept_dad=0", "net.ipv4.conf.all.rp_filter=1")
        self.wire = raw_socket(self.netns, "peer0")

    def tearDown(self):
        self.wire.close()
        super().tearDown()

    def inside(self, *words):
        return run("ip", "netns", "exec", self.netns, *words)

    def start(self, text):
        self.configure(text)
        self.daemon = Daemon(self)
        self.daemon.wait_for("Entering MASTER STATE")

    def frame(self, fits, what):
        found = []

        def seen():
            try:
                data = self.wire.recv(2000)
            except TimeoutError:
                return False
            if fits(data):
                found.append(data)
            return bool(found)
        wait_until(seen, what)
        return found[0]

    def advert(self):
        return self.frame(lambda d: d[12:14] == b"\x08\x00" and d[23] == 112, "an advert")

    def links(self):
        return self.ip("-o", "-d", "link", "show")

    def test_everything_goes_over_the_link(self):
        before = self.links(), self.inside("sysctl", "net.ipv4.conf.all.rp_filter", "net.ipv4.conf.eth0.arp_ignore")
        self.start(CONFIG.format(vmac="", more=""))
        advert = self.advert()
        self.assertEqual(advert[6:12], VIRTUAL_MAC)
        self.assertEqual(advert[26:30], socket.inet_aton("10.0.0.5"))
        announced = self.frame(lambda d: d[12:14] == b"\x08\x06" and d[28:32] == socket.inet_aton("10.0.0.3"),
                               "a gratuitous ARP")
        self.assertEqual((announced[6:12], announced[22:28]), (VIRTUAL_MAC, VIRTUAL_MAC))
        self.assertIn("inet 10.0.0.3/24", self.ip("addr", "show", "dev", "vrrp.51"))
        self.assertNotIn("10.0.0.3", self.addresses())
        self.assertIn("macvlan mode private", self.links())
        self.assertEqual(self.daemon.stop(), 0)
        after = self.links(), self.inside("sysctl", "net.ipv4.conf.all.rp_filter", "net.ipv4.conf.eth0.arp_ignore")
        self.assertEqual(after, before)

    def test_a_name_a_mac_and_the_interface_below(self):
        self.start(CONFIG.format(vmac="vip0 02:01:02:03:04:05", more="vmac_xmit_base"))
        own = self.ip("-o", "link", "show", "eth0").split("link/ether ")[1].split()[0]
        self.assertEqual(self.advert()[6:12].hex(":"), own)
        self.assertIn("02:01:02:03:04:05", self.ip("-o", "link", "show", "vip0"))
        self.assertIn("inet 10.0.0.3/24", self.ip("addr", "show", "dev", "vip0"))

    def test_a_link_that_is_deleted_comes_back(self):
        self.start(CONFIG.format(vmac="", more=""))
        self.ip("link", "del", "vrrp.51")
        wait_until(lambda: self.daemon.text().count("Entering MASTER STATE") == 2, "MASTER again")
        wait_until(lambda: "10.0.0.3" in self.ip("addr", "show", "dev", "vrrp.51"), "the address is back")

    def test_an_interface_that_is_made_anew_gets_its_link_again(self):
        self.start(CONFIG.format(vmac="", more=""))
        self.ip("link", "del", "eth0")
        wait_until(lambda: self.instance()["state"] == "FAULT", "FAULT without the interface")
        self.assertEqual(self.instance()["reason"], "the interface does not exist")
        for words in (("add", "eth0", "type", "veth", "peer", "name", "peer0"), ("set", "eth0", "up"),
                      ("set", "peer0", "up")):
            self.ip("link", *words)
        self.ip("addr", "add", "10.0.0.5/24", "dev", "eth0")
        wait_until(lambda: self.daemon.text().count("Entering MASTER STATE") == 2, "MASTER again")
        wait_until(lambda: "10.0.0.3" in self.ip("addr", "show", "dev", "vrrp.51"), "the address is back")
        self.wire.close()
        self.wire = raw_socket(self.netns, "peer0")
        self.assertEqual(self.advert()[6:12], VIRTUAL_MAC)

    def test_a_reload_without_it_deletes_it(self):
        self.start(CONFIG.format(vmac="", more=""))
        self.configure(CONFIG.format(vmac="", more="").replace("use_vmac", ""))
        run("kill", "-HUP", (self.folder / "hald.pid").read_text().strip())
        wait_until(lambda: "vrrp.51" not in self.links(), "the link is deleted")
        wait_until(lambda: "10.0.0.3" in self.addresses(), "the address is on the interface")
        self.assertEqual(self.instance()["state"], "MASTER")

    def test_an_address_on_another_interface(self):
        for words in (("add", "eth1", "type", "veth", "peer", "name", "peer1"), ("set", "eth1", "up"),
                      ("set", "peer1", "up")):
            self.ip("link", *words)
        text = CONFIG.format(vmac="", more="use_vmac_addr").replace("10.0.0.3/24 }", "10.0.0.3/24\n 10.9.0.3/24 dev eth1 }")
        self.start("global_defs { vmac_addr_prefix vip }\n" + text.replace("use_vmac ", "use_vmac group 7"))
        wait_until(lambda: "inet 10.9.0.3/24" in self.ip("addr", "show", "dev", "vip.51"), "the address on its link")
        link = self.ip("-o", "-d", "link", "show", "vip.51")
        self.assertIn("vip.51@eth1", link)
        self.assertIn(VIRTUAL_MAC.hex(":"), link)
        self.assertIn("group 7", self.ip("-o", "link", "show", "vrrp.51"))
        before = self.links()
        self.configure("# as before\n" + self.config.read_text())
        run("kill", "-HUP", (self.folder / "hald.pid").read_text().strip())
        self.daemon.wait_for("Reloaded")
        self.assertEqual(self.links(), before)
        self.assertEqual(self.daemon.stop(), 0)
        self.assertNotIn("vip.51", self.links())

    def test_ipvlan(self):
        self.configure(CONFIG.format(vmac="", more="use_ipvlan 10.0.0.9/24").replace("use_vmac ", ""))
        self.daemon = Daemon(self)
        try:
            self.ip("link", "add", "try", "link", "eth0", "type", "ipvlan", "mode", "l2")
        except subprocess.CalledProcessError:
            # A kernel without ipvlan: that is said, and the instance keeps out.
            self.daemon.wait_for("vrrp.51")
            wait_until(lambda: self.instance()["state"] == "FAULT", "FAULT without the link")
            return
        self.ip("link", "del", "try")
        self.daemon.wait_for("Entering MASTER STATE")
        self.assertEqual(self.advert()[26:30], socket.inet_aton("10.0.0.9"))
        self.assertIn("10.0.0.3", self.addresses())

    def test_ipv6(self):
        self.start(V6)
        advert = self.frame(lambda d: d[12:14] == b"\x86\xdd" and d[20] == 112, "an advert")
        self.assertEqual(advert[6:12], VIRTUAL_MAC6)
        self.assertEqual(advert[22:24], b"\xfe\x80")
        addresses = self.ip("-6", "addr", "show", "dev", "vrrp.60")
        self.assertIn("fd00::3/64", addresses)
        self.assertNotIn("5eff:fe00", addresses, "no address is made of the virtual MAC")

    def test_ipv6_follows_the_address_of_the_interface_below(self):
        self.start(V6)
        before = self.ip("-6", "-o", "addr", "show", "dev", "eth0", "scope", "link").split()[3]
        self.assertIn(before, self.ip("-6", "addr", "show", "dev", "vrrp.60"))
        self.ip("-6", "addr", "add", "fe80::7/64", "dev", "eth0")
        self.ip("-6", "addr", "del", before, "dev", "eth0")

        def followed():
            addresses = self.ip("-6", "addr", "show", "dev", "vrrp.60")
            return "fe80::7/64" in addresses and before not in addresses
        wait_until(followed, "the link has the new address, and the former no more")
        new = socket.inet_pton(socket.AF_INET6, "fe80::7")
        self.frame(lambda d: d[12:14] == b"\x86\xdd" and d[20] == 112 and d[22:38] == new, "an advert from it")
        self.assertEqual(self.instance()["state"], "MASTER")


if __name__ == "__main__":
    main()
