# SPDX-License-Identifier: Apache-2.0
"""What the monitor reads off the wire and off netlink: adverts, check attempts, writes to IPVS and addresses.

Pure: bytes in, small records out, None for what is of no interest. Times are CLOCK_REALTIME nanoseconds.
"""

import collections
import socket
import struct

Advert = collections.namedtuple("Advert", "time sender version vrid priority addresses")
Segment = collections.namedtuple("Segment", "time source destination flags source_port destination_port")
NetlinkWrite = collections.namedtuple("NetlinkWrite", "time director kind command")

TCP_SYN, TCP_RST, TCP_ACK = 0x02, 0x04, 0x10

ETHERNET_HEADER = 14
PROTOCOL_AH, PROTOCOL_VRRP = 51, 112
NETLINK_ROUTE, NETLINK_GENERIC = 0, 16
RTM_NEWLINK, RTM_DELLINK = 16, 17
RTM_NEWADDR, RTM_DELADDR = 20, 21
IFLA_IFNAME, IFF_LOWER_UP = 3, 0x10000
IFA_ADDRESS, IFA_LOCAL = 1, 2
GENL_ID_CTRL, CTRL_CMD_NEWFAMILY = 16, 1
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 1, 2
NLM_F_REQUEST = 0x1
NLM_HEADER = struct.Struct("=IHHII")

# The commands of the kernel's IPVS family that change its table.
IPVS_WRITES = {1: "new-service", 2: "set-service", 3: "del-service", 5: "new-dest", 6: "set-dest", 7: "del-dest",
               9: "new-daemon", 10: "del-daemon", 13: "set-config", 16: "zero", 17: "flush"}


def _ipv4(frame):
    """(source, destination, protocol, payload) of an Ethernet frame, or None."""
    if len(frame) < ETHERNET_HEADER + 20 or frame[12:14] != b"\x08\x00":
        return None
    header = frame[ETHERNET_HEADER:]
    length = (header[0] & 0x0F) * 4
    total = struct.unpack_from("!H", header, 2)[0]
    return socket.inet_ntoa(header[12:16]), socket.inet_ntoa(header[16:20]), header[9], header[length:total]


def _ipv6(frame):
    """(source, destination, protocol, payload) of a frame without extension headers, or None."""
    if len(frame) < ETHERNET_HEADER + 40 or frame[12:14] != b"\x86\xdd":
        return None
    header = frame[ETHERNET_HEADER:]
    length = struct.unpack_from("!H", header, 4)[0]
    ends = (socket.inet_ntop(socket.AF_INET6, header[at:at + 16]) for at in (8, 24))
    return (*ends, header[6], header[40:40 + length])


def advert(frame, time):
    packet = _ipv4(frame) or _ipv6(frame)
    if not packet:
        return None
    protocol, payload = packet[2:]
    if protocol == PROTOCOL_AH and len(payload) >= 2:  # RFC 4302: its length is told in words, without two of them
        protocol, payload = payload[0], payload[4 * (payload[1] + 2):]
    if protocol != PROTOCOL_VRRP or len(payload) < 8:
        return None
    family, size = (socket.AF_INET6, 16) if ":" in packet[0] else (socket.AF_INET, 4)
    addresses = [socket.inet_ntop(family, payload[8 + size * i:8 + size * (i + 1)]) for i in range(payload[3])
                 if len(payload) >= 8 + size * (i + 1)]
    return Advert(time, packet[0], payload[0] >> 4, payload[1], payload[2], addresses)


def is_announcement(frame):
    """Whether it tells everybody where an address is: a gratuitous ARP, or a neighbour advertisement to all nodes."""
    if frame[12:14] == b"\x08\x06":
        return len(frame) >= 42 and frame[28:32] == frame[38:42]
    is_icmp = frame[12:14] == b"\x86\xdd" and len(frame) > 54 and frame[20] == 58
    return is_icmp and frame[54] == 136 and frame[38] == 0xFF


def tcp_segment(frame, time):
    packet = _ipv4(frame)
    if not packet or packet[2] != 6 or len(packet[3]) < 20:
        return None
    source_port, destination_port = struct.unpack_from("!HH", packet[3])
    return Segment(time, packet[0], packet[1], packet[3][13], source_port, destination_port)


def _netlink_messages(data):
    """(type, flags, payload) of each message."""
    offset = 0
    while offset + NLM_HEADER.size <= len(data):
        length, kind, flags = NLM_HEADER.unpack_from(data, offset)[:3]
        if length < NLM_HEADER.size or offset + length > len(data):
            return
        yield kind, flags, data[offset + NLM_HEADER.size:offset + length]
        offset += (length + 3) & ~3


def netlink_writes(data, family, ipvs_family):
    """(kind, command) of each message to the kernel that changes addresses or the IPVS table.

    A netlink monitor shows both directions alike; only what goes to the kernel bears the request flag.
    """
    for message, flags, payload in _netlink_messages(data):
        if not flags & NLM_F_REQUEST:
            continue
        if family == NETLINK_ROUTE and message in (RTM_NEWADDR, RTM_DELADDR):
            yield "address", "new-address" if message == RTM_NEWADDR else "del-address"
        elif family == NETLINK_GENERIC and message == ipvs_family and payload and payload[0] in IPVS_WRITES:
            yield "ipvs", IPVS_WRITES[payload[0]]


def _attributes(data, offset):
    """(kind, bytes) of each attribute."""
    while offset + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, offset)
        yield kind, data[offset + 4:offset + length]
        offset += max((length + 3) & ~3, 4)


def address_events(data):
    """(gone, address) of each address that an rtnetlink message tells of."""
    for message, _, payload in _netlink_messages(data):
        if message not in (RTM_NEWADDR, RTM_DELADDR) or payload[0] not in (socket.AF_INET, socket.AF_INET6):
            continue
        own = IFA_LOCAL if payload[0] == socket.AF_INET else IFA_ADDRESS
        for kind, value in _attributes(payload, 8):
            if kind == own:
                yield message == RTM_DELADDR, socket.inet_ntop(payload[0], value)


def link_events(data):
    """(name, has carrier) of each link that an rtnetlink message tells of."""
    for message, _, payload in _netlink_messages(data):
        if message not in (RTM_NEWLINK, RTM_DELLINK):
            continue
        flags = struct.unpack_from("=I", payload, 8)[0]
        for kind, value in _attributes(payload, 16):
            if kind == IFLA_IFNAME:
                yield value.rstrip(b"\0").decode(), message == RTM_NEWLINK and bool(flags & IFF_LOWER_UP)


def generic_family_id(name):
    """The number that the kernel gave a generic netlink family; None when it has no such family."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC) as control:
        attribute = struct.pack("=HH", 4 + len(name) + 1, CTRL_ATTR_FAMILY_NAME) + name.encode() + b"\0"
        attribute += b"\0" * (-len(attribute) % 4)
        body = struct.pack("=BBH", 3, 1, 0) + attribute
        control.send(NLM_HEADER.pack(NLM_HEADER.size + len(body), GENL_ID_CTRL, 1, 1, 0) + body)
        for message, _, payload in _netlink_messages(control.recv(65536)):
            if message != GENL_ID_CTRL or payload[0] != CTRL_CMD_NEWFAMILY:
                return None
            offset = 4
            while offset + 4 <= len(payload):
                length, kind = struct.unpack_from("=HH", payload, offset)
                if kind == CTRL_ATTR_FAMILY_ID:
                    return struct.unpack_from("=H", payload, offset + 4)[0]
                offset += (length + 3) & ~3 or 4
    return None
