# SPDX-License-Identifier: Apache-2.0
"""Figures of two daemons side by side: what each is called, how it is shown, and the ratio that is aimed at.

Pure: dictionaries in, lines of text out. Aims are printed beside the figures; nothing is judged by them.
"""

import collections
import statistics

Row = collections.namedtuple("Row", "key title show aim aim_text")


def seconds(value):
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s"


def megabytes(value):
    return f"{value / 1e6:.1f} MB"


def count(value):
    return f"{round(value):,}"


LOAD_ROWS = (
    Row("start_s", "start: exec to all programmed", seconds, lambda own, ratio: ratio <= 0.1, "ratio at most 0.1"),
    Row("start_cpu_s", "start: processor time", seconds, None, ""),
    Row("start_writes", "start: writes to the kernel", count, None, ""),
    Row("reload_s", "reload: SIGHUP to one weight changed", seconds, lambda own, ratio: ratio <= 0.2, "ratio at most 0.2"),
    Row("reload_cpu_s", "reload: processor time", seconds, None, ""),
    Row("reload_writes", "reload: writes to the kernel", count, lambda own, ratio: own == 1, "1"),
    Row("stop_s", "stop: SIGTERM to the end", seconds, None, ""),
    Row("servers_left", "stop: servers left in the kernel", count, lambda own, ratio: own == 0, "0"),
    Row("rss_bytes", "resident memory after the start", megabytes, lambda own, ratio: ratio <= 1, "ratio at most 1"),
    Row("peak_bytes", "peak of it at the start", megabytes, None, ""),
    Row("rss_after_reload_bytes", "resident memory after the reload", megabytes, None, ""),
    Row("peak_after_reload_bytes", "peak of it at the reload", megabytes, None, ""),
)


def without_aims(rows):
    return [row._replace(aim=None, aim_text="") for row in rows]


def medians(runs):
    """One dictionary of a list of them: the median of each figure that every run has."""
    common = set.intersection(*(set(run) for run in runs)) if runs else set()
    return {key: statistics.median(run[key] for run in runs) for key in common
            if all(isinstance(run[key], (int, float)) for run in runs)}


def ratio(own, other):
    return own / other if own is not None and other else None


def ratios(own, other, rows=LOAD_ROWS):
    """{key: own / other} where both have the figure and the other's is not 0."""
    found = {row.key: ratio(own.get(row.key), other.get(row.key)) for row in rows}
    return {key: value for key, value in found.items() if value is not None}


def aim_state(row, own, other):
    """'met', 'missed', or '' where there is no aim or no figure."""
    value = own.get(row.key)
    if row.aim is None or value is None:
        return ""
    relation = ratio(value, other.get(row.key))
    if relation is None and row.aim_text.startswith("ratio"):
        return ""
    return "met" if row.aim(value, relation) else "missed"


def table(names, own, other, rows=LOAD_ROWS):
    """Lines of the table; `names`: headings of the other's and of our own column."""
    cells = [("", *names, "ratio", "aim", "")]
    for row in rows:
        if row.key not in own and row.key not in other:
            continue
        shown = ["-" if figures.get(row.key) is None else row.show(figures[row.key]) for figures in (other, own)]
        relation = ratio(own.get(row.key), other.get(row.key))
        cells.append((row.title, *shown, "" if relation is None else f"{relation:.3f}", row.aim_text,
                      aim_state(row, own, other)))
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    align = (str.ljust, str.rjust, str.rjust, str.rjust, str.ljust, str.ljust)
    return ["  ".join(put(cell, width) for put, cell, width in zip(align, line, widths)).rstrip() for line in cells]
