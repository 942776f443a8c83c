# SPDX-License-Identifier: Apache-2.0
"""FRR's vrrpd as a director: same face as halab.director.Director.

It needs a zebra beside it and, made beforehand, a macvlan device that has the virtual MAC address and holds the virtual
addresses all the time. While it is BACKUP the device has no carrier: that is how it holds them or not.
"""

import os
import shutil
import tempfile

from halab.director import Director
from interop.cells import LINK_LOCAL, VIRTUAL_MACS, VRID

FOLDER = "/usr/lib/frr"
ACCOUNT = "frr"


def is_installed():
    return all(os.access(f"{FOLDER}/{program}", os.X_OK) for program in ("zebra", "vrrpd"))


class FrrDirector(Director):
    def __init__(self, name, namespace, cell, folder):
        self.device = f"vrrp{cell.family}-{VRID}"
        # It leaves the root account, so that its files lie where its own can reach them.
        self.own_folder = tempfile.mkdtemp(prefix="frr-")
        self.config = os.path.join(self.own_folder, "vrrpd.conf")
        super().__init__(name, namespace, self.config, folder, daemon="frr", is_real_time=True)
        with open(self.config, "w", encoding="utf-8") as stream:
            stream.write(cell.frr_config(name))
        with open(os.path.join(self.own_folder, "zebra.conf"), "w", encoding="utf-8"):
            pass
        shutil.chown(self.own_folder, ACCOUNT, ACCOUNT)
        self._make_device(cell)
        self.zebra = self._popen(self._command("zebra"))

    def _make_device(self, cell):
        lines = [f"link add {self.device} link eth0 address {VIRTUAL_MACS[cell.family]} type macvlan mode bridge",
                 f"link set {self.device} addrgenmode none"]
        option = " nodad" if cell.family == 6 else ""
        lines += [f"addr add {address} dev {self.device}{option}" for address in cell.addresses]
        if cell.family == 6:  # the source of its adverts: the newest link-local address of the device
            lines.append(f"addr add {LINK_LOCAL[self.name]}/64 dev {self.device} nodad")
        self.namespace.ip(*lines, f"link set {self.device} up")

    def _command(self, program):
        folder = self.own_folder
        return [f"{FOLDER}/{program}", "--vty_socket", folder, "-z", f"{folder}/zserv", "-i", f"{folder}/{program}.pid",
                "-f", f"{folder}/{program}.conf", "-P", "0", "--log", "stdout"]

    def command(self):
        return self._command("vrrpd")

    def is_ready(self):
        """Whether vrrpd can be started: it asks zebra only once in ten seconds."""
        return os.path.exists(f"{self.own_folder}/zserv")

    def close(self):
        self.kill()
        self.zebra.kill()
        self.zebra.wait()
        shutil.rmtree(self.own_folder, ignore_errors=True)
