# SPDX-License-Identifier: Apache-2.0
"""Two directors and a client on a switch, in network namespaces of this machine."""

import os
import signal
import socket
import sys
import time

from halab.director import Director, be_real_time
from halab.netns import Namespace, connect, make_switch, run

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT_SECONDS = 60
SETTLE_SECONDS = 1.5  # a neighbour does not believe a second announcement within a second of the first
ETH_P_ALL, IP_PROTOCOL_AT, VRRP = 3, 14 + 9, 112


def held(director):
    """How many single addresses (/32) it has."""
    return sum("/32" in line for line in director.addresses())


class Site:
    """Two directors and a client on a switch, all with a prefix of their own."""

    def __init__(self, daemon, hald, configurations, folder, options=("-P",), is_real_time=True):
        """`configurations`: the text of each director's file; the directors start when they are told to."""
        self.prefix = f"hb{os.getpid()}"
        self.folder = folder
        self.names = [f"{self.prefix}-{name}" for name in ("switch", "client", *configurations)]
        self.directors = {}
        self.probe = None
        self.switch = make_switch(self.names[0])
        self.client = self._host("client", "10.9.0.1/24")
        for number, (name, text) in enumerate(configurations.items()):
            host = self._host(name, f"10.9.0.{10 + number}/24")
            config = os.path.join(folder, f"{name}.conf")
            with open(config, "w", encoding="ascii") as stream:
                stream.write(text)
            self.directors[name] = Director(name, host, config, folder, daemon, hald, options, is_real_time)

    def _host(self, name, address):
        host = Namespace.add(f"{self.prefix}-{name}")
        connect(self.switch, name, host, "eth0", address)
        return host

    def holds(self, name, address):
        return f" {address}/" in run(["ip", "-n", f"{self.prefix}-{name}", "-br", "addr", "show", "dev", "eth0"])

    def wait_for(self, condition, what):
        deadline = time.monotonic() + LIMIT_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                logs = "".join(director.log()[-4000:] for director in self.directors.values())
                raise RuntimeError(f"{what}: not within {LIMIT_SECONDS} s\n{logs}")
            time.sleep(0.02)

    def wait_for_master(self, name, address):
        """Until `name` alone has the address, and a little longer, so that neighbours believe the next announcement."""
        others = [other for other in self.directors if other != name]
        self.wait_for(lambda: self.holds(name, address) and not any(self.holds(other, address) for other in others),
                      f"{name} becomes MASTER")
        time.sleep(SETTLE_SECONDS)

    def cut_behind_an_advert(self, name):
        """Returns the moment."""
        with self.switch.entered():
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        with wire:
            wire.bind((name, ETH_P_ALL))
            wire.settimeout(LIMIT_SECONDS)
            while wire.recv(128)[IP_PROTOCOL_AT] != VRRP:
                pass
            moment = time.monotonic_ns()
            self.switch.set_link(name, False)
        return moment

    def mend(self, name):
        self.switch.set_link(name, True)

    def start_probe(self, address):
        self.probe_file = os.path.join(self.folder, "probe")
        if os.path.exists(self.probe_file):
            os.unlink(self.probe_file)
        self.probe = self.client.popen([sys.executable, os.path.join(HERE, "probe.py"), address, self.probe_file],
                                       preexec_fn=be_real_time)

    def end_probe(self):
        self.probe.send_signal(signal.SIGTERM)
        self.probe.wait(LIMIT_SECONDS)
        self.probe = None
        with open(self.probe_file, encoding="ascii") as lines:
            return [(int(moment), answer == "1") for moment, answer in (line.split() for line in lines)]

    def close(self):
        if self.probe:
            self.probe.kill()
            self.probe.wait()
        for director in self.directors.values():
            director.kill()
        for name in self.names:
            if os.path.exists(f"/run/netns/{name}"):
                Namespace(name).delete()
