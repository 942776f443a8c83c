# SPDX-License-Identifier: Apache-2.0
"""A stranger's file, made fit for a namespace of the lab: pure text in, text out.

What is compared is the table that follows from the file, so checks go (every real server counts as alive), and so do
scripts and what would move the daemon elsewhere. Nothing else is touched, however odd it is.
"""

import re

CHECKS = ("TCP_CHECK", "HTTP_GET", "SSL_GET", "SMTP_CHECK", "DNS_CHECK", "MISC_CHECK", "PING_CHECK", "UDP_CHECK", "BFD_CHECK",
          "FILE_CHECK")
# Scripts would run; the rest moves the daemon to another namespace or place, or stops it for the lack of a user.
_LINES = re.compile(r"^[ \t]*(quorum_up|quorum_down|notify\w*|net_namespace\w*|namespace_with_ipsets|instance|use_pid_dir|"
                    r"script_user|smtp_server|include\w*|vrrp_startup_delay)\b.*$", re.MULTILINE)
_CHECK = re.compile(r"\b(?:%s)\b[^\S\n]*(?:[!#][^\n]*)?\s*\{" % "|".join(CHECKS))
_INTERFACE = re.compile(r"\b(?:interface|lvs_sync_daemon(?:_interface)?|dev)\s+([A-Za-z][\w.@-]{0,14})(?=[\s{}]|$)")


def _end_of_block(text, position):
    """Behind the brace that closes the one before `position`; the end of the text if none does."""
    depth = 1
    for match in re.finditer(r"[!#][^\n]*|\"[^\"\n]*\"|[{}]", text[position:]):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return position + match.end()
    return len(text)


def without_checks(text):
    while True:
        found = next((match for match in _CHECK.finditer(text)
                      if not re.search(r"[!#]", text[text.rfind("\n", 0, match.start()) + 1:match.start()])), None)
        if found is None:
            return text
        text = text[:found.start()] + text[_end_of_block(text, found.end()):]


def adapt(text):
    return _LINES.sub("", without_checks(text))


def code_of(text):
    """Without comments."""
    return re.sub(r"[!#].*", "", text)


def has_service(text):
    return re.search(r"^\s*virtual_server\b", code_of(text), re.MULTILINE) is not None


def has_sync_daemon(text):
    return re.search(r"\blvs_sync_daemon", code_of(text)) is not None


def has_tuning(text):
    """What `ipvsadm -L --timeout` and `--daemon` show follows from words of these names only."""
    return re.search(r"\blvs_(timeouts|sync_daemon)", code_of(text)) is not None


def interfaces(text):
    """Names of the interfaces that the file speaks of, each once."""
    return sorted({name for name in _INTERFACE.findall(code_of(text)) if name != "lo"})


def parts(text):
    """The file, and what it becomes by reloads: split at lines `# then:`."""
    return re.split(r"^# then:\n", text, flags=re.MULTILINE)


def before(text):
    """Arguments of ipvsadm that fill the table before the daemons start: `# before: ARGUMENTS`."""
    return [line.split() for line in re.findall(r"^# before: (.+)$", text, re.MULTILINE)]


def compares_the_end(text):
    """Whether what is left after the end is compared too: `# after: the same`."""
    return re.search(r"^# after: the same$", text, re.MULTILINE) is not None


def until(text):
    """Patterns of lines that the table must hold before it is compared: `# until: PATTERN` in files of our own."""
    return re.findall(r"^# until: (.+)$", text, re.MULTILINE)
