# SPDX-License-Identifier: Apache-2.0
"""Two directors on one switch, and a thread that notes every advert and every change of their addresses.

Runs on this machine's own kernel: all namespaces carry a prefix and are deleted by `close`. Times are
CLOCK_REALTIME nanoseconds; adverts carry the kernel's time stamps. Who sent a frame is told by the port of the switch
at which it arrived.
"""

import os
import selectors
import socket
import threading
import time

from halab import packets
from halab.capture import Capture
from halab.director import Director
from halab.netns import Namespace, connect, make_switch
from interop.cells import DIRECTORS, INTERFACE_ADDRESSES, LINK_LOCAL
from interop.frr import FrrDirector

MAC = {"lb01": "02:00:00:00:00:05", "lb02": "02:00:00:00:00:06"}
RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR = 0x1, 0x10, 0x100
# Adverts, gratuitous ARPs, and what tells IPv6 neighbours of an address.
FILTER = "arp or ip proto 112 or ip6 proto 112 or (icmp6 and ip6[40] == 136)"


class Pair:
    def __init__(self, prefix, cell, hald, folder):
        """`folder` keeps configurations, logs and one pcap file for each director."""
        self.cell = cell
        self.prefix = prefix
        self.folder = folder
        self.adverts = []  # those of both, `sender` is the director
        self.address_changes = []  # (time, director, frozenset of its virtual addresses)
        self.held = {name: frozenset() for name in DIRECTORS}
        self.directors = {}
        self._made = []
        self._captures = []
        self._selector = selectors.DefaultSelector()
        self._changed = threading.Condition()
        self._stop = False
        self._thread = None
        try:
            self._build(hald)
            self._watch()
            if not self.wait_for(lambda: all(d.is_ready() for d in self._frr()), 10):
                raise RuntimeError("zebra does not start")
        except BaseException:
            self.close()
            raise

    def _frr(self):
        return [director for director in self.directors.values() if director.daemon == "frr"]

    def pcap(self, name):
        return os.path.join(self.folder, f"{name}.pcap")

    def _build(self, hald):
        self.switch = make_switch(self._note(f"{self.prefix}-switch"))
        self.hosts = {name: Namespace.add(self._note(f"{self.prefix}-{name}")) for name in DIRECTORS}
        for name, host in self.hosts.items():
            connect(self.switch, name, host, "eth0")
            host.ip("link set eth0 addrgenmode none", f"link set eth0 address {MAC[name]}",
                    f"addr add {INTERFACE_ADDRESSES[4][name]}/24 dev eth0",
                    f"addr add {INTERFACE_ADDRESSES[6][name]}/64 dev eth0 nodad",
                    f"addr add {LINK_LOCAL[name]}/64 dev eth0 nodad")
            daemon = self.cell.daemons[name]
            if daemon == "frr":
                self.directors[name] = FrrDirector(name, host, self.cell, self.folder)
                continue
            config = os.path.join(self.folder, f"{name}.conf")
            with open(config, "w", encoding="utf-8") as stream:
                stream.write(self.cell.config(name))
            self.directors[name] = Director(name, host, config, self.folder, daemon, hald, ["-P"])

    def _note(self, name):
        self._made.append(name)
        return name

    def _watch(self):
        for name, host in self.hosts.items():
            capture = Capture(self.switch, name, FILTER, self.pcap(name), promiscuous=True, is_incoming=True)
            self._captures.append(capture)
            self._selector.register(capture, selectors.EVENT_READ,
                                    lambda name=name, capture=capture: self._on_frames(name, capture))
            with host.entered():
                route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE)
                route.bind((0, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR))
            self._selector.register(route, selectors.EVENT_READ,
                                    lambda name=name, route=route: self._on_route(name, route))
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def _loop(self):
        while not self._stop:
            if not self._selector.select(0.1):
                continue
            for key in self._selector.get_map().values():
                key.data()
            with self._changed:
                self._changed.notify_all()

    def _on_frames(self, name, capture):
        for moment, frame, _ in capture.read():
            record = packets.advert(frame, moment)
            if record:
                self.adverts.append(record._replace(sender=name))

    def _on_route(self, name, route):
        moment = time.time_ns()
        held = set(self.held[name])
        director = self.directors[name]
        virtual = self.cell.virtual_addresses
        try:
            while True:
                data = route.recv(1 << 16)
                if director.daemon == "frr":
                    for device, has_carrier in packets.link_events(data):
                        if device == director.device:
                            held = set(virtual if has_carrier and director.process else ())
                    continue
                for gone, address in packets.address_events(data):
                    if address in virtual:
                        held.discard(address) if gone else held.add(address)
        except BlockingIOError:
            pass
        if held != self.held[name]:
            self.held[name] = frozenset(held)
            self.address_changes.append((moment, name, self.held[name]))

    def wait_for(self, condition, seconds):
        """Waits until `condition()` is true; returns its value, or None after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            value = condition()
            left = deadline - time.monotonic()
            if value or left <= 0:
                return value or None
            with self._changed:
                self._changed.wait(min(left, 0.1))

    def adverts_of(self, name, since=0):
        return [advert for advert in self.adverts if advert.sender == name and advert.time > since]

    def holds_all(self, name):
        return len(self.held[name]) == len(self.cell.addresses)

    def end_watch(self):
        """Ends the records; the pcap files are complete afterwards."""
        if self._thread:
            self._stop = True
            self._thread.join()
            self._thread = None
        while self._captures:
            self._captures.pop().close()

    def close(self):
        for director in self.directors.values():
            director.close() if director.daemon == "frr" else director.kill()
        self.end_watch()
        for name in self._made:
            if os.path.exists(f"/run/netns/{name}"):
                Namespace(name).delete()
