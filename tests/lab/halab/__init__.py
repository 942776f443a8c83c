# SPDX-License-Identifier: Apache-2.0
"""The lab: two directors, real servers and clients in network namespaces, under a kernel that has IPVS.

Standard library only, so that the lab runs on a plain Debian 12.
"""
