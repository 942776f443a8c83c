# SPDX-License-Identifier: Apache-2.0
"""What the client of the traffic test does: connections and datagrams, each answered by the name of a server."""

import socket

ANSWER_SECONDS = 5


class Client:
    def __init__(self, namespace):
        self.namespace = namespace

    def _socket(self, target, kind, source=None):
        family = socket.AF_INET6 if ":" in target else socket.AF_INET
        with self.namespace.entered():
            one = socket.socket(family, kind)
        one.settimeout(ANSWER_SECONDS)
        if source:
            one.bind((source, 0))
        return one

    def open(self, target, port, source=None):
        """A connection that has been answered once, and by whom."""
        one = self._socket(target, socket.SOCK_STREAM, source)
        one.connect((target, port))
        return one, say(one)

    def ask(self, target, port, source=None):
        """Who answers on a connection of its own."""
        one, name = self.open(target, port, source)
        one.close()
        return name

    def asks(self, count, *target):
        """Who answers so many connections, sorted. What is not answered is the name of the error."""
        found = []
        for _ in range(count):
            try:
                found.append(self.ask(*target))
            except OSError as error:
                found.append(type(error).__name__)
        return sorted(found)

    def datagrams(self, count, target, port):
        """Who answers so many datagrams from one port."""
        with self._socket(target, socket.SOCK_DGRAM) as one:
            found = []
            for _ in range(count):
                one.sendto(b"who", (target, port))
                try:
                    found.append(one.recv(100).decode())
                except OSError as error:
                    found.append(type(error).__name__)
        return sorted(found)


def say(connection):
    connection.sendall(b"who\n")
    answer = connection.recv(100)
    if not answer:
        raise ConnectionError("closed")
    return answer.decode().strip()
