#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks who includes whom below src/ (docs/architecture.md, "Layers").

A folder may include itself and what its row names. A core is pure: apart from the standard library it sees
base and the model (config/model*.h), and none of the parts of base that do something (log, scheduler, descriptors).
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "src"

ALLOWED = {
    "base": set(),
    "config": {"base"},
    "net": {"base"},
    "proc": {"base"},
    "vrrp/core": {"base", "config"},
    "ipvs/core": {"base", "config"},
    "checker/core": {"base", "config"},
    "ipvsadm/core": {"base", "config", "ipvs/core"},
    "vrrp": {"base", "config", "vrrp/core", "net", "proc"},
    "ipvs": {"base", "config", "ipvs/core", "net"},
    "checker": {"base", "config", "checker/core", "net", "proc"},
    "status": {"base", "config", "vrrp/core", "ipvs/core", "checker/core"},
    "control": {"base", "status"},
    "ctl": {"base", "config", "ipvs", "ipvs/core", "ipvsadm/core"},
}
CORE_MAY_SEE_OF_CONFIG = re.compile(r"config/(model\w*|place|diagnostics)\.h")
CORE_MUST_NOT_SEE = {"base/log.h", "base/scheduler.h", "base/unique_fd.h"}
CORE_MUST_NOT_SEE_SYSTEM = re.compile(r"<(sys/|net/|netinet/|arpa/|netlink/|linux/|boost/asio|unistd\.h|poll\.h)")


def room_of(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 and parts[1] == "core" else parts[0]


def complaints(file: pathlib.Path):
    name = file.relative_to(ROOT).as_posix()
    room = room_of(name)
    if room == "app":
        return
    for number, line in enumerate(file.read_text().splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"][^>"]+)[>"]', line)
        if not found:
            continue
        target = found.group(1)
        if target.startswith("<"):
            if room.endswith("/core") and CORE_MUST_NOT_SEE_SYSTEM.match(target):
                yield f"src/{name}:{number}: a core must not include {target}>"
            continue
        header = target[1:]
        other = room_of(header)
        if other != room and other not in ALLOWED.get(room, set()):
            yield f"src/{name}:{number}: {room} must not include {header}"
        if room.endswith("/core") and (header in CORE_MUST_NOT_SEE or
                                       (other == "config" and not CORE_MAY_SEE_OF_CONFIG.fullmatch(header))):
            yield f"src/{name}:{number}: a core must not include {header}"


def main() -> int:
    files = sorted(p for p in ROOT.rglob("*") if p.suffix in (".h", ".cpp"))
    found = [text for file in files for text in complaints(file)]
    unknown = sorted({room_of(p.relative_to(ROOT).as_posix()) for p in files} - set(ALLOWED) - {"app"})
    found += [f"src/{room}: has no row in tools/check_layers.py" for room in unknown]
    print("\n".join(found) if found else f"layers: {len(files)} files are in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
