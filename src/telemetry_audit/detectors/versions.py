"""Versions of four numbers, which are IPv4 addresses by their look."""

from __future__ import annotations

import re

_PORT = re.compile(r":[0-9]{2,5}(?![0-9A-Za-z.])", re.ASCII)
_RELEASE = re.compile(
    r"(?:versions?|release|chrome|chromium|jdk|(?:\b|_)(?:v|ver|rev|build|tag|oid)"
    r"|\b(?:safari|firefox|edge?|opera|electron|appsmith|java|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|redis|oracle|windows|linux|android))"
    r"[ /:=v\\\"'-]{0,8}\Z",
    re.ASCII | re.IGNORECASE,
)
_MACHINE = re.compile(
    r"(?:(?<![\w/-])(?:client|host|peer|server|proxy|remote|gateway|from|source|src|dst|user|inet)|ip|ipv4|addr|address|for|ffff)[\"']?[:-]\Z",
    re.ASCII | re.IGNORECASE,
)
_BREAK = re.compile(r"[\s\"'(,;=\[]")
_HOST = re.compile(r"(?:[A-Za-z0-9_-]{1,40}\.){1,6}[A-Za-z0-9-]{1,40}/", re.ASCII)


def is_version(before: str, quad: str, text: str, end: int) -> bool:
    """Whether four numbers are a version, by what stands around them.

    A port makes an address. Else a word for a version or a product before them makes a version, and so does any name with `:`, `@`, `-` or `/`
    behind it, unless it is a word for a machine, a host's name (`db.internal/198.51.100.4`), or two of the numbers have three digits.
    """
    if _PORT.match(text, end):
        return False
    glued = _BREAK.split(before)[-1]
    if glued.endswith("/"):
        named = not _HOST.fullmatch(glued) if glued != "/" else text.startswith("/", end)
    else:
        named = glued.endswith((":", "@", "-")) and glued[-2:-1].isalnum() and not _MACHINE.search(glued)
    if named and sum(len(number) > 2 for number in quad.split(".")) < 2:  # noqa: PLR2004 - as the docstring says
        return True
    return _RELEASE.search(before[-24:]) is not None
