# SPDX-License-Identifier: Apache-2.0
"""The drill's report: one self-contained HTML page out of timeline.json, and result.json for programs.

Runs on the host. `python3 -m halab.report TIMELINE.json REPORT.html` draws a report again from old data.
"""

import json
import sys

from halab import picture
from halab.svg import escape

METHOD = {"DR": "direct routing", "NAT": "network address translation", "TUN": "IP-in-IP tunnels"}

STYLE = """
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#5d6878;--line:#dfe3e9;--band:#eef1f5;
--d1:#2563c9;--d2:#8a4fc4;--s1:#1a9c86;--s2:#e0a526;--alarm:#d63638;--good:#17803d;--goodpage:#e3f4e8;
--badpage:#fbe4e4}
@media (prefers-color-scheme:dark){:root{--page:#12161c;--card:#1a2029;--ink:#e6eaf0;--soft:#97a3b4;--line:#2e3743;
--band:#202833;--d1:#5b94f5;--d2:#b585ea;--s1:#35bda5;--s2:#e8b64a;--alarm:#ff6265;--good:#57d083;--goodpage:#173323;
--badpage:#43201f}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1280px;margin:0 auto;padding:28px 24px 40px}
header{display:flex;gap:24px;align-items:flex-start;justify-content:space-between}header p{max-width:860px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}h2{font-size:17px;margin:0 0 2px}p{margin:0 0 8px}
.soft{color:var(--soft)}.verdict{padding:8px 16px;border-radius:8px;font-weight:600;white-space:nowrap}
.verdict.good{background:var(--goodpage);color:var(--good)}.verdict.bad{background:var(--badpage);color:var(--alarm)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:12px;margin:20px 0}
.card,section{background:var(--card);border:1px solid var(--line);border-radius:10px}
.card{padding:12px 16px}.card b{display:block;font-size:25px;line-height:1.25;font-variant-numeric:tabular-nums}
section{padding:16px 18px 12px;margin:0 0 16px}svg{display:block;width:100%;height:auto;margin-top:8px}
.key{display:flex;flex-wrap:wrap;gap:4px 18px;color:var(--soft);font-size:13px;margin-top:6px}
.key i{display:inline-block;width:16px;height:10px;border-radius:2px;margin-right:6px}
.key i.tick{width:2px;height:13px;vertical-align:-2px;margin-left:6px}.key i.turn{width:9px;height:9px;
transform:rotate(45deg);border-radius:0}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums;margin-top:8px}
th{text-align:left;color:var(--soft);font-weight:600;font-size:13px}th,td{padding:4px 10px 4px 0;vertical-align:top;
border-top:1px solid var(--line)}
thead th{border-top:0}td.name{font-weight:600;white-space:nowrap}tr.same td{border-top-color:transparent}
td.ok{white-space:nowrap;font-weight:600;color:var(--good)}tr.bad td{background:var(--badpage)}
tr.bad td.ok{color:var(--alarm)}
td.measured{overflow-wrap:anywhere}footer{color:var(--soft);font-size:13px}
svg text{font:12px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
svg .lane{font-weight:600;font-size:13px}svg .detail,svg .axis{fill:var(--soft);font-size:11px}
svg .step{font-weight:600}
svg .eventname{font-size:11px;fill:var(--soft)}svg .inbar{fill:#fff;font-size:10.5px;font-weight:700;
letter-spacing:.06em}
svg .measure{font-weight:700}svg .measure.alarm{fill:var(--alarm)}
.band0{fill:var(--band)}.band1{fill:var(--card)}.grid{stroke:var(--line);stroke-width:1}.base{stroke:var(--line);
stroke-width:1}
.event{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3}.check{stroke:var(--ink);stroke-width:1;fill:none}
.d1.fill{fill:var(--d1)}.d2.fill{fill:var(--d2)}.fill.soft{opacity:.62}.d1.stroke{stroke:var(--d1)}
.d2.stroke{stroke:var(--d2)}
.s1.stroke{stroke:var(--s1)}.s2.stroke{stroke:var(--s2)}.alarm.stroke{stroke:var(--alarm)}
.alarm.fill{fill:var(--alarm)}
.stroke,.dimension{fill:none}.advert{stroke-width:1.6}.refused{stroke-width:2.4}.one{stroke-width:1.15}
.dimension{stroke:var(--ink);stroke-width:1.4}.dimension.alarm{stroke:var(--alarm)}
@media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--band:#f1f1f1;--d1:#2563c9;
--d2:#8a4fc4;
--s1:#1a9c86;--s2:#e0a526;--alarm:#d63638;--good:#17803d;--goodpage:#e3f4e8;--badpage:#fbe4e4}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}@page{size:A4 landscape;margin:9mm}
body{font-size:11.5px}main{padding:0}h1{font-size:20px}.cards{grid-template-columns:repeat(6,1fr);gap:8px;
margin:10px 0}
.card b{font-size:17px}section{break-inside:avoid;padding:10px 14px 8px;margin:0 0 10px}
section.long{break-inside:auto}
table{font-size:11px}th,td{padding:2px 8px 2px 0}tr{break-inside:avoid}}
"""

KEY = [("background:var(--d1)", "", "lb01"), ("background:var(--d2)", "", "lb02"),
       ("background:var(--d1)", "tick", "advert"), ("background:var(--alarm)", "turn", "priority 0"),
       ("background:var(--ink)", "tick", "check answered"), ("background:var(--alarm)", "tick", "check refused"),
       ("background:var(--s1)", "", "answered by web01"), ("background:var(--s2)", "", "answered by web02"),
       ("background:var(--alarm)", "", "failed request")]


def summary(data):
    """What programs want to know: the table and the totals, without the raw records."""
    requests = data["requests"]
    failed, unexpected = failures(data)
    return {"version": 1, "mode": data["mode"], "ok": data["ok"], "daemons": data["daemons"],
            "steps": [{key: step[key] for key in ("name", "title", "start", "end")} for step in data["steps"]],
            "expectations": data["expectations"],
            "requests": {"sent": len(requests), "failed": failed, "failed_unexpectedly": unexpected,
                         "longest_gap_ms": longest_gap(requests),
                         "started_late_max_ms": data["late_max_ms"]}}


def failures(data):
    """(requests that failed, how many of them outside the windows in which failures are allowed)."""
    windows = [window for step in data["steps"] for window in step["windows"]]
    failed = [request for request in data["requests"] if request[2] != picture.OK]
    return len(failed), sum(not any(start <= window[1] and end >= window[0] for window in windows)
                            for start, end, _, _ in failed)


def longest_gap(requests):
    """The longest time in ms between two answered requests."""
    ends = sorted(request[1] for request in requests if request[2] == picture.OK)
    return round(max((after - before for before, after in zip(ends, ends[1:])), default=0.0), 1)


def _find(data, step, words):
    """The expectation of a step whose text holds these words; None where the drill did not get that far."""
    return next((item for item in data["expectations"] if item["step"] == step and words in item["text"]), None)


def _cards(data):
    """The figures that a reader wants first, as far as the drill got to measure them."""
    failed, unexpected = failures(data)
    cards = [(f"{unexpected:,}",
              f"requests failed that had to succeed; {len(data['requests']):,} sent, {failed:,} lost to the outages")]
    for step, words, text in (
            ("cable-cut", "first request served", "until served again after the cable cut ({bound})"),
            ("stop-master", "first request served", "from farewell to service ({bound})"),
            ("cable-back", "service gap", "gap when lb01 takes over again ({bound})"),
            ("server-down", "configured tries", "took web01 out ({bound} configured)")):
        found = _find(data, step, words)
        if found:
            value, _, unit = found["measured"].partition(" refused")
            cards.append((value, ("refused" + unit + " " if unit else "") + text.format(bound=found["bound"])))
    writes = _writes(data)
    if writes is not None:
        cards.append((writes, "writes to IPVS and addresses caused by a reload of the same file"))
    return "".join(f'<div class="card"><b>{escape(value)}</b><span class="soft">{escape(text)}</span></div>'
                   for value, text in cards)


def _writes(data):
    """Writes seen on netlink during the reload; None where there was no complete reload."""
    if not _find(data, "reload", "longest time between two adverts"):
        return None
    step = next(step for step in data["steps"] if step["name"] == "reload")
    return sum(step["start"] < write[0] <= step["end"] for write in data["writes"])


def _close_ups(data):
    steps = {step["name"]: step for step in data["steps"]}
    found = []

    def marks(name):
        return {label: moment for moment, label in steps[name]["marks"]} if name in steps else {}

    if "server-down" in steps:
        found.append(("A server dies", "Each director checks by itself: a refused check is repeated after "
                      "delay_before_retry, the last one takes web01 out of its table.",
                      picture.check_close_up(data, steps["server-down"])))
    for name, event, title, text, before, axis in (
            ("cable-cut", "cable cut", "The MASTER's cable is cut",
             "Nobody says farewell: lb02 waits three advert intervals and its skew time.", 600, 500),
            ("cable-back", "first advert of lb01", "The cable is back",
             "lb01 has the higher priority and takes over; both directors know the servers, so the handover is short.",
             150, 50),
            ("stop-master", "SIGTERM lb01", "The MASTER is stopped",
             "Priority 0 tells lb02 to wait only its skew time.", 150, 100)):
        if event in marks(name):
            moment = marks(name)[event]
            spans = [(*span, "ink") for span in steps[name]["spans"]] + [
                (gap[0], gap[1], gap[2] + " without service", "alarm") for gap in steps[name]["gaps"]]
            end = max([moment] + [span[1] for span in spans])
            after = end + (before if name != "cable-cut" else 900)
            found.append((title, text, picture.close_up(data, name, moment - before, after, axis, spans)))
    return "".join(f"<section><h2>{escape(title)}</h2><p class='soft'>{escape(text)}</p>{svg}</section>"
                   for title, text, svg in found if svg)


def _table(data):
    rows, last = [], None
    for item in data["expectations"]:
        same = item["step"] == last
        last = item["step"]
        style = " ".join(name for name, wanted in (("same", same), ("bad", not item["ok"])) if wanted)
        held = "✓ ok" if item["ok"] else "✗ failed"
        rows.append(f'<tr class="{style}"><td class="name">{"" if same else escape(item["step"])}</td>'
                    f'<td>{escape(item["text"])}</td><td class="measured">{escape(item["measured"])}</td>'
                    f'<td>{escape(item["bound"])}</td><td class="ok">{held}</td></tr>')
    return ("<table><thead><tr><th>Step</th><th>Expectation</th><th>Measured</th><th>Bound</th><th>Held</th></tr>"
            "</thead><tbody>" + "".join(rows) + "</tbody></table>")


def page(data):
    """The whole HTML page."""
    total = len(data["expectations"])
    failed = sum(not item["ok"] for item in data["expectations"])
    verdict = f"All {total} expectations held" if not failed else f"{failed} of {total} expectations failed"
    method = METHOD[data["forwarding"]]
    daemons = " and ".join(f"{name} {daemon}" for name, daemon in data["daemons"].items())
    hosts = ", ".join(f"{name} {address}" for name, address in {**data["directors"], **data["servers"]}.items())
    intro = (f"Two directors, two web servers ({hosts}) and clients that open a new connection to {data['vip']}:"
             f"{data['port']} every {data['interval_ms']:g} ms. Scheduler {data['scheduler']}, forwarding by {method}.")
    key = "".join(f'<span><i class="{shape}" style="{colour}"></i>{escape(words)}</span>'
                  for colour, shape, words in KEY)
    foot = (f"Directors: {daemons}. Kernel {data['kernel']} with IPVS. Packets carry the kernel's time stamps; a "
            f"request fails after {data['limit_ms']:g} ms. No request began more than {data['late_max_ms']:.0f} ms late.")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>hald failover drill: {escape(method)}</title><style>{STYLE}</style></head><body><main>
<header><div><h1>Failover drill: {escape(method)}</h1><p class="soft">{escape(intro)}</p></div>
<div class="verdict {"bad" if failed else "good"}">{escape(verdict)}</div></header>
<div class="cards">{_cards(data)}</div>
<section><h2>The whole drill</h2><div class="key">{key}</div>{picture.overview(data)}</section>
{_close_ups(data)}
<section class="long"><h2>Expectations</h2>{_table(data)}</section>
<footer>{escape(foot)}</footer>
</main></body></html>
"""


def main(arguments):
    with open(arguments[0], encoding="utf-8") as stream:
        data = json.load(stream)
    with open(arguments[1], "w", encoding="utf-8") as stream:
        stream.write(page(data))


if __name__ == "__main__":
    main(sys.argv[1:])
