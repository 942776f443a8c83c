# SPDX-License-Identifier: Apache-2.0
"""Tests of the lab's own judgement: what it reads off the wire, what it allows, what it takes from a file.

A drill that misreads is worse than none. Runs on the host in a moment: python3 tests/lab/selftest.py
"""

import os
import socket
import struct
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from halab import packets, report, svg, uml, wire  # noqa: E402
from halab.labconfig import LabConfig  # noqa: E402
from halab.ledger import SECOND, Ledger, longest_silence  # noqa: E402
from halab.traffic import OK, PENDING, REFUSED, TIMEOUT, Request  # noqa: E402
from interop import adapt  # noqa: E402

EXAMPLES = os.path.join(os.path.dirname(os.path.dirname(HERE)), "etc", "examples")


def ipv4_frame(protocol, payload, source="10.0.0.5", destination="224.0.0.18"):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0xC0, 20 + len(payload), 1, 0, 255, protocol, 0,
                         socket.inet_aton(source), socket.inet_aton(destination))
    return b"\1" * 12 + b"\x08\x00" + header + payload


def netlink_message(kind, flags, payload):
    return packets.NLM_HEADER.pack(16 + len(payload), kind, flags, 1, 1) + payload


def request(start, end, fate, server=1):
    return Request(start * SECOND, end * SECOND, fate, server, 0, 0)


class Adapted(unittest.TestCase):
    def test_checks_go_whole(self):
        self.assertEqual(adapt.without_checks("a {\n HTTP_GET{ url { path / } } # }\n b\n}"), "a {\n  # }\n b\n}")
        self.assertEqual(adapt.without_checks("TCP_CHECK # {\n {\n x }\n}"), "\n}")
        self.assertEqual(adapt.without_checks("! TCP_CHECK {"), "! TCP_CHECK {")
        self.assertEqual(adapt.without_checks("a TCP_CHECK { never { closed }"), "a ")

    def test_scripts_and_moves_go_and_interfaces_are_found(self):
        self.assertEqual(adapt.adapt("net_namespace x\nvirtual_server 1.2.3.4 80 {\n quorum_up \"ip a\"\n}"),
                         "\nvirtual_server 1.2.3.4 80 {\n\n}")
        self.assertEqual(adapt.interfaces("interface eth1\n 10.0.0.1 dev eth0.7\n# interface no\ndev lo"), ["eth0.7", "eth1"])


class Packets(unittest.TestCase):
    def test_advert(self):
        payload = struct.pack("!BBBBBBH", 0x21, 51, 100, 1, 1, 1, 0) + socket.inet_aton("10.0.0.3") + b"1111\0\0\0\0"
        advert = packets.advert(ipv4_frame(112, payload), 7)
        self.assertEqual(advert, packets.Advert(7, "10.0.0.5", 2, 51, 100, ["10.0.0.3"]))

    def test_padded_frame_and_address_count_beyond_the_packet(self):
        payload = struct.pack("!BBBBBBH", 0x21, 51, 0, 9, 1, 1, 0)
        self.assertEqual(packets.advert(ipv4_frame(112, payload) + b"\0" * 20, 7).addresses, [])

    def test_advert_over_ipv6(self):
        ends = [socket.inet_pton(socket.AF_INET6, text) for text in ("fe80::5", "ff02::12", "fd00::3")]
        payload = bytes([0x31, 51, 100, 1, 0, 25, 0, 0]) + ends[2]
        header = bytes([0x60, 0, 0, 0, 0, len(payload), 112, 255]) + ends[0] + ends[1]
        frame = bytes(12) + b"\x86\xdd" + header + payload
        self.assertEqual(packets.advert(frame, 7), packets.Advert(7, "fe80::5", 3, 51, 100, ["fd00::3"]))
        self.assertEqual(packets.advert(frame[:-1], 7).addresses, [])
        self.assertIsNone(packets.advert(frame[:40], 7))

    def test_announcements(self):
        arp = bytes(12) + bytes.fromhex("080600010800060400010200000000050a000003ffffffffffff0a000003")
        self.assertTrue(packets.is_announcement(arp))
        self.assertFalse(packets.is_announcement(arp[:-1] + b"\x04"))
        self.assertFalse(packets.is_announcement(arp[:30]))

    def test_what_is_no_advert(self):
        for frame in (b"", b"\0" * 13, ipv4_frame(112, b"\x21\x33"), ipv4_frame(6, b"\0" * 20)):
            self.assertIsNone(packets.advert(frame, 1))

    def test_tcp_segment(self):
        payload = struct.pack("!HHIIBBHHH", 40000, 80, 0, 0, 0x50, packets.TCP_SYN, 0, 0, 0)
        segment = packets.tcp_segment(ipv4_frame(6, payload, destination="10.0.0.7"), 7)
        self.assertEqual((segment.destination, segment.flags, segment.destination_port), ("10.0.0.7", 2, 80))

    def test_only_requests_count_as_writes(self):
        family = 28
        sent = netlink_message(family, packets.NLM_F_REQUEST, b"\x05\1\0\0")
        told = netlink_message(family, 2, b"\x05\1\0\0")  # a dump's answer bears the same command
        asked = netlink_message(family, packets.NLM_F_REQUEST | 0x300, b"\x08\1\0\0")
        self.assertEqual(list(packets.netlink_writes(sent + told + asked, 16, family)), [("ipvs", "new-dest")])

    def test_address_writes_and_broken_lengths(self):
        data = netlink_message(packets.RTM_DELADDR, packets.NLM_F_REQUEST, b"\2" + b"\0" * 7)
        self.assertEqual(list(packets.netlink_writes(data, 0, 28)), [("address", "del-address")])
        self.assertEqual(list(packets.netlink_writes(data[:-1], 0, 28)), [])
        self.assertEqual(list(packets.netlink_writes(b"\0" * 16, 0, 28)), [])


class Judgement(unittest.TestCase):
    def setUp(self):
        self.ledger = Ledger()
        self.ledger.begin("one", "", 0)
        self.ledger.allow_failures(10 * SECOND, 12 * SECOND, "those in the outage")
        self.ledger.begin("two", "", 20 * SECOND)
        self.ledger.step.end = 30 * SECOND

    def judged(self, *requests):
        self.ledger.judge_requests(list(requests))
        return [(expectation.step, expectation.ok) for expectation in self.ledger.expectations]

    def test_failure_in_a_window_is_allowed(self):
        self.assertEqual(self.judged(request(11, 11.5, TIMEOUT)), [("one", True)])

    def test_failure_under_way_at_the_window_is_allowed(self):
        self.assertEqual(self.judged(request(9.7, 10.2, TIMEOUT), request(12, 12.5, TIMEOUT)), [("one", True)])

    def test_failure_outside_is_not(self):
        self.assertEqual(self.judged(request(9, 9.5, REFUSED), request(21, 21.1, OK)), [("one", False), ("two", True)])

    def test_failure_after_the_window_is_not(self):
        self.assertEqual(self.judged(request(12.1, 12.2, REFUSED)), [("one", False)])

    def test_a_request_without_an_end_is_a_failure(self):
        self.assertEqual(self.judged(request(25, 0, PENDING)), [("two", False)])

    def test_never_seen_is_out_of_bounds(self):
        self.assertFalse(self.ledger.within("x", None, 0, SECOND))
        self.assertFalse(self.ledger.within("x", 2 * SECOND, 0, SECOND))
        self.assertFalse(self.ledger.within("x", 1, 2, SECOND))
        self.assertTrue(self.ledger.within("x", 2, 2, SECOND))

    def test_nothing_expected_is_no_success(self):
        self.assertFalse(Ledger().ok)

    def test_longest_silence_counts_successes_only(self):
        requests = [request(1, 1, OK), request(2, 2, REFUSED), request(4, 4, OK), request(5, 5, OK), request(9, 9, OK)]
        self.assertEqual(longest_silence(requests, 2 * SECOND, 3 * SECOND), (1 * SECOND, 4 * SECOND))


class Files(unittest.TestCase):
    def test_examples(self):
        for mode, kind in (("dr", "DR"), ("nat", "NAT"), ("tun", "TUN")):
            first, second = (LabConfig(os.path.join(EXAMPLES, mode, f"{name}.conf")) for name in ("lb01", "lb02"))
            self.assertEqual((first.forwarding, first.priority, second.priority), (kind, 100, 90))
            self.assertEqual((first.delay_loop, first.retry_delay, first.tries("hald")), (6, 3, 4))
            self.assertAlmostEqual(second.master_down_time, 3.6484, 4)

    def test_keepalived_does_not_know_nb_get_retry(self):
        self.assertEqual(LabConfig(os.path.join(EXAMPLES, "dr", "lb01.conf")).tries("keepalived"), 2)
        self.assertEqual(LabConfig(os.path.join(EXAMPLES, "nat", "lb01.conf")).tries("keepalived"), 4)


class Output(unittest.TestCase):
    def test_text_is_escaped(self):
        canvas = svg.Canvas(100, 10, 10, 0, 10, 'a "<b>"')
        canvas.text(1, 1, "<script>")
        picture = canvas.finish(10)
        self.assertNotIn("<script>", picture)
        self.assertNotIn('"a "', picture)

    def test_failures_outside_windows(self):
        data = {"steps": [{"windows": [[10, 20, "x"]]}],
                "requests": [[5, 6, OK, 1], [9, 11, TIMEOUT, 0], [21, 22, REFUSED, 0]]}
        self.assertEqual(report.failures(data), (2, 1))

    def test_dissector_verdict(self):
        good = {"ip.src": "10.0.0.5", "ip.ttl": "255", "ip.dst": "224.0.0.18", "vrrp.checksum.status": "1",
                "_ws.malformed": "", "_ws.expert.severity": ""}
        self.assertTrue(wire.is_good(good))
        for field, value in (("ip.ttl", "64"), ("vrrp.checksum.status", "0"), ("_ws.malformed", "_ws.malformed"),
                             ("_ws.expert.severity", "8388608"), ("ip.dst", "10.0.0.6")):
            self.assertFalse(wire.is_good({**good, field: value}), field)

    def test_folders_that_fresh_ones_hide(self):
        paths = ["/tmp/b/tests", "/tmp/b", "/tmp", "/var/library", "/var/lib/y", "/tmp/b"]
        self.assertEqual(uml.hidden_folders(paths), ["/tmp/b", "/tmp/b/tests", "/var/lib/y"])

    def test_sizes(self):
        self.assertEqual(uml.parse_size("512M"), 512 << 20)
        for text in ("", "M", "512", "0G", "-1G", "1.5G", "1T"):
            with self.assertRaises(ValueError):
                uml.parse_size(text)


if __name__ == "__main__":
    unittest.main()
