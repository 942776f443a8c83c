#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""probe.py ADDRESS FILE: asks for an ICMP echo every millisecond until SIGTERM, then writes what became of each.

A line of FILE is the moment of sending (CLOCK_MONOTONIC, nanoseconds) and 1 or 0: answered or not. Runs in the namespace
of the one who asks.
"""

import os
import select
import signal
import socket
import struct
import sys
import time

PERIOD_NS = 1_000_000
ECHO_REQUEST, ECHO_REPLY = 8, 0
HEADER = struct.Struct("!BBHHHQ")
MARK = os.getpid() & 0xFFFF


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def request(number):
    bare = HEADER.pack(ECHO_REQUEST, 0, 0, MARK, number & 0xFFFF, number)
    return HEADER.pack(ECHO_REQUEST, 0, checksum(bare), MARK, number & 0xFFFF, number)


def answered(packet):
    """The number of the request that this IPv4 packet answers, or None."""
    body = packet[(packet[0] & 15) * 4:]
    if len(body) < HEADER.size:
        return None
    kind, _, _, mark, _, number = HEADER.unpack_from(body)
    return number if kind == ECHO_REPLY and mark == MARK else None


def wait_and_read(wire, until, results):
    while True:
        left = until - time.monotonic_ns()
        if not select.select([wire], [], [], max(left, 0) / 1e9)[0]:
            if left <= 0:
                return
            continue
        number = answered(wire.recv(2048))
        if number is not None and number < len(results):
            results[number][1] = 1


def main():
    address, path = sys.argv[1:]
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    results = []
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as wire:
        due = time.monotonic_ns()
        while not stopped:
            results.append([time.monotonic_ns(), 0])
            try:
                wire.sendto(request(len(results) - 1), (address, 0))
            except OSError:
                pass  # no way there at the moment, so no answer either
            due = max(due + PERIOD_NS, time.monotonic_ns())
            wait_and_read(wire, due, results)
        wait_and_read(wire, time.monotonic_ns() + 200 * PERIOD_NS, results)
    with open(path + ".new", "w", encoding="ascii") as out:
        out.writelines(f"{moment} {answer}\n" for moment, answer in results)
    os.rename(path + ".new", path)


if __name__ == "__main__":
    main()
