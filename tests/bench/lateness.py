# SPDX-License-Identifier: Apache-2.0
"""The lateness benchmark, in network namespaces of this machine: are adverts on time while everything else is busy?

A MASTER of many instances, and a BACKUP of the same kind that takes over what it misses. Meanwhile each processor has a
busy loop, scripts run all the time, TCP checks are made (hald alone: keepalived ends its checker where the kernel has no
IPVS, and hald keeps its table in memory), and the file with its thousands of real servers is read again. Nothing is
asserted here.
"""

import collections
import os
import shutil
import subprocess
import sys
import tempfile
import time

import figures
from adverts_seen import AdvertsSeen, lateness_ms, share
from halab.director import be_real_time
from load_config import render
from site_of_two import Site, held

INTERVAL = 0.1
SCRIPTS = 100
CHECKS_A_SECOND = 1000
SERVERS_EACH = 20
RELOAD_AFTER = 0.5  # of the whole time
BUSY_LOOP = "while True: pass"
LISTENER = """import socket
server = socket.create_server(("", 80), backlog=4096)
while True:
    server.accept()[0].close()
"""

Load = collections.namedtuple("Load", "instances servers checked seconds")


def instance(number, priority):
    script = f"    track_script {{\n        busy{number % SCRIPTS}\n    }}\n"
    return f"""vrrp_instance i{number} {{
    state {"MASTER" if priority > 100 else "BACKUP"}
    interface eth0
    virtual_router_id {number + 1}
    priority {priority}
    advert_int {INTERVAL}
    garp_master_delay 0
    virtual_ipaddress {{
        10.9.{number // 200 + 1}.{number % 200 + 1}/32
    }}
{script if priority > 100 else ""}}}
"""


def scripts():
    return "".join(f"vrrp_script busy{number} {{\n    script /usr/bin/true\n    interval 1\n    user root\n}}\n"
                   for number in range(SCRIPTS))


def virtual_servers(count, weight=1):
    """Half a file of `count` real servers without checks, of which the first has `weight`."""
    return render(count // SERVERS_EACH, SERVERS_EACH, changed=(0, 0), weight=weight)


def checked_servers(count, checks_a_second):
    """`count` real servers behind the client, each with a TCP check."""
    out = []
    for number in range(count):
        if number % SERVERS_EACH == 0:
            out.append(f"virtual_server 10.7.{number // SERVERS_EACH // 200}.{number // SERVERS_EACH % 200 + 1} 80 {{\n"
                       f"    delay_loop {count / checks_a_second:g}\n    lb_algo rr\n    lb_kind DR\n    protocol TCP\n")
        out.append(f"    real_server 10.8.{number // 200}.{number % 200 + 1} 80 {{\n        TCP_CHECK {{\n"
                   "            connect_timeout 1\n        }\n    }\n")
        if number % SERVERS_EACH == SERVERS_EACH - 1:
            out.append("}\n")
    return "".join(out)


def configurations(load, weight=1):
    head = "global_defs {\n    vrrp_version 3\n}\n"
    own = "".join((head, scripts(), *(instance(number, 150) for number in range(load.instances)),
                   virtual_servers(load.servers, weight), checked_servers(load.checked, CHECKS_A_SECOND)))
    return {"first": own, "second": head + "".join(instance(number, 100) for number in range(load.instances))}


def takeovers(director):
    return director.log().count("Entering MASTER STATE")


class Hosts:
    """The busy loops, and what answers the checks."""

    def __init__(self, site):
        site.client.ip("route add local 10.8.0.0/16 dev lo")
        site.directors["first"].namespace.ip("route add 10.8.0.0/16 via 10.9.0.1")
        self._processes = [site.client.popen([sys.executable, "-c", LISTENER], preexec_fn=be_real_time)]
        self._processes += [subprocess.Popen([sys.executable, "-c", BUSY_LOOP]) for _ in range(os.cpu_count())]

    def close(self):
        for process in self._processes:
            process.kill()
            process.wait()


def measure_one(daemon, hald, load, say):
    folder = tempfile.mkdtemp(prefix="hald-lateness-")
    options = ["-P"] if daemon == "keepalived" else ["--ipvs", "memory"]
    site = Site(daemon, hald, configurations(load), folder, options, is_real_time=False)
    hosts = None
    try:
        first, second = site.directors["first"], site.directors["second"]
        for director in (first, second):
            director.detail = []  # what they write of each announcement is not what is measured
            director.start()
        site.wait_for(lambda: held(first) == load.instances and held(second) == 0, "the first is MASTER of all")
        hosts = Hosts(site)
        seen, taken = AdvertsSeen(site.switch, "first"), takeovers(second)
        say(f"{daemon}: {load.instances} instances for {load.seconds} s beside {os.cpu_count()} busy loops")
        time.sleep(load.seconds * RELOAD_AFTER)
        with open(first.config, "w", encoding="ascii") as stream:
            stream.write(configurations(load, weight=7)["first"])
        first.reload()
        time.sleep(load.seconds * (1 - RELOAD_AFTER))
        late = lateness_ms(seen.end(), INTERVAL)
        found = {"p50_ms": share(late, 0.5), "p99_ms": share(late, 0.99), "p999_ms": share(late, 0.999),
                 "worst_ms": max(late, default=None), "adverts": len(late), "takeovers": takeovers(second) - taken}
        status = first.status()
        return {**found, "status": status} if status else found
    finally:
        if hosts:
            hosts.close()
        site.close()
        shutil.rmtree(folder, ignore_errors=True)


def milliseconds(value):
    return f"{value:.2f} ms"


ROWS = (
    figures.Row("p50_ms", "an advert comes late: median", milliseconds, None, ""),
    figures.Row("p99_ms", "99 % at most", milliseconds, None, ""),
    figures.Row("p999_ms", "99.9 % at most", milliseconds, lambda own, ratio: own < 5, "below 5 ms"),
    figures.Row("worst_ms", "worst", milliseconds, None, ""),
    figures.Row("takeovers", "instances that the BACKUP took over", figures.count, lambda own, ratio: own == 0, "0"),
    figures.Row("adverts", "adverts seen", figures.count, None, ""),
)
