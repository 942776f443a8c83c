# SPDX-License-Identifier: Apache-2.0
"""What the directors are told: hald leads as lb01, keepalived follows as lb02, another hald may join as a stranger."""

import dataclasses

from interop.cells import Cell


@dataclasses.dataclass(frozen=True)
class Plan(Cell):
    protocol: str = "v3-ipv4"
    cast: str = "multicast"
    peer: str = "keepalived"
    master: str = "hald"
    style: str = "plain"
    globals: str = ""  # further lines of hald's global_defs
    words: str = ""  # further lines of hald's instance
    stranger: str = ""  # the whole instance of a third director, lb03; '' for none

    advert_interval: int = 0  # nanoseconds; 0: what is usual for the version

    @property
    def interval(self):
        return self.advert_interval or super().interval

    @property
    def daemons(self):
        third = {"lb03": "hald"} if self.stranger else {}
        return super().daemons | third

    def config(self, director):
        if director == "lb03":
            return f"global_defs {{\n    vrrp_version {self.version}\n}}\nvrrp_instance VI_9 {{\n{self.stranger}}}\n"
        text = super().config(director)
        if self.daemons[director] != "hald":
            return text
        text = text.replace("global_defs {\n", "global_defs {\n" + self.globals, 1)
        return text.replace("vrrp_instance VI_1 {\n", "vrrp_instance VI_1 {\n" + self.words, 1)
