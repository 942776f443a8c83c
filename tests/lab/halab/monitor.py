# SPDX-License-Identifier: Apache-2.0
"""One thread that watches everything the drill is judged by, and notes when it changed.

Adverts and check attempts come from packet captures, writes to IPVS and addresses from a netlink monitor in each
director, addresses from rtnetlink events, the IPVS table from reading it every few milliseconds (the kernel tells
nobody when it changes). `wait_for` is how the drill waits: for a condition, with a deadline, never for a while.
"""

import os
import selectors
import socket
import struct
import threading
import time

from halab import packets
from halab.capture import Capture
from halab.topology import DIRECTORS, SERVERS

TABLE_POLL_SECONDS = 0.02
RTMGRP_IPV4_IFADDR = 0x10


class Monitor:
    """Lists of records in time order; read them under no lock (they only grow, and appends are atomic)."""

    def __init__(self, topology, out):
        self.topology = topology
        self.config = topology.config
        self.adverts = []
        self.segments = []
        self.writes = []
        self.table_changes = []  # (time, director, {server: weight})
        self.address_changes = []  # (time, director, frozenset of addresses)
        self.tables = {name: {} for name in DIRECTORS}
        self.addresses = {name: frozenset() for name in DIRECTORS}
        self._changed = threading.Condition()
        self._selector = selectors.DefaultSelector()
        self._stop = False
        self._captures = []
        self._table_files = {}
        self._ipvs_family = packets.generic_family_id("IPVS")
        self._server_of = {address: name for name, address in topology.server_address.items()}
        self._open(out)
        self._thread = threading.Thread(target=self._loop, name="monitor", daemon=True)
        self._thread.start()

    def _open(self, out):
        topology = self.topology
        pcap = os.path.join(out, "adverts.pcap")
        self._watch(Capture(topology.switch, "br0", "ip proto 112 or arp", pcap), self._on_advert)
        for name in SERVERS:
            expression = f"tcp and port {self.config.port} and tcp[tcpflags] & (tcp-syn|tcp-rst) != 0"
            if topology.inner_switch is topology.switch:  # clients talk to the servers on the same wire
                hosts = " or ".join(f"host {address}" for address in topology.director_address.values())
                expression += f" and ({hosts})"
            else:
                expression += f" and net {topology.server_network} and host {topology.server_address[name]}"
                expression += f" and not net {topology.network}" if self.config.forwarding == "NAT" else ""
            self._watch(Capture(topology.inner_switch, name, expression), self._on_segment)
        for name in DIRECTORS:
            namespace = topology.hosts[name]
            namespace.ip("link add nlmon0 type nlmon", "link set nlmon0 up")
            self._watch(Capture(namespace, "nlmon0"), lambda item, name=name: self._on_netlink(name, item))
            with namespace.entered():
                self._table_files[name] = open("/proc/thread-self/net/ip_vs", "rb", buffering=0)
                route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE)
                route.bind((0, RTMGRP_IPV4_IFADDR))
            self._selector.register(route, selectors.EVENT_READ,
                                    lambda name=name, route=route: self._on_route(name, route))
            self._ask_addresses(route)

    def _watch(self, capture, handler):
        def drain():
            for item in capture.read():
                handler(item)
        self._captures.append(capture)
        self._selector.register(capture, selectors.EVENT_READ, drain)

    def _loop(self):
        next_poll = time.monotonic()
        while not self._stop:
            for key, _ in self._selector.select(max(0, next_poll - time.monotonic())):
                key.data()
            if time.monotonic() >= next_poll:
                next_poll = time.monotonic() + TABLE_POLL_SECONDS
                for name in DIRECTORS:
                    self._poll_table(name)
            with self._changed:
                self._changed.notify_all()

    def close(self):
        self._stop = True
        self._thread.join()
        for capture in self._captures:
            capture.close()

    def wait_for(self, condition, seconds, tick=None):
        """Waits until `condition()` is true; returns its value, or None after `seconds`. `tick` is called meanwhile."""
        deadline = time.monotonic() + seconds
        while True:
            value = condition()
            if value:
                return value
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            if tick:
                tick()
            with self._changed:
                self._changed.wait(min(left, 0.1))

    # What arrives.

    def _on_advert(self, item):
        record = packets.advert(item[1], item[0])
        if record and record.vrid == self.config.vrid:
            self.adverts.append(record)

    def _on_segment(self, item):
        record = packets.tcp_segment(item[1], item[0])
        if record:
            self.segments.append(record)

    def _on_netlink(self, name, item):
        moment, data, address = item
        for kind, command in packets.netlink_writes(data, address[1], self._ipvs_family):
            self.writes.append(packets.NetlinkWrite(moment, name, kind, command))

    def _poll_table(self, name):
        stream = self._table_files[name]
        text = os.pread(stream.fileno(), 1 << 20, 0)
        table = self._parse_table(text.decode("ascii"))
        if table != self.tables[name]:
            self.tables[name] = table
            self.table_changes.append((time.time_ns(), name, table))

    def _parse_table(self, text):
        """{server's name: weight} of the drill's service; '' stands for the service itself."""
        table, mine = {}, False
        service = f"{self._hexadecimal(self.config.vip)}:{self.config.port:04X}"
        for line in text.splitlines()[3:]:
            words = line.split()
            if words[0] != "->":
                mine = words[:2] == ["TCP", service]
                if mine:
                    table[""] = 0
            elif mine:
                address = socket.inet_ntoa(bytes.fromhex(words[1].partition(":")[0]))
                table[self._server_of.get(address, address)] = int(words[3])
        return table

    @staticmethod
    def _hexadecimal(address):
        return socket.inet_aton(address).hex().upper()

    def _ask_addresses(self, route):
        body = struct.pack("=BBBBI", socket.AF_INET, 0, 0, 0, 0)
        route.send(packets.NLM_HEADER.pack(16 + len(body), 22, 0x301, 1, 0) + body)  # RTM_GETADDR, dump

    def _on_route(self, name, route):
        try:
            data = route.recv(1 << 16)
        except BlockingIOError:
            return
        addresses = set(self.addresses[name])
        for gone, address in packets.address_events(data):
            addresses.discard(address) if gone else addresses.add(address)
        if addresses != self.addresses[name]:
            self.addresses[name] = frozenset(addresses)
            self.address_changes.append((time.time_ns(), name, self.addresses[name]))

    # What the drill asks.

    def has_vip(self, name):
        return self.config.vip in self.addresses[name]

    def in_table(self, name, server):
        return self.tables[name].get(server, 0) > 0

    def adverts_of(self, name, since=0):
        sender = self.topology.director_address[name]
        return [advert for advert in self.adverts if advert.sender == sender and advert.time > since]

    def attempts(self, director, server, since=0):
        """Times at which `director` tried to connect to `server`, as seen on the server's wire."""
        return self._segments(director, server, since, packets.TCP_SYN, False)

    def refusals(self, director, server, since=0):
        """Times at which `server` refused a connection of `director`."""
        return self._segments(director, server, since, packets.TCP_RST, True)

    def _segments(self, director, server, since, flag, from_server):
        ours = self._check_source(director)
        theirs = self.topology.server_address[server]
        ends = (theirs, ours) if from_server else (ours, theirs)
        return [segment.time for segment in self.segments
                if segment.time > since and (segment.source, segment.destination) == ends and segment.flags & flag
                and not (flag == packets.TCP_SYN and segment.flags & packets.TCP_ACK)]

    def _check_source(self, director):
        return self.topology.inner_address.get(director) or self.topology.director_address[director]

    def writes_of(self, name, kind, since, until):
        return [write for write in self.writes
                if write.director == name and write.kind == kind and since < write.time <= until]
