# SPDX-License-Identifier: Apache-2.0
"""The file for the benchmarks: many virtual servers with many real servers.

Without checkers all servers count as alive, so that what the load benchmark measures is reading the file and programming
the kernel.
"""

import ipaddress

FIRST_SERVICE = int(ipaddress.ip_address("10.64.0.1"))
FIRST_SERVER = int(ipaddress.ip_address("172.16.0.1"))
PORT = 80
MOST_SERVICES, MOST_SERVERS = 65_000, 1_000


def service_address(index):
    return str(ipaddress.ip_address(FIRST_SERVICE + index))


def server_address(service, index):
    """Real servers are shared between services, as they are in practice: 200 times `servers` machines."""
    return str(ipaddress.ip_address(FIRST_SERVER + (service % 200) * 1024 + index))


def lines(services, servers, changed=None, weight=1, inside_server=()):
    """The file line by line, so that it need not fit into memory. `changed` is the (service, server) that has `weight`, all
    others have 1. `inside_server`: further lines of each real server."""
    yield from ("global_defs {", "    router_id bench", "}")
    for service in range(services):
        yield from (f"virtual_server {service_address(service)} {PORT} {{", "    delay_loop 6", "    lb_algo wrr",
                    "    lb_kind DR", "    protocol TCP")
        for server in range(servers):
            value = weight if (service, server) == changed else 1
            yield from (f"    real_server {server_address(service, server)} {PORT} {{", f"        weight {value}")
            yield from (f"        {line}" for line in inside_server)
            yield "    }"
        yield "}"


def render(*what, **changes):
    """The whole text of `lines`."""
    return "\n".join(lines(*what, **changes)) + "\n"
