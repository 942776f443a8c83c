# SPDX-License-Identifier: Apache-2.0
"""What Wireshark's dissector says of every frame of a run.

tshark decodes the capture and verifies the checksums; this module compares what it read with what the cell's
configuration asks for. Version 3 over IPv4 is checked with the pseudo-header, the form that is sent by default.
"""

import collections
import struct
import subprocess

from halab.ledger import SECOND
from interop.cells import (DIRECTORS, GROUPS, INTERFACE_ADDRESSES, LINK_LOCAL, MAC, PASSWORD, VIRTUAL_MACS, VRID)

BROADCAST = "ff:ff:ff:ff:ff:ff"
ALL_NODES, ALL_NODES_MAC = "ff02::1", "33:33:00:00:00:01"
FIELDS = """frame.time_epoch frame.protocols _ws.malformed _ws.expert.severity eth.src eth.dst ip.src ip.dst
ip.ttl ip.proto ip.len ip.checksum.status ipv6.src ipv6.dst ipv6.hlim ipv6.nxt ipv6.plen vrrp.version vrrp.type
vrrp.virt_rtr_id vrrp.prio vrrp.addr_count vrrp.checksum.status vrrp.auth_type vrrp.auth_string vrrp.adver_int
vrrp.short_adver_int vrrp.ip_addr vrrp.ipv6_addr arp.opcode arp.src.hw_mac arp.src.proto_ipv4 arp.dst.hw_mac
arp.dst.proto_ipv4 arp.isgratuitous icmpv6.type icmpv6.checksum.status icmpv6.nd.na.flag.s icmpv6.nd.na.flag.o
icmpv6.nd.na.target_address icmpv6.opt.linkaddr""".split()
AH_LENGTH = 24
ERROR_SEVERITY = 0x800000
GOOD = "1"
IS_TRUE = ("1", "True")
NEIGHBOR_ADVERTISEMENT = "136"
PCAP_HEADER, RECORD = 24, struct.Struct("=IIII")

Frame = collections.namedtuple("Frame", [field.replace(".", "_").lstrip("_") for field in FIELDS])


def join(pcaps, path):
    """Writes all files into one; returns how many frames each holds. One dissector is enough for all of them."""
    counts = []
    with open(path, "wb") as out:
        for pcap in pcaps:
            with open(pcap, "rb") as stream:
                data = stream.read()
            out.write(data if not counts else data[PCAP_HEADER:])
            at, count = PCAP_HEADER, 0
            while at + RECORD.size <= len(data):
                at += RECORD.size + RECORD.unpack_from(data, at)[2]
                count += 1
            counts.append(count)
    return counts


def dissect(pcap):
    """A Frame of texts for each packet of the file; '' for what a packet does not have."""
    command = ["tshark", "-n", "-r", pcap, "-o", "ip.check_checksum:TRUE", "-o", "vrrp.v3_checksum_as_in_v2:FALSE",
               "-T", "fields", "-E", "separator=/t", "-E", "aggregator= "]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"tshark: {done.stderr.strip()}")
    return [Frame(*line.split("\t")) for line in done.stdout.splitlines()]


def expect_wire(cell, sent, takeovers, ledger):
    """Adds the expectations about all that the directors sent ({name: frames}), and about what follows a takeover."""
    everything = [(name, frame) for name, frames in sent.items() for frame in frames]
    adverts = [(name, frame) for name, frame in everything if "vrrp" in frame.frame_protocols.split(":")]
    announced = [(name, frame) for name, frame in everything if _is_announcement(frame)]
    _expect_none(ledger, "malformed frames",
                 (f"{name}: {frame.frame_protocols}" for name, frame in everything if _is_malformed(frame)))
    told = collections.Counter(name for name, _ in adverts)
    for name in DIRECTORS:
        ledger.expect(f"adverts of {name} ({cell.daemons[name]}) in the capture", told[name] > 0, told[name],
                      "at least 1")
    _expect_none(ledger, f"wrong among {len(adverts)} adverts",
                 (text for name, frame in adverts for text in _advert_faults(cell, name, frame)))
    _expect_none(ledger, f"wrong among {len(announced)} announcements",
                 (text for name, frame in announced for text in _announcement_faults(cell, name, frame)))
    for name, moment in takeovers:
        _expect_announced(cell, ledger, announced, name, moment)


def _expect_none(ledger, what, faults):
    faults = list(faults)
    shown = "; ".join(text for text, _ in collections.Counter(faults).most_common(5))
    ledger.expect(what, not faults, f"{len(faults)}: {shown}" if faults else "none", "none")


def _is_malformed(frame):
    severities = [int(word, 0) for word in frame.ws_expert_severity.split()]
    return frame.ws_malformed or any(severity >= ERROR_SEVERITY for severity in severities)


def _is_announcement(frame):
    # A kernel that still holds an address answers the successor's announcement of it: that is none itself.
    if frame.arp_isgratuitous in IS_TRUE:
        return not (frame.arp_opcode == "2" and frame.eth_dst in (*MAC.values(), *VIRTUAL_MACS.values()))
    return frame.icmpv6_type == NEIGHBOR_ADVERTISEMENT and frame.ipv6_dst == ALL_NODES


def _compare(name, frame, wanted):
    for field, value in wanted.items():
        if getattr(frame, field) != str(value):
            yield f"{field} of {name} is '{getattr(frame, field)}', not '{value}'"


def _advert_mac(cell, name):
    # A unicast one with vmac_xmit_base leaves from the interface itself.
    return VIRTUAL_MACS[cell.family] if cell.has_virtual_mac(name) and cell.cast == "multicast" else MAC[name]


def _source(cell, name):
    if cell.family == 4 or cell.cast == "unicast":
        return INTERFACE_ADDRESSES[cell.family][name]
    return LINK_LOCAL[name]


def _advert_faults(cell, name, frame):
    other = next(director for director in DIRECTORS if director != name)
    to_address, to_mac = GROUPS[cell.family]
    if cell.cast == "unicast":
        to_address, to_mac = INTERFACE_ADDRESSES[cell.family][other], MAC[other]
    length = 8 + (4 if cell.family == 4 else 16) * len(cell.addresses) + (8 if cell.version == 2 else 0)
    wanted = {"eth_src": _advert_mac(cell, name), "eth_dst": to_mac, "vrrp_version": cell.version, "vrrp_type": "1",
              "vrrp_virt_rtr_id": VRID, "vrrp_addr_count": len(cell.addresses), "vrrp_checksum_status": GOOD}
    hop_limit = "64" if cell.cast == "unicast" else "255"  # without unicast_ttl the kernel's own
    listed = " ".join(cell.virtual_addresses)
    if cell.family == 4:
        protocol, extra = ("51", AH_LENGTH) if cell.style == "ah" else ("112", 0)
        wanted |= {"ip_src": _source(cell, name), "ip_dst": to_address, "ip_ttl": "255", "ip_proto": protocol,
                   "ip_len": 20 + extra + length, "ip_checksum_status": GOOD, "vrrp_ip_addr": listed}
    else:
        wanted |= {"ipv6_src": _source(cell, name), "ipv6_dst": to_address, "ipv6_hlim": hop_limit, "ipv6_nxt": "112",
                   "ipv6_plen": length, "vrrp_ipv6_addr": listed}
    if cell.version == 2:
        password = PASSWORD if cell.style == "pass" else ""
        kind = {"pass": 1, "ah": 2}.get(cell.style, 0)
        wanted |= {"vrrp_adver_int": cell.interval_on_wire, "vrrp_auth_type": kind,
                   "vrrp_auth_string": password}
    else:
        wanted |= {"vrrp_short_adver_int": cell.interval_on_wire}
    if frame.vrrp_prio != "0":
        wanted["vrrp_prio"] = cell.priority(name)
    yield from _compare(name, frame, wanted)


def _announced_address(frame):
    return frame.arp_src_proto_ipv4 or frame.icmpv6_nd_na_target_address


def _announcement_faults(cell, name, frame):
    # keepalived tells of its own address too, when an interface comes back.
    is_own = cell.daemons[name] != "hald" and _announced_address(frame) == INTERFACE_ADDRESSES[cell.family][name]
    mac = MAC[name] if is_own else cell.mac(name)
    if cell.family == 4:
        wanted = {"eth_src": mac, "eth_dst": BROADCAST, "arp_opcode": "1", "arp_src_hw_mac": mac,
                  "arp_dst_hw_mac": BROADCAST, "arp_dst_proto_ipv4": frame.arp_src_proto_ipv4}
    else:
        wanted = {"eth_src": mac, "eth_dst": ALL_NODES_MAC, "ipv6_hlim": "255", "icmpv6_checksum_status": GOOD,
                  "icmpv6_nd_na_flag_s": "0", "icmpv6_nd_na_flag_o": "1", "icmpv6_opt_linkaddr": mac}
    yield from _compare(name, frame, wanted)
    if not is_own and _announced_address(frame) not in cell.virtual_addresses:
        yield f"{name} announces {_announced_address(frame)}"


def _expect_announced(cell, ledger, announced, name, moment):
    """The first batch: five for each address, at once (garp_master_repeat's default); a rival may call for more."""
    start = moment / SECOND
    mine = [frame for sender, frame in announced
            if sender == name and start - 0.001 <= float(frame.frame_time_epoch) <= start + 0.1]
    counts = collections.Counter(_announced_address(frame) for frame in mine)
    found = [counts[address] for address in cell.virtual_addresses]
    least = 5
    if cell.daemons[name] == "frr":
        least = 1 if cell.family == 4 else 0  # over IPv6 its device has only just got a carrier
    ledger.expect(f"announcements within 100 ms of a takeover by {name}", all(count >= least for count in found),
                  ", ".join(str(count) for count in found), f"at least {least} for each address")
