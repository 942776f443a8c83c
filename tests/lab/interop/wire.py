# SPDX-License-Identifier: Apache-2.0
"""What Wireshark's dissector says of every frame of a run.

tshark decodes the pcap file and verifies the checksums; this module compares what it read with the configuration.
Version 3 over IPv4 is checked with the pseudo-header, the form that keepalived sends by default.
"""

import collections
import subprocess

from interop.pair import ADDRESS, DIRECTORS
from interop.variants import GROUP, GROUP_MAC, SECOND

BROADCAST = "ff:ff:ff:ff:ff:ff"
FIELDS = """frame.number frame.time_epoch frame.protocols _ws.malformed _ws.expert.severity eth.src eth.dst ip.src ip.dst
ip.ttl ip.proto ip.len ip.checksum.status ip.dsfield vrrp.version vrrp.type vrrp.virt_rtr_id vrrp.prio vrrp.addr_count
vrrp.checksum.status vrrp.checksum vrrp.auth_type vrrp.auth_string vrrp.adver_int vrrp.short_adver_int vrrp.ip_addr
arp.opcode arp.src.hw_mac arp.src.proto_ipv4 arp.dst.hw_mac arp.dst.proto_ipv4 arp.isgratuitous""".split()
ERROR_SEVERITY = 0x800000
GOOD = "1"

Frame = collections.namedtuple("Frame", [field.replace(".", "_").lstrip("_") for field in FIELDS])


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


def expect_wire(pair, takeovers, ledger):
    """Adds the expectations about every frame, and about the announcements after each takeover."""
    frames = dissect(pair.pcap)
    adverts = [frame for frame in frames if "vrrp" in frame.frame_protocols.split(":")]
    # A kernel that still holds an address answers the successor's announcement of it: that is none itself.
    announced = [frame for frame in frames if frame.arp_isgratuitous in ("1", "True")
                 and not (frame.arp_opcode == "2" and frame.eth_dst in pair.mac.values())]
    _expect_none(ledger, "malformed frames", (f"{f.frame_number}: {f.frame_protocols}" for f in frames if _is_malformed(f)))
    told = collections.Counter(frame.ip_src for frame in adverts)
    for name in DIRECTORS:
        ledger.expect(f"adverts of {name} ({pair.directors[name].daemon}) in the capture", told[ADDRESS[name]] > 0,
                      told[ADDRESS[name]], "at least 1")
    _expect_none(ledger, f"wrong among {len(adverts)} adverts",
                 (f"{f.frame_number}: {text}" for f in adverts for text in _advert_faults(f, pair)))
    _expect_none(ledger, f"wrong among {len(announced)} gratuitous ARPs",
                 (f"{f.frame_number}: {text}" for f in announced for text in _announcement_faults(f, pair)))
    for name, moment in takeovers:
        _expect_announced(ledger, pair, announced, name, moment)


def _expect_none(ledger, what, faults):
    faults = list(faults)
    ledger.expect(what, not faults, "; ".join(faults[:5]) or "none", "none")


def _is_malformed(frame):
    severities = [int(word, 0) for word in frame.ws_expert_severity.split()]
    return frame.ws_malformed or any(severity >= ERROR_SEVERITY for severity in severities)


def _advert_faults(frame, pair):
    variant = pair.variant
    sender = next((name for name in DIRECTORS if ADDRESS[name] == frame.ip_src), None)
    if sender is None:
        yield f"from {frame.ip_src}"
        return
    receiver = next(name for name in DIRECTORS if name != sender)
    to_mac, to_address = (pair.mac[receiver], ADDRESS[receiver]) if variant.peers else (GROUP_MAC, GROUP)
    wanted = {
        "eth_src": pair.mac[sender], "eth_dst": to_mac, "ip_dst": to_address, "ip_ttl": "255", "ip_proto": "112",
        "ip_len": variant.ip_length, "ip_checksum_status": GOOD, "vrrp_version": variant.version, "vrrp_type": "1",
        "vrrp_virt_rtr_id": variant.vrid, "vrrp_addr_count": len(variant.addresses), "vrrp_checksum_status": GOOD,
        "vrrp_ip_addr": " ".join(variant.virtual_addresses),
    }
    if variant.version == 2:
        wanted |= {"vrrp_adver_int": variant.interval_on_wire, "vrrp_auth_type": 1 if variant.password else 0,
                   "vrrp_auth_string": variant.password}
    else:
        wanted |= {"vrrp_short_adver_int": variant.interval_on_wire}
    if frame.vrrp_prio != "0":
        wanted["vrrp_prio"] = variant.priority(sender)
    for field, value in wanted.items():
        if getattr(frame, field) != str(value):
            yield f"{field} of {sender} is '{getattr(frame, field)}', not '{value}'"


def _announcement_faults(frame, pair):
    sender = next((name for name in DIRECTORS if pair.mac[name] == frame.eth_src), None)
    if sender is None:
        yield f"from {frame.eth_src}"
        return
    wanted = {"eth_dst": BROADCAST, "arp_opcode": "1", "arp_src_hw_mac": pair.mac[sender], "arp_dst_hw_mac": BROADCAST,
              "arp_dst_proto_ipv4": frame.arp_src_proto_ipv4}
    for field, value in wanted.items():
        if getattr(frame, field) != value:
            yield f"{field} of {sender} is '{getattr(frame, field)}', not '{value}'"
    if frame.arp_src_proto_ipv4 not in pair.variant.virtual_addresses:
        yield f"{sender} announces {frame.arp_src_proto_ipv4}"


def _expect_announced(ledger, pair, announced, name, moment):
    """The first batch: five for each address, at once (garp_master_repeat's default); a rival may call for more."""
    start = moment / SECOND
    mine = [frame for frame in announced
            if frame.eth_src == pair.mac[name] and start - 0.001 <= float(frame.frame_time_epoch) <= start + 0.1]
    counts = collections.Counter(frame.arp_src_proto_ipv4 for frame in mine)
    found = [counts[address] for address in pair.variant.virtual_addresses]
    ledger.expect(f"gratuitous ARPs within 100 ms of a takeover by {name}", all(count >= 5 for count in found),
                  ", ".join(str(count) for count in found), "at least 5 for each address")
