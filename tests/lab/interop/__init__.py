# SPDX-License-Identifier: Apache-2.0
"""hald beside Debian's keepalived and FRR's vrrpd: on one wire; and after keepalived on the same file."""
