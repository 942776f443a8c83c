# SPDX-License-Identifier: Apache-2.0
"""Version 3 over IPv6 on a fresh link: the link-local source and duplicate address detection, of the interface's own
address and of virtual ones, and what the neighbours are told. The other end of the cable is another machine."""
import socket
import struct

from hald_process import Daemon, ProcessCase, in_namespace, main, run, wait_until

CONFIG = """vrrp_instance VI_1 {{
  version 3
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 0.2
  virtual_ipaddress {{
    fe80::53/64
    fd00::3/64 {option}
  }}
}}
"""
MAC = "02:00:00:00:00:05"
OWN = "fe80::ff:fe00:5"  # of MAC
VRRP, ICMPV6, NEIGHBOR_ADVERTISEMENT = 112, 58, 136
ROUTER, OVERRIDE = 0x80, 0x20


class Ipv6Test(ProcessCase):
    def setUp(self):
        """As in every process test, but the cable leads to a namespace of its own, and the link is down."""
        super().setUp()
        self.peer = self.netns + "-peer"
        run("ip", "netns", "add", self.peer)
        self.ip("link", "del", "eth0")
        self.ip("link", "add", "eth0", "address", MAC, "type", "veth", "peer", "name", "peer0", "netns", self.peer)
        run("ip", "-n", self.peer, "link", "set", "peer0", "up")
        self.wire = in_namespace(self.peer, self._listen)

    def tearDown(self):
        self.wire.close()
        run("ip", "netns", "del", self.peer)
        super().tearDown()

    @staticmethod
    def _listen():
        packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86DD))
        packets.bind(("peer0", 0x86DD))
        packets.setblocking(False)
        return packets

    def start(self, option=""):
        self.configure(CONFIG.format(option=option))
        self.daemon = Daemon(self)

    def heard(self, protocol):
        """(source, destination, hop limit, payload) of the next packets of a protocol that were sent."""
        found = []
        try:
            while True:
                frame = self.wire.recv(2048)
                header = frame[14:54]
                if header[6] == protocol and frame[6:12] == bytes.fromhex(MAC.replace(":", "")):
                    source, destination = (socket.inet_ntop(socket.AF_INET6, header[at:at + 16]) for at in (8, 24))
                    length = struct.unpack("!H", header[4:6])[0]
                    found.append((source, destination, header[7], frame[54:54 + length]))
        except BlockingIOError:
            return found

    def flags_of(self, address):
        """The words that ip(8) shows of an address; None if it is not there."""
        for line in self.addresses().splitlines():
            if f"inet6 {address}/" in line:
                return line.split()
        return None

    def test_it_waits_for_its_own_address_and_sends_from_it(self):
        """The link comes up after hald, and its address is tentative for a second."""
        self.start()
        self.daemon.wait_for("Entering FAULT STATE")
        self.ip("link", "set", "eth0", "up")
        wait_until(lambda: self.instance().get("reason") == "the interface has no usable source address", "the reason")
        self.assertIn("tentative", self.flags_of(OWN))
        self.daemon.wait_for("Entering MASTER STATE")
        self.assertNotIn("tentative", self.flags_of(OWN))
        adverts = wait_until(lambda: self.heard(VRRP), "an advert")
        source, destination, hop_limit, payload = adverts[0]
        self.assertEqual((source, destination, hop_limit), (OWN, "ff02::12", 255))
        self.assertEqual(payload[:6], bytes([0x31, 51, 100, 2, 0, 20]))
        self.assertEqual([socket.inet_ntop(socket.AF_INET6, payload[at:at + 16]) for at in (8, 24)],
                         ["fe80::53", "fd00::3"])

    def test_virtual_addresses_are_usable_at_once(self):
        """Without duplicate address detection, since whoever had them before is silent by the protocol."""
        self.ip("link", "set", "eth0", "up")
        self.start()
        self.daemon.wait_for("Entering MASTER STATE")
        wait_until(lambda: self.flags_of("fd00::3"), "the address")
        for address in ("fe80::53", "fd00::3"):
            self.assertIn("nodad", self.flags_of(address))
            self.assertNotIn("tentative", self.flags_of(address))

    def test_neighbours_are_told(self):
        run("ip", "-n", self.peer, "addr", "add", "fd00::9/64", "dev", "peer0", "nodad")
        run("ip", "-n", self.peer, "neigh", "add", "fd00::3", "lladdr", "02:00:00:00:00:99", "dev", "peer0", "nud", "stale")
        self.ip("link", "set", "eth0", "up")
        self.start()
        self.daemon.wait_for("Entering MASTER STATE")
        wait_until(lambda: MAC in run("ip", "-n", self.peer, "neigh", "show", "fd00::3"), "the neighbour's knowledge")
        told = [packet for packet in self.heard(ICMPV6) if packet[3][0] == NEIGHBOR_ADVERTISEMENT]
        self.assertEqual({socket.inet_ntop(socket.AF_INET6, packet[3][8:24]) for packet in told}, {"fe80::53", "fd00::3"})
        for source, destination, hop_limit, payload in told:
            self.assertEqual((destination, hop_limit, payload[4]), ("ff02::1", 255, ROUTER | OVERRIDE))
            self.assertEqual(source, socket.inet_ntop(socket.AF_INET6, payload[8:24]))
            self.assertEqual(payload[24:], bytes([2, 1]) + bytes.fromhex(MAC.replace(":", "")))

    def test_detection_of_duplicates_if_asked_for(self):
        self.ip("link", "set", "eth0", "up")
        self.start("-nodad")
        self.daemon.wait_for("Entering MASTER STATE")
        wait_until(lambda: "tentative" in (self.flags_of("fd00::3") or []), "detection begins")
        self.assertIn("nodad", self.flags_of("fe80::53"))
        wait_until(lambda: "tentative" not in self.flags_of("fd00::3"), "detection ends")
        self.assertEqual(self.status()["kernel"]["address_drift"], 0)

    def test_a_duplicate_of_a_virtual_address_is_found(self):
        run("ip", "-n", self.peer, "addr", "add", "fd00::3/64", "dev", "peer0", "nodad")
        self.ip("link", "set", "eth0", "up")
        self.start("-nodad")
        self.daemon.wait_for("Entering MASTER STATE")
        wait_until(lambda: "dadfailed" in (self.flags_of("fd00::3") or []), "the duplicate is found")
        self.daemon.wait_for("fd00::3/64 on eth0 is not usable: another machine on the link has it")
        writes = self.status()["kernel"]["address_writes"]
        sent = self.instance()["adverts"]["sent"]
        wait_until(lambda: self.instance()["adverts"]["sent"] >= sent + 5, "adverts go on")
        self.assertEqual(self.status()["kernel"]["address_writes"], writes, "nobody fights over it")

    def test_a_duplicate_of_its_own_address_keeps_it_in_fault(self):
        run("ip", "-n", self.peer, "addr", "add", OWN + "/64", "dev", "peer0", "nodad")
        self.ip("link", "set", "eth0", "up")
        self.start()
        wait_until(lambda: "dadfailed" in (self.flags_of(OWN) or []), "the duplicate is found")
        self.assertEqual(self.instance()["state"], "FAULT")
        self.assertEqual(self.instance()["reason"], "the interface has no usable source address")
        self.assertEqual(self.heard(VRRP), [])
        self.ip("addr", "add", "fe80::5/64", "dev", "eth0")
        self.daemon.wait_for("Entering MASTER STATE")
        adverts = wait_until(lambda: self.heard(VRRP), "an advert")
        self.assertEqual(adverts[0][0], "fe80::5")


if __name__ == "__main__":
    main()
