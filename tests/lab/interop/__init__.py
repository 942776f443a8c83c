# SPDX-License-Identifier: Apache-2.0
"""hald beside Debian's keepalived: on one wire, and on one file after the other."""
