# SPDX-License-Identifier: Apache-2.0
"""The three networks of the drill, one for each forwarding method, built from the directors' configuration.

    dr   client, lb01, lb02, web01, web02 on one switch; the servers hold the VIP on lo without answering ARP for it
    nat  clients and directors on the outer switch, directors and servers on the inner one; the servers' gateway is
         the inner virtual address
    tun  the servers behind a router; they take IPIP packets and hold the VIP on tunl0

Hosts are namespaces named as the hosts are. Host parts of addresses: directors .5 and .6, router .1, clients from
.100 on; everything else comes from the file. Nothing is started here.
"""

import ipaddress

from halab.netns import Namespace, connect, make_switch

DIRECTORS = ("lb01", "lb02")
SERVERS = ("web01", "web02")
CLIENT_HOST_PARTS = range(100, 251)


class Topology:
    """The built network. `switch` carries the clients and the adverts, `inner_switch` the servers."""

    def __init__(self, config):
        self.config = config
        vip_network = next((interface.network for interface, _ in config.virtual_addresses
                            if str(interface.ip) == config.vip), None)
        if vip_network is None:
            raise ValueError(f"{config.path}: {config.vip} is no virtual_ipaddress")
        self.network = vip_network
        self.server_network = ipaddress.ip_network((config.servers[0], vip_network.prefixlen), strict=False)
        self.server_address = dict(zip(SERVERS, config.servers))
        self.director_address = {"lb01": self._host(5), "lb02": self._host(6)}
        self.inner_address = {}  # the directors' addresses on the servers' side, where that is another network
        self.client_addresses = [self._host(part) for part in CLIENT_HOST_PARTS if self._host(part) != config.vip]
        self.hosts = {name: Namespace.add(name) for name in ("client",) + DIRECTORS + SERVERS}
        self.switch = self.inner_switch = make_switch("switch")
        self._plug(self.switch, "client", "eth0", None)
        self.hosts["client"].ip(*[f"addr add {address}/{self.network.prefixlen} dev eth0"
                                  for address in self.client_addresses])
        for name in DIRECTORS:
            self._plug(self.switch, name, "eth0", self.director_address[name])
        {"DR": self._direct_routing, "NAT": self._nat, "TUN": self._tunnel}[config.forwarding]()

    def delete(self):
        """Takes the network down; nothing may run in it any more."""
        for namespace in {*self.hosts.values(), self.switch, self.inner_switch}:
            namespace.delete()

    def _host(self, part, network=None):
        return str((network or self.network).network_address + part)

    def _plug(self, switch, name, interface, address, host=None):
        address = address and f"{address}/{self.network.prefixlen}"
        connect(switch, name, host or self.hosts[name], interface, address)

    def _direct_routing(self):
        for name in SERVERS:
            host = self.hosts[name]
            host.sysctl(conf__all__arp_ignore=1, conf__all__arp_announce=2)
            host.ip(f"addr add {self.config.vip}/32 dev lo")
            self._plug(self.switch, name, "eth0", self.server_address[name])

    def _nat(self):
        gateway = next(str(interface.ip) for interface, _ in self.config.virtual_addresses
                       if interface.ip in self.server_network)
        self.inner_switch = make_switch("inner")
        for name, part in zip(DIRECTORS, (5, 6)):
            host = self.hosts[name]
            host.sysctl(ip_forward=1, conf__all__send_redirects=0, conf__default__send_redirects=0)
            self.inner_address[name] = self._host(part, self.server_network)
            self._plug(self.inner_switch, name, "eth1", self.inner_address[name])
        for name in SERVERS:
            self._plug(self.inner_switch, name, "eth0", self.server_address[name])
            self.hosts[name].ip(f"route add default via {gateway}")

    def _tunnel(self):
        self.inner_switch = make_switch("inner")
        router = self.hosts["router"] = Namespace.add("router")
        router.sysctl(ip_forward=1, conf__all__rp_filter=0, conf__default__rp_filter=0, conf__all__send_redirects=0)
        near, far = self._host(1), self._host(1, self.server_network)
        self._plug(self.switch, "router", "eth0", near)
        self._plug(self.inner_switch, "router", "eth1", far)
        for name in DIRECTORS + ("client",):
            self.hosts[name].ip(f"route add {self.server_network} via {near}")
        for name in SERVERS:
            host = self.hosts[name]
            host.sysctl(conf__all__rp_filter=0, conf__default__rp_filter=0)
            self._plug(self.inner_switch, name, "eth0", self.server_address[name])
            host.ip(f"route add default via {far}", f"addr add {self.config.vip}/32 dev tunl0", "link set tunl0 up")
            host.sysctl(conf__tunl0__rp_filter=0, conf__all__arp_ignore=1, conf__all__arp_announce=2)
