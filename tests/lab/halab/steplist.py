# SPDX-License-Identifier: Apache-2.0
"""The names of the drill's steps, in order, with what is done in each; the one list of them."""

STEPS = (
    ("start", "both directors start; lb01 becomes MASTER"),
    ("server-down", "nginx on web01 stops"),
    ("server-up", "nginx on web01 starts again"),
    ("cable-cut", "the MASTER's cable is cut"),
    ("cable-back", "the cable is back"),
    ("reload", "SIGHUP to both with the same file"),
    ("restart", "the MASTER's hald is restarted, and killed and started again"),
    ("stop-master", "SIGTERM to the MASTER"),
    ("stop-all", "SIGTERM to the other; nothing is left"),
)
