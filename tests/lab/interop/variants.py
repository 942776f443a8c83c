# SPDX-License-Identifier: Apache-2.0
"""The kinds of VRRP that the two daemons must agree on, and the times that follow from each configuration.

One record holds what is configured; the file for a director and every bound of the test come from it.
"""

import dataclasses
import ipaddress

SECOND = 1_000_000_000
GROUP = "224.0.0.18"
GROUP_MAC = "01:00:5e:00:00:12"


@dataclasses.dataclass(frozen=True)
class Variant:
    version: int
    advert_interval: float  # seconds; whole ones in version 2
    password: str = ""
    peers: tuple = ()  # unicast: (director, address) of both
    vrid: int = 51
    addresses: tuple = ("10.0.0.3/24", "10.0.0.4/32")
    priorities: tuple = (("lb01", 100), ("lb02", 90))

    def priority(self, director):
        return dict(self.priorities)[director]

    @property
    def interval(self):
        """Nanoseconds from one advert to the next."""
        return round(self.advert_interval * SECOND)

    def skew(self, director):
        """RFC 3768, 6.1 and RFC 5798, 6.1: what a backup adds by its priority; ns."""
        unit = SECOND if self.version == 2 else self.interval
        return (256 - self.priority(director)) * unit // 256

    def down(self, director):
        """How long a backup waits for an advert before it takes over; ns."""
        return 3 * self.interval + self.skew(director)

    @property
    def virtual_addresses(self):
        return [str(ipaddress.ip_interface(address).ip) for address in self.addresses]

    @property
    def interval_on_wire(self):
        """Version 2 tells seconds, version 3 hundredths."""
        return round(self.advert_interval * (1 if self.version == 2 else 100))

    @property
    def ip_length(self):
        return 20 + 8 + 4 * len(self.addresses) + (8 if self.version == 2 else 0)

    def config(self, director):
        """The file for lb01, which wants to be MASTER, or for lb02."""
        state = "MASTER" if director == "lb01" else "BACKUP"
        secret = f"    authentication {{ auth_type PASS\n      auth_pass {self.password} }}\n" if self.password else ""
        others = [address for name, address in self.peers if name != director]
        peers = "    unicast_peer {\n" + "".join(f"      {peer}\n" for peer in others) + "    }\n" if others else ""
        first, *others = self.addresses
        lines = [f"      {first} dev eth0 label eth0:0"] + [f"      {address}" for address in others]
        return (f"global_defs {{\n    router_id {director}\n    vrrp_version {self.version}\n}}\n"
                f"vrrp_instance VI_1 {{\n    state {state}\n    interface eth0\n    virtual_router_id {self.vrid}\n"
                f"    priority {self.priority(director)}\n    advert_int {self.advert_interval:g}\n{secret}{peers}"
                "    virtual_ipaddress {\n" + "\n".join(lines) + "\n    }\n}\n")


VARIANTS = {
    "v2": Variant(version=2, advert_interval=1),
    "v2_pass": Variant(version=2, advert_interval=1, password="1111"),
    "v3": Variant(version=3, advert_interval=0.25),
    "v3_unicast": Variant(version=3, advert_interval=0.25, peers=(("lb01", "10.0.0.5"), ("lb02", "10.0.0.6"))),
}
