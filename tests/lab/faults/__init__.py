# SPDX-License-Identifier: Apache-2.0
"""What goes wrong around a MASTER, and what hald makes of it."""
