# SPDX-License-Identifier: Apache-2.0
"""VRRP packets that are wrong in every way, sent as real frames to the real daemon: the counter of the kind
rises, hald stays MASTER, its adverts go on at their pace, also under a flood, and a good packet still moves it."""
import random
import socket
import struct
import threading
import time

from hald_process import Daemon, ProcessCase, main, raw_socket, wait_until

CONFIG = """vrrp_instance VI_1 {
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 1
  authentication { auth_type PASS
    auth_pass 1111 }
  virtual_ipaddress { 10.0.0.3/24 }
}
"""
PEER = "10.0.0.99"
SO_TIMESTAMPNS = 35  # Linux; Python does not name it


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def advert(version=2, kind=1, vrid=51, priority=50, addresses=("10.0.0.3",), count=None, auth_type=1, interval=1,
           password=b"1111", bad_sum=0):
    count = len(addresses) if count is None else count
    body = struct.pack("!BBBBBBH", version << 4 | kind, vrid, priority, count, auth_type, interval, 0)
    body += b"".join(map(socket.inet_aton, addresses)) + password.ljust(8, b"\0")
    return body[:6] + struct.pack("!H", (checksum(body) + bad_sum) & 0xFFFF) + body[8:]


def frame(message, ttl=255, source=PEER, ihl=5, total=None):
    total = ihl * 4 + len(message) if total is None else total
    header = struct.pack("!BBHHHBBH4s4s", 0x40 | ihl, 0xC0, total, 1, 0, ttl, 112, 0, socket.inet_aton(source),
                         socket.inet_aton("224.0.0.18")) + b"\0" * ((ihl - 5) * 4)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    ethernet = bytes.fromhex("01005e000012") + bytes.fromhex("020000000063") + b"\x08\x00"
    return (ethernet + header + message).ljust(60, b"\0")


class BadPacketTest(ProcessCase):
    def setUp(self):
        super().setUp()
        self.configure(CONFIG)
        self.daemon = Daemon(self)
        self.daemon.wait_for("Entering MASTER STATE")
        self.wire = raw_socket(self.netns, "peer0")

    def tearDown(self):
        self.wire.close()
        super().tearDown()

    def counter(self, name):
        status = self.status()
        packets = {**status["instances"][0]["packets"], **status["stray_packets"]}
        return packets[name]

    def adverts_within(self, seconds):
        """Times of hald's adverts on the wire."""
        times = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.wire.settimeout(max(0.001, end - time.monotonic()))
            try:
                data = self.wire.recv(2000)
            except TimeoutError:
                break
            if data[12:14] == b"\x08\x00" and data[23] == 112 and data[26:30] == socket.inet_aton("10.0.0.5"):
                times.append(time.monotonic())
        return times

    def expect(self, counter, packet):
        before = self.counter(counter)
        for _ in range(3):
            self.wire.send(packet)
        wait_until(lambda: self.counter(counter) == before + 3, f"{counter} rises by 3")
        self.assertEqual(self.instance()["state"], "MASTER")

    def test_every_wrong_kind_has_its_counter_and_moves_nothing(self):
        strong = {"priority": 200}  # each of them would depose us if it were accepted
        self.expect("ttl_errors", frame(advert(**strong), ttl=254))
        self.expect("checksum_errors", frame(advert(**strong, bad_sum=1)))
        self.expect("version_errors", frame(advert(**strong, version=3)))
        self.expect("version_errors", frame(advert(**strong, version=1)))
        self.expect("type_errors", frame(advert(**strong, kind=2)))
        self.expect("unknown_vrid", frame(advert(**strong, vrid=52)))
        self.expect("auth_failures", frame(advert(**strong, password=b"2222")))
        self.expect("auth_type_errors", frame(advert(**strong, auth_type=0, password=b"")))
        self.expect("interval_errors", frame(advert(**strong, interval=5)))
        self.expect("empty_list_errors", frame(advert(**strong, addresses=())))
        self.expect("length_errors", frame(advert(**strong)[:9]))
        self.expect("length_errors", frame(advert(**strong, count=200)))
        self.expect("length_errors", frame(advert(**strong) + b"x" * 400))
        self.expect("unreadable", frame(b""))
        self.assertEqual(self.instance()["adverts"]["received"], 0)
        self.assertEqual(self.daemon.stop(), 0)

    def test_a_list_unlike_ours_is_counted_and_heard(self):
        self.expect("address_list_errors", frame(advert(priority=50, addresses=("10.0.0.4",))))
        self.assertGreaterEqual(self.instance()["adverts"]["received"], 3)

    def test_adverts_keep_their_pace_under_bad_packets(self):
        before = self.counter("checksum_errors")
        bad = frame(advert(priority=200, bad_sum=1))
        times = []
        for _ in range(25):  # five a second silence a keepalived; the pace of the sending is part of the test
            self.wire.send(bad)
            times += self.adverts_within(0.2)
        self.assertGreaterEqual(self.counter("checksum_errors"), before + 25)
        gaps = [b - a for a, b in zip(times, times[1:])]
        self.assertGreaterEqual(len(times), 4, times)
        self.assertLess(max(gaps), 1.1, gaps)
        self.assertLess(self.instance()["adverts"]["lateness_max_us"], 100_000)

    def test_a_good_packet_still_deposes(self):
        self.wire.send(frame(advert(priority=200)))
        self.daemon.wait_for("Entering BACKUP STATE")
        wait_until(lambda: "10.0.0.3" not in self.addresses(), "address released")
        self.assertEqual(self.instance()["master_address"], PEER)
        self.wire.send(frame(advert(priority=0)))
        wait_until(lambda: self.instance()["state"] == "MASTER", "takes over after the skew time", 2.0)

    def test_options_in_the_ip_header_are_skipped(self):
        self.wire.send(frame(advert(priority=200), ihl=7))
        self.daemon.wait_for("Entering BACKUP STATE")


class FloodTest(ProcessCase):
    """Two thousand wrong packets a second for one of fifty instances: the adverts of all of them stay on time, by the
    kernel's own clock on the wire."""

    INSTANCES = range(1, 51)
    SECONDS = 6

    def setUp(self):
        super().setUp()
        self.configure("".join(CONFIG.replace("VI_1", f"VI_{vrid}").replace("router_id 51", f"router_id {vrid}")
                               .replace("10.0.0.3/24", f"10.0.1.{vrid}/32") for vrid in self.INSTANCES))
        self.daemon = Daemon(self)
        self.daemon.wait_for("Entering MASTER STATE")
        wait_until(lambda: all(each["state"] == "MASTER" for each in self.status()["instances"]), "all are MASTER")
        self.wire = raw_socket(self.netns, "peer0")
        self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.wire.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)

    def tearDown(self):
        self.wire.close()
        super().tearDown()

    def flood(self, frames, seconds):
        """Twenty every hundredth of a second; returns how many went out."""
        sent = 0
        with raw_socket(self.netns, "peer0") as wire:
            begin = time.monotonic()
            for burst in range(seconds * 100):
                for _ in range(20):
                    wire.send(frames[sent % len(frames)])
                    sent += 1
                time.sleep(max(0.0, begin + burst / 100 - time.monotonic()))  # the pace of the flood
        return sent

    def adverts(self, seconds):
        """When hald's adverts left, by router id."""
        times = {vrid: [] for vrid in self.INSTANCES}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.wire.settimeout(max(0.001, end - time.monotonic()))
            try:
                data, ancillary, _, _ = self.wire.recvmsg(2000, 64)
            except TimeoutError:
                break
            if data[12:14] != b"\x08\x00" or data[23] != 112 or data[26:30] != socket.inet_aton("10.0.0.5"):
                continue
            whole, nanoseconds = struct.unpack("@qq", ancillary[0][2][:16])
            times[data[35]].append(whole + nanoseconds / 1e9)
        return times

    def test_two_thousand_a_second_make_no_advert_late(self):
        strong = {"priority": 200, "vrid": 7, "addresses": ("10.0.1.7",)}
        dice = random.Random(4)
        frames = [frame(advert(**strong), ttl=254), frame(advert(**strong, bad_sum=1)), frame(advert(**strong, version=3)),
                  frame(advert(**strong, kind=2)), frame(advert(**strong, password=b"2222")),
                  frame(advert(**strong, interval=5)), frame(advert(**{**strong, "addresses": ()})),
                  frame(advert(**strong)[:9]), frame(advert(**strong, count=200))]
        frames += [frame(advert(**strong, bad_sum=1 + dice.randrange(65534))) for _ in range(100)]
        sent = []
        sender = threading.Thread(target=lambda: sent.append(self.flood(frames, self.SECONDS)))
        sender.start()
        times = self.adverts(self.SECONDS)
        sender.join()
        self.assertEqual(sent, [self.SECONDS * 2000])
        for vrid, each in times.items():
            gaps = [b - a for a, b in zip(each, each[1:])]
            self.assertGreaterEqual(len(each), self.SECONDS - 1, f"adverts of {vrid}: {gaps}")
            self.assertLess(max(gaps), 1.5, f"gaps of {vrid}: {gaps}")
        status = self.status()
        self.assertTrue(all(each["state"] == "MASTER" for each in status["instances"]))
        self.assertEqual(sum(each["adverts"]["received"] for each in status["instances"]), 0)
        conflicts = {each["name"]: each["conflicts"] for each in status["instances"] if each["conflicts"]}
        self.assertEqual(list(conflicts), ["VI_7"], "and the router that speaks otherwise is named")
        self.assertEqual(conflicts["VI_7"][0]["source"], PEER)
        self.assertEqual(self.daemon.stop(), 0)


if __name__ == "__main__":
    main()
