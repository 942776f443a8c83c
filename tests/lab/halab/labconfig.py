# SPDX-License-Identifier: Apache-2.0
"""What the drill must know of a director's configuration file: addresses and timers, read from the file itself.

The drill measures against the timers of the file that the directors run, so nothing is written down twice. This is
no parser of the language: it takes the first value of each word it looks for.
"""

import ipaddress
import re


BUILT_IN_RETRY = 1


class ConfigError(Exception):
    """The file lacks what the drill needs."""


class LabConfig:
    """One virtual server, one VRRP instance. Times are in seconds."""

    def __init__(self, path):
        self.path = path
        with open(path, encoding="utf-8") as stream:
            self.text = re.sub(r"[!#].*", "", stream.read())
        self.advert_interval = float(self._first("advert_int"))
        self.priority = int(self._first("priority"))
        self.vrid = int(self._first("virtual_router_id"))
        self.version = int(self._first("vrrp_version", "2"))
        self.forwarding = self._first("lb_kind").upper()
        self.scheduler = self._first("lb_algo")
        self.persistence = int(self._first("persistence_timeout", "0"))
        self.delay_loop = float(self._first("delay_loop"))
        self.retry_delay = float(self._first("delay_before_retry"))
        self._retry = self._first("retry", "")
        self._nb_get_retry = self._first("nb_get_retry", "")
        self.vip, port = self._pair("virtual_server")
        self.port = int(port)
        self.servers = [match.group(1) for match in re.finditer(r"\breal_server\s+(\S+)\s+\d+", self.text)]
        self.weight = int(self._first("weight", "1"))
        if len(self.servers) != 2:
            raise ConfigError(f"{path}: the drill needs two real servers, found {len(self.servers)}")
        self.virtual_addresses = self._virtual_addresses()

    def _first(self, word, default=None):
        match = re.search(rf"\b{word}\s+([^\s{{}}]+)", self.text)
        if match:
            return match.group(1)
        if default is None:
            raise ConfigError(f"{self.path}: no {word}")
        return default

    def _pair(self, word):
        match = re.search(rf"\b{word}\s+(\S+)\s+(\d+)", self.text)
        if not match:
            raise ConfigError(f"{self.path}: no {word} with an address and a port")
        return match.group(1), match.group(2)

    def _virtual_addresses(self):
        """(ip_interface, device) of each virtual address."""
        block = re.search(r"\bvirtual_ipaddress\s*\{([^}]*)\}", self.text)
        if not block:
            raise ConfigError(f"{self.path}: no virtual_ipaddress")
        found = []
        for line in block.group(1).splitlines():
            words = line.split()
            if words:
                device = words[words.index("dev") + 1] if "dev" in words else self._first("interface")
                found.append((ipaddress.ip_interface(words[0]), device))
        return found

    def tries(self, daemon):
        """Failing tries after which a server is out. keepalived does not know nb_get_retry here: its default holds."""
        word = self._retry or (self._nb_get_retry if daemon == "hald" else "")
        return int(word or BUILT_IN_RETRY) + 1

    @property
    def skew(self):
        """The time that a backup adds, by its priority, before it takes over."""
        fraction = (256 - self.priority) / 256
        return fraction if self.version == 2 else fraction * self.advert_interval

    @property
    def master_down_time(self):
        return 3 * self.advert_interval + self.skew
