# SPDX-License-Identifier: Apache-2.0
"""A cheap look at the kernel's IPVS table, for polling while a daemon fills it.

Uses the old getsockopt interface: counting services costs one small system call, counting all servers one copy of
about 100 bytes a service, the servers of one service likewise. Nothing is formatted, as /proc/net/ip_vs would.
"""

import ctypes
import os
import socket
import struct

BASE = 64 + 1024 + 64
GET_INFO, GET_SERVICES, GET_DESTINATIONS = BASE + 1, BASE + 2, BASE + 4

SERVICE_BYTES, SERVICES_HEADER = 104, 8  # sizes and offsets of <linux/ip_vs.h> on 64-bit machines
SERVER_COUNT_OFFSET = 44
DESTINATION_BYTES, DESTINATIONS_HEADER = 96, 24
WEIGHT_OFFSET = 12

_libc = ctypes.CDLL(None, use_errno=True)


class KernelTable:
    """The table of the network namespace in which it is made. IPv4 only."""

    def __init__(self, namespace):
        with namespace.entered():
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)

    def _get(self, option, buffer):
        length = ctypes.c_uint(len(buffer))
        if _libc.getsockopt(self.socket.fileno(), socket.IPPROTO_IP, option, buffer, ctypes.byref(length)) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return buffer

    def service_count(self):
        return struct.unpack_from("=I", self._get(GET_INFO, ctypes.create_string_buffer(12)), 8)[0]

    def server_count(self):
        """Servers of all services together; exact only while no service comes or goes."""
        services = self.service_count()
        buffer = ctypes.create_string_buffer(SERVICES_HEADER + services * SERVICE_BYTES)
        struct.pack_into("=I", buffer, 0, services)
        try:
            self._get(GET_SERVICES, buffer)
        except OSError:  # their number has just changed
            return 0
        found = struct.unpack_from("=I", buffer, 0)[0]
        return sum(struct.unpack_from("=I", buffer, SERVICES_HEADER + index * SERVICE_BYTES + SERVER_COUNT_OFFSET)[0]
                   for index in range(found))

    def weights(self, address, port, servers):
        """{server's address: weight} of one TCP service that has `servers` servers; {} if it is not so."""
        buffer = ctypes.create_string_buffer(DESTINATIONS_HEADER + servers * DESTINATION_BYTES)
        struct.pack_into("=HxxI", buffer, 0, socket.IPPROTO_TCP, 0)
        struct.pack_into("=4s2sxxII", buffer, 4, socket.inet_aton(address), struct.pack("!H", port), 0, servers)
        try:
            self._get(GET_DESTINATIONS, buffer)
        except OSError:
            return {}
        found = {}
        for index in range(servers):
            offset = DESTINATIONS_HEADER + index * DESTINATION_BYTES
            found[socket.inet_ntoa(buffer[offset:offset + 4])] = struct.unpack_from("=i", buffer, offset + WEIGHT_OFFSET)[0]
        return found
