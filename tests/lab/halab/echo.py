# SPDX-License-Identifier: Apache-2.0
"""A real server that says who it is: each line over TCP, each datagram over UDP is answered with the server's name.

One process for each server; it serves many ports of both families, and takes new ones while it runs.
"""

import os
import select
import signal
import socket

BACKLOG = 128
DATAGRAM = 2048


class EchoServer:
    def __init__(self, name, namespace, tcp, udp=(), late=()):
        """`tcp`, `udp`: ports. `late`: TCP ports that are opened by `open_late`."""
        self.name = name
        self.orders, theirs = socket.socketpair()
        self.process = os.fork()
        if self.process == 0:
            try:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                self.orders.close()
                namespace.enter_forever()
                _serve(name, theirs, tcp, udp, late)
            finally:
                os._exit(0)
        theirs.close()
        self._wait()  # until all ports are open

    def _wait(self):
        if self.orders.recv(1) != b"+":
            raise RuntimeError(f"the server {self.name} did not start")

    def open_late(self):
        self.orders.sendall(b"o")
        self._wait()

    def stop(self):
        self.orders.sendall(b"q")  # closing would not do: servers started later hold this end too
        os.waitpid(self.process, 0)


def _listen(port):
    server = socket.create_server(("::", port), family=socket.AF_INET6, backlog=BACKLOG, dualstack_ipv6=True)
    server.setblocking(False)
    return server


def _answer_from(one, name):
    """A reply has to leave from the address that was asked, which is one of many."""
    _, control, _, client = one.recvmsg(DATAGRAM, 256)
    one.sendmsg([name.encode()], [item for item in control if item[1] == socket.IPV6_PKTINFO], 0, client)


def _datagrams(port):
    one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    one.bind(("::", port))
    return one


def _serve(name, orders, tcp, udp, late):
    listeners = {_listen(port) for port in tcp}
    datagrams = {_datagrams(port) for port in udp}
    clients = set()
    orders.sendall(b"+")
    while True:
        for one in select.select([orders, *listeners, *datagrams, *clients], [], [])[0]:
            if one is orders:
                if orders.recv(1) != b"o":
                    return
                listeners |= {_listen(port) for port in late}
                orders.sendall(b"+")
            elif one in listeners:
                clients.add(one.accept()[0])
            elif one in datagrams:
                _answer_from(one, name)
            elif not _reply(one, name):
                one.close()
                clients.discard(one)


def _reply(client, name):
    try:
        if client.recv(DATAGRAM):
            client.sendall(name.encode() + b"\n")
            return True
    except OSError:
        pass
    return False
