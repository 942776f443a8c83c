# SPDX-License-Identifier: Apache-2.0
"""What the kernel alone needs for a table: every request made beforehand, sent in batches, no answer awaited.

Writes the services of load_config. No daemon can be faster than this; it is what they are compared with.
"""

import socket
import struct
import time

import load_config

NETLINK_GENERIC, GENL_ID_CTRL = 16, 16
SO_SNDBUFFORCE = 32
NLM_F_REQUEST = 1
NESTED = 0x8000
CTRL_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 3, 1, 2
NEW_SERVICE, NEW_DESTINATION = 1, 5
SERVICE, DESTINATION = 1, 2
DIRECT_ROUTE = 3
BATCH_BYTES = 100_000


def _attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def _message(family, command, body):
    return struct.pack("=IHHIIBBH", 20 + len(body), family, NLM_F_REQUEST, 0, 0, command, 1, 0) + body


def _address(text):
    return socket.inet_aton(text).ljust(16, b"\0")


def _key(address):
    return (_attribute(1, struct.pack("=H", socket.AF_INET)) + _attribute(2, struct.pack("=H", socket.IPPROTO_TCP))
            + _attribute(3, _address(address)) + _attribute(4, struct.pack("!H", load_config.PORT)))


def _requests(family, services, servers):
    for service in range(services):
        key = _key(load_config.service_address(service))
        settings = (_attribute(6, b"wrr\0") + _attribute(7, struct.pack("=II", 0, 0xFFFFFFFF))
                    + _attribute(8, struct.pack("=I", 0)) + _attribute(9, b"\xff" * 4))
        yield _message(family, NEW_SERVICE, _attribute(SERVICE | NESTED, key + settings))
        for server in range(servers):
            real = (_attribute(1, _address(load_config.server_address(service, server)))
                    + _attribute(2, struct.pack("!H", load_config.PORT)) + _attribute(3, struct.pack("=I", DIRECT_ROUTE))
                    + _attribute(4, struct.pack("=i", 1)) + _attribute(5, bytes(4)) + _attribute(6, bytes(4))
                    + _attribute(11, struct.pack("=H", socket.AF_INET)))
            yield _message(family, NEW_DESTINATION, _attribute(SERVICE | NESTED, key) + _attribute(DESTINATION | NESTED, real))


def _batches(requests):
    batch, size = [], 0
    for request in requests:
        batch.append(request)
        size += len(request)
        if size >= BATCH_BYTES:
            yield b"".join(batch)
            batch, size = [], 0
    yield b"".join(batch)


def _family(link):
    link.send(_message(GENL_ID_CTRL, CTRL_GETFAMILY, _attribute(CTRL_ATTR_FAMILY_NAME, b"IPVS\0")))
    answer = link.recv(65536)
    at = 20
    while at + 4 <= len(answer):
        length, kind = struct.unpack_from("=HH", answer, at)
        if kind & 0x7FFF == CTRL_ATTR_FAMILY_ID:
            return struct.unpack_from("=H", answer, at + 4)[0]
        at += max(4, (length + 3) & ~3)
    raise OSError("the kernel has no IPVS")


def seconds_for(namespace, services, servers):
    """How long the kernel takes for the table, in a namespace that has none yet."""
    with namespace.entered():
        link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    with link:
        link.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 4 * BATCH_BYTES)
        link.bind((0, 0))
        batches = list(_batches(_requests(_family(link), services, servers)))
        begin = time.monotonic()
        for batch in batches:  # the kernel works a batch off before send returns
            link.send(batch)
        return time.monotonic() - begin
