# SPDX-License-Identifier: Apache-2.0
"""The scenes of the traffic test: what a file says, and what packets must show of it."""

import os
import threading
import time

from halab.director import Director
from client import Client, say
from lab_site import CLIENT, CLIENT2, GUE_PORT, SHARED_VIP, VIP, VIP6

WORK = "/tmp/traffic"
LIMIT_SECONDS = 20
REQUESTS = 10
HALVES = {pair: [f"{pair}1"] * (REQUESTS // 2) + [f"{pair}2"] * (REQUESTS // 2) for pair in ("web", "nat")}


def service(address, port, kind, servers, protocol="TCP", words=(), server_words=()):
    lines = [f"virtual_server {address} {port} {{", "    lb_algo rr", f"    lb_kind {kind}", f"    protocol {protocol}",
             *(f"    {word}" for word in words)]
    for server in servers:
        lines += [f"    real_server {server} {{", *(f"        {word}" for word in ["weight 1", *server_words]), "    }"]
    return "\n".join(lines + ["}", ""])


def on(port, *hosts):
    return [f"{host} {port}" for host in hosts]


WEBS, WEBS6 = ("10.1.0.11", "10.1.0.12"), ("fd01::11", "fd01::12")
NATS, NATS6 = ("10.2.0.11", "10.2.0.12"), ("fd02::11", "fd02::12")

# (what, virtual address, port, lines of the file, who answers)
METHODS = [
    ("NAT, another port", VIP, 80, service(VIP, 80, "NAT", on(8080, *NATS)), "nat"),
    ("NAT, IPv6", VIP6, 80, service(VIP6, 80, "NAT", on(8080, *NATS6)), "nat"),
    ("DR", VIP, 81, service(VIP, 81, "DR", on(81, *WEBS)), "web"),
    ("DR, IPv6", VIP6, 81, service(VIP6, 81, "DR", on(81, *WEBS6)), "web"),
    ("TUN", VIP, 82, service(VIP, 82, "TUN", on(82, *WEBS)), "web"),
    ("TUN, IPv6", VIP6, 82, service(VIP6, 82, "TUN", on(82, *WEBS6)), "web"),
    ("TUN by GRE", VIP, 83, service(VIP, 83, "TUN type gre", on(83, *WEBS)), "web"),
    ("TUN by GUE", VIP, 84, service(VIP, 84, f"TUN type gue port {GUE_PORT}", on(84, *WEBS)), "web"),
]
DRAINED = service(VIP, 88, "DR", on(88, *WEBS))
CHECK = ["TCP_CHECK {", "    connect_timeout 1", "    retry 0", "}"]
OTHERS = [
    service(VIP, 53, "DR", on(53, *WEBS), "UDP", ["ops"]),
    service(VIP, 54, "NAT", on(53, *NATS), "UDP"),
    service(VIP, 85, "DR", on(85, *WEBS), words=["persistence_timeout 100"]),
    service(VIP, 86, "DR", on(86, WEBS[0]), server_words=["uthreshold 2"]).rstrip("}\n")
    + f"}}\n    real_server {WEBS[1]} 86 {{\n        weight 1\n    }}\n}}\n",
    service(VIP, 90, "NAT", on(90, NATS[0]), words=["delay_loop 1", f"sorry_server {NATS[1]} 8080"], server_words=CHECK),
]
SHARED = """\
global_defs {
    vrrp_version 3
    lvs_sync_daemon eth0 VI id 7
}
vrrp_instance VI {
    interface eth0
    virtual_router_id 7
    priority %d
    advert_int 0.2
    virtual_ipaddress {
        10.1.0.81/24
    }
}
"""


class Verdict:
    def __init__(self):
        self.ok = True

    def expect(self, text, found, wanted):
        self.ok = self.ok and found == wanted
        print(f"{'ok  ' if found == wanted else 'FAIL'} {text}" + ("" if found == wanted else f": {found}, not {wanted}"),
              flush=True)


def until(condition, what, director):
    end = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if director.has_died() or time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {LIMIT_SECONDS} s\n{director.log()[-3000:]}")
        time.sleep(0.05)


def directed(name, site, text, hald, options=()):
    path = os.path.join(WORK, f"{name}.conf")
    with open(path, "w", encoding="ascii") as stream:
        stream.write(text)
    director = Director(name, site.hosts[name], path, WORK, "hald", hald, options)
    director.start()
    return director


def ends_well(verdict, director):
    director.ask_to_stop()
    until(director.has_ended, "the end", director)
    verdict.expect(f"{director.name} ends", director.exit_status, 0)


def methods_and_words(verdict, site, hald):
    """One director without VRRP."""
    os.makedirs(WORK, exist_ok=True)
    client = Client(site.hosts["client"])
    text = "".join(lines for _, _, _, lines, _ in METHODS) + "".join(OTHERS) + DRAINED
    director = directed("lb1", site, text, hald, ["-C"])
    try:
        wanted = text.count("virtual_server ")
        until(lambda: sum(line.startswith("-A ") for line in director.ipvs_table()) == wanted, "the table", director)
        for what, address, port, _, pair in METHODS:
            verdict.expect(what, client.asks(REQUESTS, address, port), HALVES[pair])
        verdict.expect("UDP, one packet at a time", client.datagrams(REQUESTS, VIP, 53), HALVES["web"])
        verdict.expect("UDP by NAT, one flow", len(set(client.datagrams(REQUESTS, VIP, 54))), 1)
        persistence(verdict, client)
        threshold(verdict, client)
        sorry_server(verdict, client, site, director)
        drained_by_weight(verdict, client, director, text)
        ends_well(verdict, director)
    finally:
        director.kill()


def persistence(verdict, client):
    first, other = (set(client.asks(6, VIP, 85, source)) for source in (CLIENT, CLIENT2))
    verdict.expect("persistence: each client has one server", (len(first), len(other)), (1, 1))
    verdict.expect("persistence: the next client has the next", first != other, True)


def threshold(verdict, client):
    held = [client.open(VIP, 86) for _ in range(8)]
    names = [name for _, name in held]
    verdict.expect("threshold: no more than that many at once", (names.count("web1"), names.count("web2")), (2, 6))
    for connection, _ in held:
        connection.close()


def sorry_server(verdict, client, site, director):
    def in_table(server):
        return any(f":90 -r {server} " in line for line in director.ipvs_table())

    until(lambda: in_table("10.2.0.12:8080"), "the sorry server", director)
    verdict.expect("nobody is there: the sorry server answers", client.asks(3, VIP, 90), ["nat2"] * 3)
    site.servers["nat1"].open_late()
    until(lambda: not in_table("10.2.0.12:8080"), "the end of the sorry server", director)
    verdict.expect("somebody is there again", client.asks(3, VIP, 90), ["nat1"] * 3)


class Load:
    """Requests one after the other until the end; who answered, and what failed."""

    def __init__(self, client, *target):
        self.answers = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._loop, args=(client, target), daemon=True)
        self._thread.start()

    def _loop(self, client, target):
        while not self._ended.is_set():
            self.answers += client.asks(1, *target)

    def end(self):
        self._ended.set()
        self._thread.join()
        return set(self.answers)


def drained_by_weight(verdict, client, director, text):
    """A server gets weight 0 by a reload, and its own again, under load."""
    held = [client.open(VIP, 88) for _ in range(4)]
    load = Load(client, VIP, 88)
    for weight in (0, 1):
        with open(director.config, "w", encoding="ascii") as stream:
            stream.write(text.replace(DRAINED, DRAINED.replace("weight 1", f"weight {weight}", 1)))
        director.reload()
        until(lambda: f"-a -t {VIP}:88 -r {WEBS[0]}:88 -g -w {weight}" in director.ipvs_table(), "the weight", director)
        if weight == 0:
            verdict.expect("weight 0: no new connections", client.asks(REQUESTS, VIP, 88), ["web2"] * REQUESTS)
        else:  # the load takes turns too
            until(lambda: "web1" in client.asks(1, VIP, 88), "new connections for web1", director)
        verdict.expect(f"weight {weight}: connections go on", [goes_on(one) for one, _ in held], [name for _, name in held])
    for connection, _ in held:
        connection.close()
    verdict.expect("under load nothing failed", load.end(), {"web1", "web2"})


def failover(verdict, site, hald):
    """Two directors: what goes through one lives on through the other."""
    client = Client(site.hosts["client"])
    table = service(SHARED_VIP, 87, "DR", on(87, *WEBS))
    pair = [directed(name, site, SHARED % priority + table, hald) for name, priority in (("lb1", 200), ("lb2", 100))]
    first, second = pair
    try:
        until(lambda: holds_address(first), "lb1 as MASTER", first)
        until(lambda: syncs(first, "master"), "the sync daemon of lb1", first)
        until(lambda: syncs(second, "backup"), "the sync daemon of lb2", second)
        live = [client.open(SHARED_VIP, 87) for _ in range(6)]
        until(lambda: talks_until_known(live, second), "the connections on lb2", second)
        site.hosts["lb1"].set_link("eth0", False)
        first.kill()
        until(lambda: holds_address(second), "lb2 as MASTER", second)
        until(lambda: syncs(second, "master"), "the sync daemon of lb2 as MASTER", second)
        verdict.expect("live connections go on with their servers", [goes_on(one) for one, _ in live],
                       [name for _, name in live])
        verdict.expect("both servers had some", {name for _, name in live}, {"web1", "web2"})
        ends_well(verdict, second)
    finally:
        for director in pair:
            director.kill()


def goes_on(connection):
    try:
        return say(connection)
    except OSError as error:
        return type(error).__name__


def holds_address(director):
    return any(f" {SHARED_VIP}/" in line for line in director.addresses())


def syncs(director, role):
    return f"{role} sync daemon" in director.namespace.run(["ipvsadm", "-L", "--daemon"])


def talks_until_known(live, director):
    """The kernel tells of a connection after its first packets, and then of every so manieth."""
    for connection, _ in live:
        say(connection)
    lines = director.namespace.run(["ipvsadm", "-Lnc"]).splitlines()
    ports = {f":{connection.getsockname()[1]} " for connection, _ in live}
    return all(any(port in line and "ESTABLISHED" in line for line in lines) for port in ports)
