# SPDX-License-Identifier: Apache-2.0
"""What a lab tool does before it boots the lab kernel: install packages, build hald, look whether all is there.

Prints what takes long, under the tool's name. Runs on the host.
"""

import collections
import os
import shutil
import subprocess
import sys

from halab.uml import LabError


def add_options(parser):
    """The options that `prepare` obeys, alike in every tool."""
    parser.add_argument("--no-build", action="store_true", help="neither install nor build: run what is there")
    parser.add_argument("--hald", metavar="FILE", default=os.environ.get("HALD"),
                        help="hald binary, with haldctl beside it (default $HALD or build/release/hald); "
                        "implies --no-build")


def prepare(tool, root, options, needs_hald, programs):
    """Path of hald, or None where it is not needed. `programs`: {program: Debian package} that must be there."""
    if not options.no_build and not options.hald:
        run_tool(tool, [os.path.join(root, "scripts", "install-deps"), "--lab"], "installing packages")
        if needs_hald:
            run_tool(tool, ["cmake", "--preset", "release"], "configuring", cwd=root)
            run_tool(tool, ["cmake", "--build", "--preset", "release", "--target", "hald", "haldctl"], "building hald",
                     cwd=root)
    for program, package in programs.items():
        if not find(program):
            raise LabError(f"{program} not found: install the Debian package {package}")
    if not needs_hald:
        return None
    hald = os.path.abspath(options.hald or os.path.join(root, "build", "release", "hald"))
    for program in (hald, os.path.join(os.path.dirname(hald), "haldctl")):
        if not os.access(program, os.X_OK):
            raise LabError(f"{program} is missing: build it, or name another with --hald")
    return hald


def find(program):
    return shutil.which(program) or shutil.which(program, path="/usr/local/sbin:/usr/sbin:/sbin")


def run_tool(tool, command, what, cwd=None):
    """Runs a command; a terminal shows its last line while it works, its output is of interest only when it fails."""
    print(f"{tool}: {what}", flush=True)
    lines = collections.deque(maxlen=60)
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace") as process:
        for line in process.stdout:
            lines.append(line)
            if sys.stdout.isatty():
                width = shutil.get_terminal_size().columns - 3
                sys.stdout.write("\r  " + line.rstrip()[:width] + "\x1b[K")
                sys.stdout.flush()
    if sys.stdout.isatty():
        sys.stdout.write("\r\x1b[K")
    if process.returncode != 0:
        sys.stdout.write("".join(lines))
        raise LabError(f"{what} failed: {' '.join(command)}")
