# SPDX-License-Identifier: Apache-2.0
"""A second opinion on the adverts: tshark's VRRP dissector reads the capture of the drill. Runs on the host."""

import subprocess

FIELDS = ("ip.src", "ip.ttl", "ip.dst", "vrrp.checksum.status", "_ws.malformed", "_ws.expert.severity")
GOOD_CHECKSUM = "1"
SEVERITY_WARNING = 0x400000


def read_adverts(pcap):
    """One dictionary of FIELDS for each VRRP packet; None when tshark cannot read the file."""
    command = ["tshark", "-n", "-r", pcap, "-Y", "vrrp", "-T", "fields", "-E", "separator=|"]
    for field in FIELDS:
        command += ["-e", field]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    except FileNotFoundError:
        return None
    if done.returncode != 0:
        return None
    return [dict(zip(FIELDS, line.split("|"))) for line in done.stdout.splitlines()]


def is_good(advert):
    severities = [int(word) for word in advert["_ws.expert.severity"].split(",") if word]
    return (advert["ip.ttl"] == "255" and advert["ip.dst"] == "224.0.0.18" and not advert["_ws.malformed"]
            and advert["vrrp.checksum.status"] == GOOD_CHECKSUM
            and all(severity < SEVERITY_WARNING for severity in severities))


def judge(data, pcap):
    """Adds the dissector's verdict to the expectations of a drill."""
    adverts = read_adverts(pcap)
    good = sum(map(is_good, adverts)) if adverts else 0
    ok = bool(adverts) and good == len(adverts)
    measured = f"{good} of {len(adverts)}" if adverts is not None else "tshark could not read the capture"
    data["expectations"].append({"step": "wire", "text": "tshark finds every advert sound: checksum, TTL, destination",
                                 "measured": measured, "bound": "all", "ok": ok})
    data["ok"] = data["ok"] and ok
