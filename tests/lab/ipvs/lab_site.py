# SPDX-License-Identifier: Apache-2.0
"""The network of the traffic test: clients, directors and two pairs of real servers, all families and methods at once.

    outer switch  client 10.1.0.2, .3; directors lb1 10.1.0.5, lb2 10.1.0.6; web1 10.1.0.11, web2 10.1.0.12, which hold
                  the virtual addresses without answering for them, and take every kind of tunnel
    inner switch  lb1 10.2.0.1; nat1 10.2.0.11, nat2 10.2.0.12, whose gateway is lb1

The same with fd01:: and fd02::. The virtual address is 10.1.0.80, fd01::80; in `failover` it is 10.1.0.81.
"""

from halab.echo import EchoServer
from halab.netns import Namespace, connect, make_switch

MODULES = ["ip_vs", "ip_vs_rr", "ip_vs_wrr", "ip_vs_wlc", "veth", "bridge", "af_packet", "ipip", "ip6_tunnel", "ip_gre", "fou"]
CLIENT, CLIENT2 = "10.1.0.2", "10.1.0.3"
CLIENT6 = "fd01::2"
VIP, VIP6, SHARED_VIP = "10.1.0.80", "fd01::80", "10.1.0.81"
GUE_PORT = 6080
TCP_PORTS, UDP_PORTS, LATE_PORTS = (*range(80, 90), 8080), (53,), (90,)
HOSTS = ("client", "lb1", "lb2", "web1", "web2", "nat1", "nat2")


def quiet_ipv6(host):
    """No waiting for duplicates of addresses."""
    with host.entered():
        for place in ("all", "default"):
            for name, value in (("accept_dad", 0), ("forwarding", 1)):
                with open(f"/proc/sys/net/ipv6/conf/{place}/{name}", "w", encoding="ascii") as node:
                    node.write(str(value))


class Site:
    def __init__(self):
        self.hosts = {name: Namespace.add(name) for name in HOSTS}
        self.outer, self.inner = make_switch("outer"), make_switch("inner")
        for host in self.hosts.values():
            quiet_ipv6(host)
            host.sysctl(conf__all__rp_filter=0, conf__default__rp_filter=0, conf__all__send_redirects=0,
                        conf__default__send_redirects=0)
        self._plug(self.outer, "client", "eth0", CLIENT, f"{CLIENT6}/64", f"{CLIENT2}/24")
        self._plug(self.outer, "lb1", "eth0", "10.1.0.5", "fd01::5/64", f"{VIP}/32", f"{VIP6}/128")
        # As hald adds it: no source of what the director sends, least of all of tunnels to who has it as well.
        self.hosts["lb1"].ip(f"addr change {VIP6}/128 dev eth0 preferred_lft 0")
        self._plug(self.outer, "lb2", "eth0", "10.1.0.6", "fd01::6/64")
        self._plug(self.inner, "lb1", "eth1", "10.2.0.1", "fd02::1/64")
        for name in ("lb1", "lb2"):
            self.hosts[name].sysctl(ip_forward=1)
        for number in (1, 2):
            self._web(f"web{number}", 10 + number)
            self._plug(self.inner, f"nat{number}", "eth0", f"10.2.0.{10 + number}", f"fd02::{10 + number}/64")
            self.hosts[f"nat{number}"].ip("route add default via 10.2.0.1", "route add ::/0 via fd02::1")
        self.servers = {name: EchoServer(name, self.hosts[name], TCP_PORTS, UDP_PORTS, LATE_PORTS)
                        for name in ("web1", "web2", "nat1", "nat2")}

    def _plug(self, switch, name, interface, address, *more):
        connect(switch, f"{name}-{interface}", self.hosts[name], interface, f"{address}/24")
        self.hosts[name].ip(*(f"addr add {each} dev {interface}" for each in more))

    def _web(self, name, part):
        host = self.hosts[name]
        host.sysctl(conf__all__arp_ignore=1, conf__all__arp_announce=2)
        self._plug(self.outer, name, "eth0", f"10.1.0.{part}", f"fd01::{part}/64")
        host.ip(f"addr add {VIP}/32 dev lo", f"addr add {SHARED_VIP}/32 dev lo", f"addr add {VIP6}/128 dev lo nodad",
                "link set tunl0 up", "link set ip6tnl0 up",
                f"link add gre1 type gre local 10.1.0.{part}", "link set gre1 up")
        for device in ("tunl0", "gre1"):
            host.sysctl(**{f"conf__{device}__rp_filter": 0})
        host.run(["ip", "fou", "add", "port", str(GUE_PORT), "gue"])

    def stop(self):
        for server in self.servers.values():
            server.stop()
