# SPDX-License-Identifier: Apache-2.0
"""The scale benchmark, in network namespaces of this machine: one virtual router with a thousand addresses, and a thousand
virtual routers.

The MASTER of the thousand addresses dies without a word, and the other one takes all of them over: is an advert missed
meanwhile? The thousand routers are started on five interfaces, alone. Nothing is asserted here.
"""

import shutil
import tempfile
import time

import figures
from adverts_seen import AdvertsSeen, lateness_ms
from site_of_two import Site, held

ADVERTISED = 20
INTERVAL = 0.1
WATCH_SECONDS = 3
INTERFACES = 5


def address(number):
    return f"10.8.{number // 250}.{number % 250 + 1}"


def many_addresses(addresses, priority):
    advertised = "".join(f"        {address(number)}/32\n" for number in range(min(ADVERTISED, addresses)))
    further = "".join(f"        {address(number)}/32\n" for number in range(ADVERTISED, addresses))
    return f"""global_defs {{
    vrrp_version 3
}}
vrrp_instance many {{
    state {"MASTER" if priority > 100 else "BACKUP"}
    interface eth0
    virtual_router_id 1
    priority {priority}
    advert_int {INTERVAL}
    virtual_ipaddress {{
{advertised}    }}
    virtual_ipaddress_excluded {{
{further}    }}
}}
"""


def many_instances(instances):
    each = instances // INTERFACES
    return "global_defs {\n    vrrp_version 3\n}\n" + "".join(f"""vrrp_instance i{number} {{
    state BACKUP
    interface wire{number // each}
    virtual_router_id {number % each + 1}
    priority 100
    advert_int 1
    virtual_ipaddress {{
        {address(number)}/32
    }}
}}
""" for number in range(instances))


def measure_addresses(daemon, hald, addresses, folder):
    texts = {"first": many_addresses(addresses, 150), "second": many_addresses(addresses, 100)}
    site = Site(daemon, hald, texts, folder)
    try:
        first, second = site.directors["first"], site.directors["second"]
        for director in (first, second):
            director.detail = []
            director.start()
        site.wait_for(lambda: held(first) == addresses and held(second) == 0, "the first has every address")
        seen = AdvertsSeen(site.switch, "second")
        first.kill()
        begin = time.monotonic()
        site.wait_for(lambda: held(second) == addresses, "the second has every address")
        taken = time.monotonic() - begin
        time.sleep(WATCH_SECONDS)
        late = lateness_ms(seen.end(), INTERVAL)
        return {"taken_s": taken, "late_ms": max(late, default=None),
                "missed": sum(int(value // (INTERVAL * 1000)) for value in late)}
    finally:
        site.close()


def measure_instances(daemon, hald, instances, folder):
    site = Site(daemon, hald, {"first": many_instances(instances)}, folder)
    try:
        director = site.directors["first"]
        director.detail = []
        director.namespace.ip(*(line for number in range(INTERFACES) for line in (
            f"link add wire{number} type veth peer name far{number}", f"addr add 10.10.{number}.1/24 dev wire{number}",
            f"link set wire{number} up", f"link set far{number} up")))
        begin = time.monotonic()
        director.start()
        site.wait_for(lambda: director.log().count("Entering BACKUP STATE") >= instances, "all instances run")
        started = time.monotonic() - begin
        site.wait_for(lambda: held(director) == instances, "every instance has its address")
        return {"start_s": started, "masters_s": time.monotonic() - begin}
    finally:
        site.close()


def measure_one(daemon, hald, count, say):
    found = {}
    for what, measure in (("addresses", measure_addresses), ("instances", measure_instances)):
        say(f"{daemon}: {count} {what}")
        folder = tempfile.mkdtemp(prefix="hald-scale-")
        try:
            found.update(measure(daemon, hald, count, folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return found


def rows(count):
    own_down = 3 * INTERVAL + (256 - 100) / 256 * INTERVAL
    return (
        figures.Row("taken_s", f"{count:,} addresses: death of the MASTER to all taken over", figures.seconds, None,
                    f"(the election alone: {own_down:.3f} s)"),
        figures.Row("late_ms", "latest advert of the new MASTER", lambda value: f"{value:.1f} ms", None, ""),
        figures.Row("missed", "adverts missed meanwhile", figures.count, lambda own, ratio: own == 0, "0"),
        figures.Row("start_s", f"{count:,} instances: exec to all running", figures.seconds, lambda own, ratio: own < 3,
                    "below 3 s"),
        figures.Row("masters_s", "and to all addresses there (election included)", figures.seconds, None, ""),
    )
