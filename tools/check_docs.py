#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what the documents say of the repository: every link leads somewhere, every test that docs/conformance.md names
is there, every file with a `compat:` mark is in the table of docs/compatibility.md and the reverse.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(path: pathlib.Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(document: pathlib.Path) -> set:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(document: pathlib.Path):
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if re.match(r"\w+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists():
            yield f"{name_of(document)}: {target} does not exist"
        elif anchor and anchor not in anchors(file):
            yield f"{name_of(document)}: there is no heading for {target}"


def known_cases() -> set:
    sources = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("*.cpp"))
    return {f"{suite}.{case}" for suite, case in re.findall(r"\bTEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\)", sources)}


def known_lab_tests() -> set:
    """Names of ctest below lab/, with the loops of CMake written out."""
    names = set()
    for file in (ROOT / "tests/lab").rglob("CMakeLists.txt"):
        text = file.read_text()
        for variable, items in re.findall(r"foreach\((\w+) IN ITEMS ([^)]*)\)", text):
            for pattern in re.findall(r"(lab/\w*)\$\{%s\}" % variable, text):
                names |= {pattern + item for item in items.split()}
        names |= set(re.findall(r"\}(lab/\w+)[\s)]", text))
    return names


def missing_tests():
    document = ROOT / "docs/conformance.md"
    text = document.read_text()
    cases, lab = known_cases(), known_lab_tests()
    for case in sorted(set(re.findall(r"`([A-Z]\w+\.[A-Z]\w+)`", text)) - cases):
        yield f"{name_of(document)}: there is no test {case}"
    for name in sorted(set(re.findall(r"`(lab/\w+)`", text)) - lab):
        yield f"{name_of(document)}: there is no test {name}"
    for path in sorted(set(re.findall(r"\btests/[\w/.-]+\w", text))):
        if not (ROOT / path).exists():
            yield f"{name_of(document)}: {path} does not exist"


def unexplained_quirks():
    document = ROOT / "docs/compatibility.md"
    sources = [file for file in sorted((ROOT / "src").rglob("*")) if file.suffix in (".h", ".cpp")]
    marked = {file.relative_to(ROOT / "src").as_posix() for file in sources if "compat:" in file.read_text()}
    table = document.read_text().partition("## Quirks that are kept on purpose")[2].partition("\n## ")[0]
    listed = set(re.findall(r"\| ([\w/]+\.(?:h|cpp)) \|$", table, re.MULTILINE))
    for file in sorted(marked - listed):
        yield f"{name_of(document)}: the quirk in src/{file} is missing"
    for file in sorted(listed - marked):
        yield f"{name_of(document)}: src/{file} has no compat: mark"


def main() -> int:
    found = [text for document in DOCUMENTS for text in broken_links(document)]
    found += [*missing_tests(), *unexplained_quirks()]
    print("\n".join(found) if found else f"documents: {len(DOCUMENTS)} are true of the repository")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
