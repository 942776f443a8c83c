# SPDX-License-Identifier: Apache-2.0
"""Steady HTTP traffic: one new connection each few milliseconds, whatever becomes of the ones before (open loop).

Runs as a process of its own in the client's namespace and writes one record for each request into shared memory,
where the drill reads them while they appear. A request has a short time limit, below the second after which TCP
sends a lost SYN again, so that a lost SYN counts as lost and does not hide when service came back. No address and
port is used twice, and client addresses come and go, so that neither TIME_WAIT nor persistence decides a fate.
"""

import collections
import errno
import mmap
import os
import select
import signal
import socket
import struct
import time

PENDING, OK, REFUSED, RESET, UNREACHABLE, TIMEOUT, BROKEN = range(7)
FATES = ("pending", "ok", "refused", "reset", "unreachable", "timeout", "broken")
_ERRNO_FATE = {errno.ECONNREFUSED: REFUSED, errno.ECONNRESET: RESET, errno.EPIPE: RESET,
               errno.EHOSTUNREACH: UNREACHABLE, errno.ENETUNREACH: UNREACHABLE}

Request = collections.namedtuple("Request", "start end fate server client late_us")

RECORD = struct.Struct("=qqBBHI")  # start, end, fate, server, client, how late it began in us
RECORD_RESULT = struct.Struct("=qqBB")  # the part that the end of a request fills in
HEADER = struct.Struct("=qqqqqq")  # started, ok, failed, longest gap, last success, state of the generator
HEADER_BYTES = 64
RUN, STOP = 1, 2
CAPACITY = 60_000

INTERVAL_NS = 5_000_000
TIME_LIMIT_NS = 500_000_000
ADDRESSES_AT_ONCE = 8
ADDRESS_CHANGE_NS = 600_000_000
FIRST_PORT = 10_000
QUESTION = b"GET / HTTP/1.0\r\n\r\n"


class Traffic:
    """The drill's side: starts and stops the generator and reads its records."""

    def __init__(self, namespace, addresses, target, servers):
        """`target`: (address, port); `servers`: the names that answers may hold, numbered from 1 in the records."""
        self.memory = mmap.mmap(-1, HEADER_BYTES + CAPACITY * RECORD.size)
        self.servers = servers
        self.process = os.fork()
        if self.process == 0:
            try:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                namespace.enter_forever()
                _Generator(self.memory, addresses, target, servers).run()
            finally:
                os._exit(0)

    def start(self):
        self._order(RUN)

    def stop(self):
        """No new requests; returns when all have met their fate. May be called again."""
        self._order(STOP)
        if self.process:
            os.waitpid(self.process, 0)
            self.process = 0

    def _order(self, state):
        struct.pack_into("=q", self.memory, HEADER.size - 8, state)

    def counts(self):
        """(started, ok, failed, longest time between two successes in ns)."""
        return HEADER.unpack_from(self.memory, 0)[:4]

    def request(self, index):
        return Request(*RECORD.unpack_from(self.memory, HEADER_BYTES + index * RECORD.size))

    def requests(self, first=0):
        """All records from number `first` on; the last ones may be pending."""
        return [self.request(index) for index in range(first, self.counts()[0])]


class _Generator:
    """The process in the client's namespace."""

    def __init__(self, memory, addresses, target, servers):
        self.memory = memory
        self.addresses = addresses
        self.next_port = [FIRST_PORT] * len(addresses)
        self.target = target
        self.answers = {name.encode(): index + 1 for index, name in enumerate(servers)}
        self.poll = select.epoll()
        self.open = {}  # descriptor -> [socket, index, start, answer so far; None until the question is sent]
        self.order = collections.deque()  # (deadline, descriptor, index)
        self.started = self.succeeded = self.failed = self.longest_gap = self.last_success = 0

    def _state(self):
        return struct.unpack_from("=q", self.memory, HEADER.size - 8)[0]

    def run(self):
        while self._state() == 0:
            time.sleep(0.01)
        begin = next_start = time.time_ns()
        while self._state() == RUN or self.open:
            now = time.time_ns()
            wake = next_start if self._state() == RUN else now + 10_000_000
            if self.order:
                wake = min(wake, self.order[0][0])
            for descriptor, _ in self.poll.poll(max(0, wake - now) / 1e9):
                self._ready(descriptor)
            now = time.time_ns()
            self._expire(now)
            while self._state() == RUN and next_start <= now and self.started < CAPACITY:
                self._begin(next_start, begin)
                next_start += INTERVAL_NS

    def _begin(self, due, begin):
        index = self.started
        oldest = (due - begin) // ADDRESS_CHANGE_NS
        client = (oldest + index % ADDRESSES_AT_ONCE) % len(self.addresses)
        port = self.next_port[client]
        self.next_port[client] = port + 1 if port < 65_000 else FIRST_PORT
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        start = time.time_ns()
        late = (start - due) // 1000
        RECORD.pack_into(self.memory, HEADER_BYTES + index * RECORD.size, start, 0, PENDING, 0, client, late)
        self.started += 1
        struct.pack_into("=q", self.memory, 0, self.started)
        try:
            connection.bind((self.addresses[client], port))
            connection.connect(self.target)
        except BlockingIOError:
            pass
        except OSError as error:
            connection.close()
            self._record(index, start, _ERRNO_FATE.get(error.errno, BROKEN), 0)
            return
        descriptor = connection.fileno()
        self.open[descriptor] = [connection, index, start, None]
        self.order.append((start + TIME_LIMIT_NS, descriptor, index))
        self.poll.register(descriptor, select.EPOLLOUT)

    def _ready(self, descriptor):
        entry = self.open[descriptor]
        connection, index, start, answer = entry
        try:
            if answer is None:
                connection.send(QUESTION)
                entry[3] = b""
                self.poll.modify(descriptor, select.EPOLLIN)
                return
            more = connection.recv(2048)
        except OSError as error:
            self._finish(descriptor, index, start, _ERRNO_FATE.get(error.errno, BROKEN), 0)
            return
        answer = entry[3] = answer + more
        head, _, body = answer.partition(b"\r\n\r\n")
        if more and not body.endswith(b"\n"):
            return
        server = self.answers.get(body.strip(), 0)
        good = head.startswith(b"HTTP/1.1 200") and server
        self._finish(descriptor, index, start, OK if good else BROKEN, server)

    def _finish(self, descriptor, index, start, fate, server):
        self.open.pop(descriptor)[0].close()  # a closed descriptor leaves the epoll set by itself
        self._record(index, start, fate, server)

    def _expire(self, now):
        while self.order and (self.order[0][0] <= now or self._is_settled(self.order[0])):
            deadline, descriptor, index = self.order.popleft()
            if not self._is_settled((deadline, descriptor, index)):
                _, _, start, _ = self.open[descriptor]
                self._finish(descriptor, index, start, TIMEOUT, 0)

    def _is_settled(self, item):
        entry = self.open.get(item[1])
        return entry is None or entry[1] != item[2]

    def _record(self, index, start, fate, server):
        end = time.time_ns()
        RECORD_RESULT.pack_into(self.memory, HEADER_BYTES + index * RECORD.size, start, end, fate, server)
        if fate == OK:
            self.succeeded += 1
            if self.last_success:
                self.longest_gap = max(self.longest_gap, end - self.last_success)
            self.last_success = end
        else:
            self.failed += 1
        struct.pack_into("=qqqqq", self.memory, 0, self.started, self.succeeded, self.failed, self.longest_gap,
                         self.last_success)
