# SPDX-License-Identifier: Apache-2.0
"""Packet sockets with the kernel's own time stamps, so that a late reader does not blur a measurement.

A capture belongs to one interface of one namespace. The kernel filters, by a program that tcpdump compiles; a pcap
file of what was seen can be kept for other tools.
"""

import ctypes
import functools
import socket
import struct

from halab.netns import run

SO_ATTACH_FILTER = 26
SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33
SOL_PACKET, PACKET_ADD_MEMBERSHIP, PACKET_MR_PROMISC = 263, 1, 1
PACKET_IGNORE_OUTGOING = 23
ETH_P_ALL = 0x0003
BUFFER_BYTES = 8 << 20
PCAP_NANOSECONDS, LINKTYPE_ETHERNET = 0xA1B23C4D, 1
TIMESPEC = struct.Struct("=qq")


@functools.lru_cache
def compile_filter(expression):
    """(count, bytes) of the classic BPF program for a tcpdump expression."""
    lines = run(["tcpdump", "-i", "lo", "-y", "EN10MB", "-ddd", expression]).split("\n")
    lines = [line for line in lines if line and all(word.isdigit() for word in line.split())]
    rows = [tuple(int(word) for word in line.split()) for line in lines[1:]]
    return len(rows), b"".join(struct.pack("=HBBI", *row) for row in rows)


class Capture:
    """`read` yields (time, frame, metadata) of what has arrived since, and never waits."""

    def __init__(self, namespace, interface, expression=None, pcap=None, promiscuous=False, is_incoming=False):
        """`promiscuous`: also what a bridge forwards from one port to another. `is_incoming`: not what is sent."""
        with namespace.entered():
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            index = socket.if_nametoindex(interface)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        if is_incoming:
            self.socket.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        if expression:
            count, program = compile_filter(expression)
            buffer = ctypes.create_string_buffer(program)
            header = struct.pack("HL", count, ctypes.addressof(buffer))
            self.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, header)
        self.socket.bind((interface, ETH_P_ALL))
        if promiscuous:
            request = struct.pack("=iHH8s", index, PACKET_MR_PROMISC, 0, b"")
            self.socket.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP, request)
        self.pcap = open(pcap, "wb") if pcap else None
        if self.pcap:
            self.pcap.write(struct.pack("=IHHiIII", PCAP_NANOSECONDS, 2, 4, 0, 0, 65535, LINKTYPE_ETHERNET))

    def fileno(self):
        return self.socket.fileno()

    def read(self):
        while True:
            try:
                frame, ancillary, _, address = self.socket.recvmsg(65536, 64)
            except BlockingIOError:
                if self.pcap:
                    self.pcap.flush()
                return
            except OSError:  # the interface went down: packets may follow when it is up again
                return
            time = 0
            for level, kind, data in ancillary:
                if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
                    seconds, nanoseconds = TIMESPEC.unpack(data)
                    time = seconds * 1_000_000_000 + nanoseconds
            if self.pcap:
                self.pcap.write(struct.pack("=IIII", *divmod(time, 1_000_000_000), len(frame), len(frame)))
                self.pcap.write(frame)
            yield time, frame, address

    def close(self):
        self.socket.close()
        if self.pcap:
            self.pcap.close()
