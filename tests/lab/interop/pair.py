# SPDX-License-Identifier: Apache-2.0
"""Directors on one switch, two or more, and a thread that notes every advert and every change of their addresses.

Runs on this machine's own kernel: all namespaces carry a prefix and are deleted by `close`. Times are
CLOCK_REALTIME nanoseconds; adverts carry the kernel's time stamps. Who sent a frame is told by the port of the switch
at which it arrived.
"""

import json
import os
import selectors
import socket
import threading
import time

from halab import packets
from halab.capture import Capture
from halab.director import Director
from halab.netns import Namespace, connect, make_switch, run
from interop.cells import INTERFACE_ADDRESSES, LINK_LOCAL, MAC
from interop.frr import FrrDirector

NOBODY = "02:00:00:00:00:99"
CLIENT = {4: "10.0.0.100/24", 6: "fd00::100/64"}
RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR = 0x1, 0x10, 0x100
SO_RCVBUFFORCE, BUFFER_BYTES = 33, 64 << 20  # whatever happens, none of it is lost
# Adverts, gratuitous ARPs, and what tells IPv6 neighbours of an address.
FILTER = "arp or ip proto 112 or ip proto 51 or ip6 proto 112 or (icmp6 and ip6[40] == 136)"


class Pair:
    def __init__(self, prefix, cell, hald, folder):
        """`folder` keeps configurations, logs and one pcap file for each director."""
        self.cell = cell
        self.prefix = prefix
        self.folder = folder
        self.adverts = []  # those of both, `sender` is the director
        self.address_changes = []  # (time, director, frozenset of its virtual addresses)
        self.announced = dict.fromkeys(cell.daemons, 0)  # when each last told the neighbours of an address
        self.held = {name: frozenset() for name in cell.daemons}
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
        self._add_client()
        self.hosts = {name: Namespace.add(self._note(f"{self.prefix}-{name}")) for name in self.cell.daemons}
        for name, host in self.hosts.items():
            self._connect(name)
            daemon = self.cell.daemons[name]
            if daemon == "frr":
                self.directors[name] = FrrDirector(name, host, self.cell, self.folder)
                continue
            config = os.path.join(self.folder, f"{name}.conf")
            with open(config, "w", encoding="utf-8") as stream:
                stream.write(self.cell.config(name))
            self.directors[name] = Director(name, host, config, self.folder, daemon, hald, ["-P"], True)

    def _add_client(self):
        """A neighbour that knows the virtual addresses, at first from somewhere else. The kernel has one table for all
        namespaces, and forgets what is in it, if it was not learned externally."""
        self.client = Namespace.add(self._note(f"{self.prefix}-client"))
        connect(self.switch, "client", self.client, "eth0")
        self.client.ip(f"addr add {CLIENT[4]} dev eth0", f"addr add {CLIENT[6]} dev eth0 nodad",
                       *(f"neigh add {address} lladdr {NOBODY} dev eth0 nud stale extern_learn" for address in
                         self.cell.virtual_addresses))

    def neighbours(self):
        """{virtual address: the MAC address at which the client would look for it}."""
        found = json.loads(run(["ip", "-n", self.client.name, "-json", "neigh", "show", "dev", "eth0"]))
        return {entry["dst"]: entry.get("lladdr") for entry in found if entry["dst"] in self.cell.virtual_addresses}

    def _connect(self, name):
        host = self.hosts[name]
        connect(self.switch, name, host, "eth0")
        host.ip("link set eth0 addrgenmode none", f"link set eth0 address {MAC[name]}",
                f"addr add {INTERFACE_ADDRESSES[4][name]}/24 dev eth0",
                f"addr add {INTERFACE_ADDRESSES[6][name]}/64 dev eth0 nodad",
                f"addr add {LINK_LOCAL[name]}/64 dev eth0 nodad")

    def remove_interface(self, name):
        """Both ends of the cable are gone."""
        self.switch.ip(f"link del {name}")

    def add_interface(self, name):
        """Another interface of the same name, with the same addresses; its frames are in a pcap file of their own."""
        self._connect(name)
        self._watch_port(name, self.pcap(name) + ".later")

    def _note(self, name):
        self._made.append(name)
        return name

    def _watch(self):
        for name, host in self.hosts.items():
            self._watch_port(name, self.pcap(name))
            with host.entered():
                route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE)
                route.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
                route.bind((0, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR))
            self._selector.register(route, selectors.EVENT_READ,
                                    lambda name=name, route=route: self._on_route(name, route))
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def _watch_port(self, name, pcap):
        capture = Capture(self.switch, name, FILTER, pcap, promiscuous=True, is_incoming=True)
        self._captures.append(capture)
        self._selector.register(capture, selectors.EVENT_READ, lambda: self._on_frames(name, capture))

    def _loop(self):
        while not self._stop:
            if not self._selector.select(0.1):
                continue
            for key in list(self._selector.get_map().values()):
                key.data()
            with self._changed:
                self._changed.notify_all()

    def _on_frames(self, name, capture):
        for moment, frame, _ in capture.read():
            record = packets.advert(frame, moment)
            if record:
                self.adverts.append(record._replace(sender=name))
            elif packets.is_announcement(frame):
                self.announced[name] = moment

    def _on_route(self, name, route):
        moment = time.time_ns()
        director = self.directors[name]
        virtual = self.cell.virtual_addresses
        try:
            while True:
                data = route.recv(1 << 16)
                if director.daemon == "frr":
                    for device, has_carrier in packets.link_events(data):
                        if device == director.device:
                            self._note_held(moment, name, virtual if has_carrier and director.process else ())
                    continue
                for gone, address in packets.address_events(data):
                    if address in virtual:
                        held = self.held[name]
                        self._note_held(moment, name, held - {address} if gone else held | {address})
        except BlockingIOError:
            pass

    def _note_held(self, moment, name, held):
        held = frozenset(held)
        if held != self.held[name]:
            self.held[name] = held
            self.address_changes.append((moment, name, held))

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
