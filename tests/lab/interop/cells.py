# SPDX-License-Identifier: Apache-2.0
"""The cells of the matrix: every kind of VRRP that two daemons can speak with one another, and what follows from it.

One record holds what is configured; the files for both directors and every bound of the test come from it.
"""

import dataclasses
import ipaddress
import itertools

SECOND = 1_000_000_000
MILLISECOND = 1_000_000
DIRECTORS = ("lb01", "lb02")
VRID = 51
PASSWORD = "1111"

PROTOCOLS = ("v2", "v3-ipv4", "v3-ipv6")
CASTS = ("multicast", "unicast")
PEERS = ("keepalived", "frr")
MASTERS = ("hald", "peer")
STYLES = ("plain", "pass", "ah", "vmac")

PRIORITIES = {"lb01": 200, "lb02": 100}
INTERFACE_ADDRESSES = {4: {"lb01": "10.0.0.5", "lb02": "10.0.0.6", "lb03": "10.0.0.7"},
                       6: {"lb01": "fd00::5", "lb02": "fd00::6", "lb03": "fd00::7"}}
LINK_LOCAL = {"lb01": "fe80::5", "lb02": "fe80::6", "lb03": "fe80::7"}
MAC = {"lb01": "02:00:00:00:00:05", "lb02": "02:00:00:00:00:06", "lb03": "02:00:00:00:00:07"}
GROUPS = {4: ("224.0.0.18", "01:00:5e:00:00:12"), 6: ("ff02::12", "33:33:00:00:00:12")}
VIRTUAL_MACS = {4: f"00:00:5e:00:01:{VRID:02x}", 6: f"00:00:5e:00:02:{VRID:02x}"}


@dataclasses.dataclass(frozen=True)
class Cell:
    protocol: str
    cast: str
    peer: str
    master: str  # who is lb01, which has the higher priority
    style: str   # of hald, and of a keepalived beside it; FRR always has a virtual MAC

    @property
    def name(self):
        return f"{self.protocol} {self.cast} {self.peer} {self.master}-MASTER {self.style}"

    @property
    def version(self):
        return 2 if self.protocol == "v2" else 3

    @property
    def family(self):
        return 6 if self.protocol == "v3-ipv6" else 4

    @property
    def daemons(self):
        pair = ("hald", self.peer) if self.master == "hald" else (self.peer, "hald")
        return dict(zip(DIRECTORS, pair))

    def has_virtual_mac(self, director):
        """Whether its frames come from the virtual router's MAC address."""
        return self.daemons[director] == "frr" or self.style == "vmac"

    def mac(self, director):
        """Where the virtual addresses are while it is MASTER."""
        return VIRTUAL_MACS[self.family] if self.has_virtual_mac(director) else MAC[director]

    def priority(self, director):
        return PRIORITIES[director]

    @property
    def addresses(self):
        """The virtual ones, with their prefixes, in the order of the adverts."""
        if self.family == 4:
            return ("10.0.0.3/24", "10.0.0.4/32")
        # RFC 9568, 5.2.9: the first is the virtual router's link-local one.
        return ("fe80::53/64", "fd00::3/64")

    @property
    def virtual_addresses(self):
        return [str(ipaddress.ip_interface(address).ip) for address in self.addresses]

    # Times, in nanoseconds

    @property
    def interval(self):
        """From one advert to the next."""
        return SECOND if self.version == 2 else SECOND // 4

    @property
    def interval_on_wire(self):
        """Version 2 tells seconds, version 3 hundredths."""
        return 1 if self.version == 2 else 25

    def skew(self, director):
        """RFC 3768, 6.1 and RFC 9568, 6.1: what a backup adds by its priority."""
        unit = SECOND if self.version == 2 else self.interval
        return (256 - self.priority(director)) * unit // 256

    def down(self, director):
        """How long a backup waits for an advert before it takes over."""
        return 3 * self.interval + self.skew(director)

    # What the daemons are told

    def config(self, director):
        """The file for hald and keepalived."""
        words = [f"state {'MASTER' if director == 'lb01' else 'BACKUP'}", "interface eth0",
                 f"virtual_router_id {VRID}", f"priority {self.priority(director)}",
                 f"advert_int {self.interval / SECOND:g}"]
        if self.style == "pass":
            words += ["authentication {", "  auth_type PASS", f"  auth_pass {PASSWORD}", "}"]
        if self.style == "ah":
            words += ["authentication {", "  auth_type AH", f"  auth_pass {PASSWORD}", "}"]
        if self.style == "vmac":
            words += ["use_vmac"] + (["vmac_xmit_base"] if self.cast == "unicast" else [])
        if self.cast == "unicast":
            other = next(name for name in DIRECTORS if name != director)
            own = INTERFACE_ADDRESSES[self.family]
            words += [f"unicast_src_ip {own[director]}", "unicast_peer {", f"  {own[other]}", "}"]
        words += ["virtual_ipaddress {", *("  " + address for address in self.addresses), "}"]
        return (f"global_defs {{\n    router_id {director}\n    vrrp_version {self.version}\n"
                f"}}\nvrrp_instance VI_1 {{\n" + "".join(f"    {word}\n" for word in words) + "}\n")

    def frr_config(self, director):
        kind = "ip" if self.family == 4 else "ipv6"
        words = [f"version {self.version}", f"priority {self.priority(director)}",
                 f"advertisement-interval {self.interval // MILLISECOND}"]
        words += [f"{kind} {address}" for address in self.virtual_addresses]
        return "interface eth0\n" + "".join(f" vrrp {VRID} {word}\n" for word in words)


def _reason_against(protocol, cast, peer, style):
    """Why there is no such cell; '' if there is."""
    if style in ("pass", "ah") and protocol != "v2":
        return "version 3 has no authentication"
    if peer == "frr" and cast == "unicast":
        return "FRR speaks to the multicast group only"
    if peer == "frr" and style in ("pass", "ah"):
        return "FRR knows no authentication"
    return ""


def all_cells():
    """(the cells, {what is none: why})."""
    cells, none = [], {}
    for protocol, cast, peer, style in itertools.product(PROTOCOLS, CASTS, PEERS, STYLES):
        reason = _reason_against(protocol, cast, peer, style)
        if reason:
            none[f"{protocol} {cast} {peer} {style}"] = reason
        else:
            cells += [Cell(protocol, cast, peer, master, style) for master in MASTERS]
    return cells, none
