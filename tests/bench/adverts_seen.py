# SPDX-License-Identifier: Apache-2.0
"""Adverts as they pass the switch, with the kernel's time stamps: how late each came after the one before it."""

import threading

from halab import packets
from halab.capture import Capture

VRID_AT = 14 + 20 + 1


class AdvertsSeen:
    """Notes the adverts that come from one director, from now until end()."""

    def __init__(self, switch, port):
        self._capture = Capture(switch, port, "ip proto 112", promiscuous=True, is_incoming=True)
        self.adverts = {}  # vrid: [(nanoseconds, priority)]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def _loop(self):
        while not self._ended.wait(0.02):
            self._read()
        self._read()

    def _read(self):
        for moment, frame, _ in self._capture.read():
            record = packets.advert(frame, moment)
            if record:
                self.adverts.setdefault(record.vrid, []).append((moment, record.priority))

    def end(self):
        self._ended.set()
        self._thread.join()
        self._capture.close()
        return self.adverts


def lateness_ms(adverts, interval):
    """How much longer than the interval each advert let wait, those that came early counted as 0. Farewells do not count."""
    late = []
    for moments in adverts.values():
        times = [moment for moment, priority in moments if priority > 0]
        late += [max(0.0, (after - before) / 1e6 - interval * 1000) for before, after in zip(times, times[1:])]
    return late


def share(values, part):
    """The value below which `part` (0 to 1) of the values lie; None without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else None
