# SPDX-License-Identifier: Apache-2.0
"""use_vmac, seen from the wire: who asks for the virtual address is told the virtual MAC and no other, what is sent to
it is forwarded, and no frame comes from it too early or from a BACKUP (RFC 9568, 6.4.3, 8.1.2 and 8.2.2)."""
import socket
import struct
import threading

from hald_process import Daemon, ProcessCase, main, raw_socket, run, wait_until

CONFIG = """vrrp_instance VI_1 {{
  interface eth0
  virtual_router_id 51
  version {version}
  priority {priority}
  advert_int 1
  use_vmac
  virtual_ipaddress {{ {addresses} }}
}}
"""
VIP = socket.inet_aton("10.0.0.3")
VIP6 = socket.inet_pton(socket.AF_INET6, "fd00::3")
LINK_LOCAL6 = socket.inet_pton(socket.AF_INET6, "fe80::77")
VIRTUAL_MAC = bytes.fromhex("00005e000133")
VIRTUAL_MAC6 = bytes.fromhex("00005e000233")
ASKER = bytes.fromhex("020000000077")
EVERYBODY = b"\xff" * 6


def checksum(data):
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\x00" * (len(data) % 2)))
    while total >> 16:
        total = (total >> 16) + (total & 0xffff)
    return ~total & 0xffff


def ipv4(source, destination, protocol, payload, ttl=64):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, ttl, protocol, 0, source, destination)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def arp_request(target):
    return EVERYBODY + ASKER + struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + ASKER + \
        socket.inet_aton("10.0.0.77") + b"\x00" * 6 + target


def solicitation(target):
    group = bytes.fromhex("ff0200000000000000000001ff") + target[-3:]
    message = struct.pack("!BBHI", 135, 0, 0, 0) + target + b"\x01\x01" + ASKER
    total = checksum(LINK_LOCAL6 + group + struct.pack("!II", len(message), 58) + message)
    message = message[:2] + struct.pack("!H", total) + message[4:]
    head = struct.pack("!IHBB", 0x60000000, len(message), 58, 255) + LINK_LOCAL6 + group
    return b"\x33\x33" + group[-4:] + ASKER + b"\x86\xdd" + head + message


def advert(priority):
    """Of another router, version 2, for the instance of CONFIG."""
    message = struct.pack("!BBBBBBH4s8x", 0x21, 51, priority, 1, 0, 1, 0, VIP)
    message = message[:6] + struct.pack("!H", checksum(message)) + message[8:]
    packet = ipv4(socket.inet_aton("10.0.0.6"), socket.inet_aton("224.0.0.18"), 112, message, ttl=255)
    return bytes.fromhex("01005e000012") + VIRTUAL_MAC[:5] + b"\x33" + b"\x08\x00" + packet


def answers_arp(frame, target):
    return frame[12:14] == b"\x08\x06" and frame[20:22] == b"\x00\x02" and frame[28:32] == target


def answers_solicitation(frame, target):
    return frame[12:14] == b"\x86\xdd" and frame[54:55] == b"\x88" and frame[62:78] == target and \
        frame[58] & 0x40 != 0


def is_advert(frame):
    return (frame[12:14] == b"\x08\x00" and frame[23] == 112) or (frame[12:14] == b"\x86\xdd" and frame[20] == 112)


def is_claim(frame):
    """ARP, or an advertisement or solicitation of a neighbour, or an advertisement of a router."""
    neighbour = frame[12:14] == b"\x86\xdd" and frame[20] == 58 and frame[54] in (134, 135, 136)
    return frame[12:14] == b"\x08\x06" or neighbour


class Listener:
    """Keeps every frame that comes out of an interface from now on."""

    def __init__(self, netns, interface):
        self.socket = raw_socket(netns, interface)
        self.socket.settimeout(0.1)
        self.frames = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()

    def listen(self):
        while not self.over.is_set():
            try:
                data, address = self.socket.recvfrom(2000)
            except TimeoutError:
                continue
            if address[2] != socket.PACKET_OUTGOING:
                self.frames.append(data)

    def send(self, frame):
        self.socket.send(frame)

    def close(self):
        self.over.set()
        self.thread.join()
        self.socket.close()


class VmacFramesTest(ProcessCase):
    def setUp(self):
        super().setUp()
        self.inside("sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0",
                    "net.ipv6.conf.eth0.accept_dad=0")
        self.wire = Listener(self.netns, "peer0")
        self.own = bytes.fromhex(self.ip("-o", "link", "show", "eth0").split("link/ether ")[1].split()[0].replace(":", ""))

    def tearDown(self):
        self.wire.close()
        super().tearDown()

    def inside(self, *words):
        return run("ip", "netns", "exec", self.netns, *words)

    def start(self, priority=100, version=2, addresses="10.0.0.3/24", more=""):
        self.configure(more + CONFIG.format(priority=priority, version=version, addresses=addresses))
        self.daemon = Daemon(self)

    def become_master(self, **settings):
        self.start(**settings)
        self.daemon.wait_for("Entering MASTER STATE")

    def ask(self, question, fits, target):
        """Until there is an answer; then for an address of the interface below, whose answer comes after it."""
        before = len(self.wire.frames)

        def answered():
            self.wire.send(question)
            return any(fits(frame, target) for frame in self.wire.frames[before:])
        wait_until(answered, "an answer")
        return [frame for frame in self.wire.frames[before:] if fits(frame, target)]

    def test_arp_is_answered_with_the_virtual_mac_alone(self):
        self.become_master()
        wait_until(lambda: "10.0.0.3/24" in self.ip("addr", "show", "dev", "vrrp.51"), "the address")
        for _ in range(3):
            for answer in self.ask(arp_request(VIP), answers_arp, VIP):
                self.assertEqual((answer[6:12], answer[22:28]), (VIRTUAL_MAC, VIRTUAL_MAC))
        # What the interface below answers comes at once, so it would have been among those before this one.
        own = self.ask(arp_request(socket.inet_aton("10.0.0.5")), answers_arp, socket.inet_aton("10.0.0.5"))
        self.assertEqual({answer[22:28] for answer in own}, {self.own})
        every = [frame for frame in self.wire.frames if answers_arp(frame, VIP)]
        self.assertEqual({answer[22:28] for answer in every}, {VIRTUAL_MAC})

    def test_a_solicitation_is_answered_with_the_virtual_mac_alone(self):
        self.become_master(version=3, addresses="fe80::3/64\n fd00::3/64")
        wait_until(lambda: "fd00::3/64" in self.ip("-6", "addr", "show", "dev", "vrrp.51"), "the address")
        for _ in range(3):
            for answer in self.ask(solicitation(VIP6), answers_solicitation, VIP6):
                self.assertEqual((answer[6:12], answer[80:86]), (VIRTUAL_MAC6, VIRTUAL_MAC6))

    def test_what_is_sent_to_the_virtual_mac_is_forwarded(self):
        self.inside("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=1")
        for words in (("link", "add", "eth1", "type", "veth", "peer", "name", "peer1"), ("link", "set", "eth1", "up"),
                      ("link", "set", "peer1", "up"), ("addr", "add", "10.9.0.5/24", "dev", "eth1"),
                      ("neigh", "add", "10.9.0.9", "lladdr", "02:00:00:00:00:99", "dev", "eth1")):
            self.ip(*words)
        self.become_master()
        beyond = Listener(self.netns, "peer1")
        self.addCleanup(beyond.close)
        payload = struct.pack("!HHHH", 7, 7, 8 + 9, 0) + b"forwarded"
        packet = ipv4(socket.inet_aton("10.0.0.77"), socket.inet_aton("10.9.0.9"), 17, payload)

        def comes_out():
            self.wire.send(VIRTUAL_MAC + ASKER + b"\x08\x00" + packet)
            return [frame for frame in beyond.frames if frame.endswith(payload)]
        out = wait_until(comes_out, "the packet on the other side")
        self.assertEqual(out[0][:6], bytes.fromhex("020000000099"))
        self.assertEqual(out[0][22], 63, "it was routed")

    def from_the_virtual_mac(self):
        return [frame for frame in self.wire.frames if frame[6:12] in (VIRTUAL_MAC, VIRTUAL_MAC6)]

    def claims(self):
        """ARP, and neighbour and router advertisements, of the virtual MAC or the virtual addresses."""
        return [frame for frame in self.from_the_virtual_mac() if is_claim(frame)] + \
            [frame for frame in self.wire.frames if frame[12:14] == b"\x08\x06" and frame[28:32] == VIP]

    def follow(self):
        """As BACKUP of another router that says so three times."""
        self.daemon.wait_for("Entering BACKUP STATE")
        for heard in range(1, 4):
            def followed():
                self.wire.send(advert(200))
                return self.instance().get("adverts", {}).get("received", 0) >= heard
            wait_until(followed, "the advert is heard")
        self.assertEqual(self.instance()["state"], "BACKUP")

    def test_nothing_is_claimed_before_the_first_advert_and_only_over_the_link(self):
        for settings, mac in (({}, VIRTUAL_MAC), ({"version": 3, "addresses": "fe80::3/64\n fd00::3/64"}, VIRTUAL_MAC6)):
            with self.subTest(**settings):
                self.wire.frames.clear()
                self.become_master(**settings)
                wait_until(lambda: len(self.claims()) >= 5, "the announcements")
                frames = self.from_the_virtual_mac()
                first = next(i for i, frame in enumerate(frames) if is_claim(frame))
                self.assertTrue(any(is_advert(frame) for frame in frames[:first]), "an advert came before")
                for frame in self.claims():
                    self.assertEqual(frame[6:12], mac)
                    self.assertIn(mac, frame[12:], "it tells the virtual MAC and no other")
                self.assertEqual(self.daemon.stop(), 0)

    def test_no_frame_comes_from_the_virtual_mac_of_a_backup(self):
        before = self.inside("sysctl", "-n", "net.ipv4.igmp_link_local_mcast_reports")
        self.start(priority=50, more="global_defs { disable_local_igmp }\n")
        self.follow()
        self.assertEqual([frame.hex() for frame in self.from_the_virtual_mac()], [])
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.inside("sysctl", "-n", "net.ipv4.igmp_link_local_mcast_reports"), before)

    def test_a_backup_asks_for_no_routers_and_claims_nothing(self):
        self.start(priority=50, version=3, addresses="fe80::3/64\n fd00::3/64")
        self.daemon.wait_for("Entering BACKUP STATE")
        wait_until(lambda: any(frame[54:55] == b"\x85" for frame in self.wire.frames if frame[6:12] == self.own),
                   "the interface below asks for routers")
        wait_until(lambda: "state UP" in self.ip("link", "show", "vrrp.51"), "the link is up")
        wait_until(lambda: self.instance()["state"] == "MASTER", "MASTER")
        mute = [frame for frame in self.before_the_first_advert() if is_claim(frame) or frame[54:55] == b"\x85"]
        self.assertEqual([frame.hex() for frame in mute], [])

    def before_the_first_advert(self):
        wait_until(lambda: any(is_advert(frame) for frame in self.from_the_virtual_mac()), "an advert")
        frames = self.from_the_virtual_mac()
        return frames[:next(i for i, frame in enumerate(frames) if is_advert(frame))]


if __name__ == "__main__":
    main()
