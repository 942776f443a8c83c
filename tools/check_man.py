#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_man.py [PRINT_KEYWORDS]: checks that the manual pages say what the programs take, and nothing else.

hald.8 against the table of src/app/options.cpp, haldctl.1 and the completion for bash against that of
src/ctl/options.cpp; with the path of the program print_keywords (tests/tools) also hald.conf.5 against the keyword table:
every word in the section of its block, with its range, default and choices. If man or groff is there, the pages must
render without a warning.
"""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAN = ROOT / "man"
TOP_OF_FILE = "Top of the file"


def plain(line: str) -> str:
    """A line of troff as a reader sees it: without request, quotes, fonts and escapes."""
    request = re.match(r"\.(B|I|R|BI|BR|IB|IR|RB|RI|SM|SB)\s+(.*)", line)
    if request:
        words = re.findall(r'"([^"]*)"|(\S+)', request.group(2))
        between = " " if len(request.group(1)) == 1 else ""
        line = between.join(quoted or bare for quoted, bare in words)
    elif line.startswith("."):
        return ""
    line = re.sub(r"\\f(\[.*?\]|\(..|.)", "", line)
    return line.replace(r"\-", "-").replace(r"\(dq", '"').replace(r"\(aq", "'").replace(r"\&", "").replace(r"\e", "\\")


class Entry:
    """A tagged paragraph: its tags (.TP, and .TQ for further ones) and its text."""

    def __init__(self):
        self.tags = []
        self.text = ""


def entries(page: pathlib.Path):
    """The tagged paragraphs of a page by section: {"OPTIONS": [...], "vrrp_instance": [...]}."""
    sections = {}
    section, entry, tag_next = "", None, False
    for line in page.read_text().splitlines():
        heading = re.match(r'\.S[HS]\s+"?(.*?)"?\s*$', line)
        if heading:
            section, entry = heading.group(1).replace(r"\-", "-"), None
            sections.setdefault(section, [])
        elif re.match(r"\.T[PQ]\b", line):
            tag_next = True
            if line.startswith(".TP"):
                entry = Entry()
                sections.setdefault(section, []).append(entry)
        elif line.startswith((".PP", ".P", ".LP")):
            entry = None
        elif tag_next:
            entry.tags.append(plain(line).strip())
            tag_next = False
        elif entry is not None:
            entry.text = " ".join((entry.text + " " + plain(line)).split())
    return sections


def long_options_in(page: pathlib.Path):
    """Those that head an entry; one that the text only mentions does not count."""
    tags = [tag for section in entries(page).values() for entry in section for tag in entry.tags]
    return {option for tag in tags for option in re.findall(r"(?<!\w)--([a-z][\w-]*)", tag)}


def short_options_in(page: pathlib.Path):
    tags = [tag for section in entries(page).values() for entry in section for tag in entry.tags]
    return {option for tag in tags for option in re.findall(r"(?<![\w-])-(\w)\b", tag)}


def compare(page: str, kind: str, documented: set, known: set):
    for name in sorted(known - documented):
        yield f"man/{page}: {kind}{name} is missing"
    for name in sorted(documented - known):
        yield f"man/{page}: the program has no {kind}{name}"


def check_options(page: str, source: str, row: str):
    """`row` finds one row of the option table: its groups are the letter (or a name for none) and the long name."""
    rows = re.findall(row, (ROOT / source).read_text(), re.VERBOSE)
    if not rows:
        yield f"{source}: no table of options was found; has its form changed?"
        return
    letters = {letter[1] for letter, _ in rows if letter.startswith("'")}
    yield from compare(page, "--", long_options_in(MAN / page), {name for _, name in rows})
    yield from compare(page, "-", short_options_in(MAN / page), letters)


def check_hald_options():
    yield from check_options("hald.8", "src/app/options.cpp", r"""Row\{ \s* ('.'|\w+) , \s* "([^"]+)" """)


def check_haldctl_options():
    # name, argument, flag, letter: turned round by the look-ahead.
    yield from check_options("haldctl.1", "src/ctl/options.cpp",
                             r"""\{ (?= "[^"]+" , \s* \w+ , \s* nullptr , \s* ('.'|\w+) ) "([^"]+)" """)


def check_completion():
    """Bash completes the options and commands that haldctl(1) has."""
    completion = (ROOT / "etc/completions/haldctl").read_text()
    tags = [tag for entry in entries(MAN / "haldctl.1").get("COMMANDS", []) for tag in entry.tags]
    wanted = {f"--{name}" for name in long_options_in(MAN / "haldctl.1")} | {tag.split()[0] for tag in tags}
    for word in sorted(wanted):
        if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", completion):
            yield f"etc/completions/haldctl: {word} is missing"


def keyword_complaints(entry: Entry, name: str, value_range: str, default: str, choices: str):
    where = f"man/hald.conf.5: {name}"
    text = entry.text.lower()
    if value_range and f"range {value_range}" not in text:
        yield f"{where}: does not say 'range {value_range}'"
    if default and not re.search(rf"\bdefault:? {re.escape(default.lower())}(?!\w)", text):
        yield f"{where}: does not say 'default {default}'"
    for choice in choices.split():
        if not re.search(rf"(?<!\w){re.escape(choice)}(?!\w)", " ".join(entry.tags) + " " + entry.text):
            yield f"{where}: does not name {choice}"


def check_keywords(program: str):
    page = "hald.conf.5"
    sections = entries(MAN / page)
    known = {}
    for line in subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines():
        block, name, value_range, default, choices = line.split("\t")
        block = TOP_OF_FILE if block == "-" else block
        known.setdefault(block, set()).add(name)
        entry = next((e for e in sections.get(block, []) if name in [tag.split()[0] for tag in e.tags]), None)
        if entry is None:
            yield f"man/{page}: {name} is missing in the section '{block}'"
        else:
            yield from keyword_complaints(entry, f"{block}: {name}", value_range, default, choices)
    if not known:
        yield f"{program}: printed no keyword"
    for block, names in known.items():
        documented = {tag.split()[0] for entry in sections.get(block, []) for tag in entry.tags}
        for name in sorted(documented - names):
            yield f"man/{page}: {name} has no effect in {block}"


def check_rendering(page: pathlib.Path):
    commands = [["groff", "-man", "-Tutf8", "-ww", str(page)], ["man", "--warnings", "-l", str(page)]]
    for command in commands:
        if shutil.which(command[0]):
            done = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
            yield from (f"man/{page.name}: {line}" for line in done.stderr.splitlines())


def main() -> int:
    found = [*check_hald_options(), *check_haldctl_options(), *check_completion()]
    if len(sys.argv) > 1:
        found += check_keywords(sys.argv[1])
    pages = sorted(MAN.glob("*.[1-8]"))
    for page in pages:
        found += check_rendering(page)
    print("\n".join(found) if found else f"manual pages: {len(pages)} pages agree with the programs")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
