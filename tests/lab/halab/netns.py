# SPDX-License-Identifier: Apache-2.0
"""Network namespaces: making them, wiring them, entering them.

Knows nothing of directors or servers. Commands run without a shell; sockets that live in a namespace are made by
entering it for a moment with the calling thread and coming back.
"""

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import subprocess

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS = 0x8913
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1

_libc = ctypes.CDLL(None, use_errno=True)


def _set_namespace(descriptor):
    if _libc.setns(descriptor, CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


class Namespace:
    """One host of the lab. Create with `add`; it is gone with the lab kernel, or with `delete`."""

    def __init__(self, name):
        self.name = name
        self.path = f"/run/netns/{name}"

    @classmethod
    def add(cls, name):
        run(["ip", "netns", "add", name])
        namespace = cls(name)
        namespace.ip("link set lo up")
        return namespace

    def delete(self):
        run(["ip", "netns", "delete", self.name])

    @contextlib.contextmanager
    def entered(self):
        """The calling thread is in this namespace inside the `with`; files and sockets made there stay there."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            target = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                _set_namespace(target)
            finally:
                os.close(target)
            try:
                yield
            finally:
                _set_namespace(home)
        finally:
            os.close(home)

    def enter_forever(self):
        """For a child process that stays in this namespace."""
        with open(self.path, "rb") as target:
            _set_namespace(target.fileno())

    def ip(self, *lines):
        """Runs lines of ip(8) in here, in one process."""
        run(["ip", "-n", self.name, "-batch", "-"], text_input="\n".join(lines) + "\n")

    def run(self, command):
        """Output of a command that runs in here; LabCommandError when it fails."""
        return run(["ip", "netns", "exec", self.name] + command)

    def popen(self, command, **keywords):
        """A long-lived process in here."""
        return subprocess.Popen(["ip", "netns", "exec", self.name] + command, **keywords)

    def sysctl(self, **settings):
        """Sets sysctls below net.ipv4; a double underscore in a name stands for the slash."""
        with self.entered():
            for name, value in settings.items():
                with open("/proc/sys/net/ipv4/" + name.replace("__", "/"), "w", encoding="ascii") as node:
                    node.write(str(value))

    def set_link(self, interface, is_up):
        """Takes a link up or down at once (no process is started, so the moment is known)."""
        with self.entered(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            request = struct.pack("16sH14x", interface.encode(), 0)
            flags = struct.unpack_from("16sH", fcntl.ioctl(control, SIOCGIFFLAGS, request))[1]
            flags = flags | IFF_UP if is_up else flags & ~IFF_UP
            fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", interface.encode(), flags))


class LabCommandError(Exception):
    """A command of the lab failed; the text holds its output."""


def run(command, text_input=None):
    """Runs a command to its end and returns its output; LabCommandError when it fails."""
    done = subprocess.run(command, input=text_input, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    if done.returncode != 0:
        words = f"{' '.join(command)}: status {done.returncode}: {done.stdout.strip()}\n{text_input or ''}"
        raise LabCommandError(words)
    return done.stdout


def connect(switch, port, host, interface, address=None):
    """Plugs `interface` of namespace `host` into the bridge br0 of `switch`; the switch's end is named `port`."""
    run(["ip", "-n", switch.name, "link", "add", port, "type", "veth", "peer", "name", interface, "netns", host.name])
    switch.ip(f"link set {port} master br0", f"link set {port} up")
    lines = [f"link set {interface} up"]
    if address:
        lines.insert(0, f"addr add {address} dev {interface}")
    host.ip(*lines)


def make_switch(name):
    """A namespace that holds one bridge, br0: every frame is forwarded at once, multicast to every port."""
    switch = Namespace.add(name)
    switch.ip("link add br0 type bridge forward_delay 0 stp_state 0 mcast_snooping 0", "link set br0 up")
    return switch
