# SPDX-License-Identifier: Apache-2.0
"""Two directors on one switch, and a thread that notes every advert and every change of their addresses.

Runs on this machine's own kernel: all namespaces carry a prefix and are deleted by `close`. Times are
CLOCK_REALTIME nanoseconds; adverts carry the kernel's time stamps.
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

DIRECTORS = ("lb01", "lb02")
ADDRESS = {"lb01": "10.0.0.5", "lb02": "10.0.0.6"}
RTMGRP_IPV4_IFADDR = 0x10


class Pair:
    def __init__(self, prefix, variant, daemons, hald, folder):
        """`daemons`: {"lb01": "hald" or "keepalived", ...}; `folder` keeps configurations, logs and the pcap."""
        self.variant = variant
        self.prefix = prefix
        self.adverts = []
        self.address_changes = []  # (time, director, frozenset of its virtual addresses)
        self.held = {name: frozenset() for name in DIRECTORS}
        self._made = []
        self._selector = selectors.DefaultSelector()
        self._changed = threading.Condition()
        self._stop = False
        self._thread = None
        self.pcap = os.path.join(folder, "wire.pcap")
        try:
            self._build(daemons, hald, folder)
            self._watch()
        except BaseException:
            self.close()
            raise

    def _build(self, daemons, hald, folder):
        self.switch = make_switch(self._note(f"{self.prefix}-switch"))
        self.hosts = {name: Namespace.add(self._note(f"{self.prefix}-{name}")) for name in DIRECTORS}
        self.directors, self.mac = {}, {}
        for name, host in self.hosts.items():
            connect(self.switch, name, host, "eth0", ADDRESS[name] + "/24")
            with host.entered(), socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as link:
                link.bind(("eth0", 0))
                self.mac[name] = link.getsockname()[4].hex(":")
            config = os.path.join(folder, f"{name}.conf")
            with open(config, "w", encoding="utf-8") as stream:
                stream.write(self.variant.config(name))
            self.directors[name] = Director(name, host, config, folder, daemons[name], hald, ["-P"])

    def _note(self, name):
        self._made.append(name)
        return name

    def _watch(self):
        capture = self._capture = Capture(self.switch, "br0", "ip proto 112 or arp", self.pcap, promiscuous=True)
        self._selector.register(capture, selectors.EVENT_READ, self._on_frames)
        for name, host in self.hosts.items():
            with host.entered():
                route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE)
                route.bind((0, RTMGRP_IPV4_IFADDR))
            self._selector.register(route, selectors.EVENT_READ,
                                    lambda name=name, route=route: self._on_route(name, route))
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def _loop(self):
        while not self._stop:
            for key, _ in self._selector.select(0.1):
                key.data()
            with self._changed:
                self._changed.notify_all()
        self._on_frames()

    def _on_frames(self):
        for moment, frame, _ in self._capture.read():
            record = packets.advert(frame, moment)
            if record:
                self.adverts.append(record)

    def _on_route(self, name, route):
        moment = time.time_ns()
        held = set(self.held[name])
        try:
            while True:
                for gone, address in packets.address_events(route.recv(1 << 16)):
                    if address in self.variant.virtual_addresses:
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
        return [advert for advert in self.adverts if advert.sender == ADDRESS[name] and advert.time > since]

    def holds_all(self, name):
        return len(self.held[name]) == len(self.variant.addresses)

    def end_watch(self):
        """Ends the records; the pcap file is complete afterwards."""
        if self._thread:
            self._stop = True
            self._thread.join()
            self._thread = None
            self._capture.close()

    def close(self):
        for director in getattr(self, "directors", {}).values():
            director.kill()
        self.end_watch()
        for name in self._made:
            if os.path.exists(f"/run/netns/{name}"):
                Namespace(name).delete()
