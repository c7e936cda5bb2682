"""E-mail addresses, and none of the many other things with an at sign in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$", re.ASCII)
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.))+(?P<top>[A-Za-z]{2,24}|xn--[A-Za-z0-9-]{1,20})(?![A-Za-z0-9-])", re.ASCII
)
_FILES = frozenset(
    [
        "js",
        "ts",
        "css",
        "map",
        "json",
        "png",
        "svg",
        "jpg",
        "jpeg",
        "gif",
        "webp",
        "html",
        "htm",
        "jar",
        "zip",
        "gz",
        "whl",
        "py",
        "java",
        "mjs",
        "cjs",
        "tgz",
    ]
)
_DELIMITERS = re.compile(r"[/=?&|{}`'%]")
_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 253


def _find(text: str) -> Iterator[Shape]:
    at = text.find("@")
    while at >= 0:
        local = _LOCAL.search(text, max(0, at - _LONGEST_LOCAL), at)
        domain = _DOMAIN.match(text, at + 1, at + 1 + _LONGEST_DOMAIN)
        if local and domain and domain["top"].lower() not in _FILES:
            name = _DELIMITERS.split(local.group())[-1].strip(".")
            start = at - len(name)
            if name and not (_is_login(text, domain.end()) or _is_userinfo(text, start)):
                yield Shape("email", f"{name}@{domain.group()}")
        at = text.find("@", at + 1)


def _is_login(text: str, end: int) -> bool:
    """`git@host:group/repository` names a login at a host, not a mailbox."""
    return text[end : end + 1] == ":" and text[end + 1 : end + 2].isalpha()


def _is_userinfo(text: str, start: int) -> bool:
    """What stands before the at sign in a URL's authority is a key or a login (RFC 3986, section 3.2.1)."""
    authority = text.rfind("//", max(0, start - 256), start)
    return authority >= 0 and not any(mark in text[authority + 2 : start] for mark in "/?# ")


EMAIL = Detector(
    id="email",
    says="An e-mail address (RFC 5322 addr-spec in its everyday form, with a top-level domain of letters).",
    names={"email": "an e-mail address"},
    triggers=("@",),
    find=_find,
    examples=(
        Example("jane.roe@example.com", ("email",)),
        Example("to=jane.roe+x@mail.example.co.uk&cc=joe@example.org", ("email", "email")),
        Example("duplicate key (email)=(o'neil@example.net) exists", ("email",)),
        Example("<jane@example.museum>", ("email",)),
        Example("pkg@1.2.3 and @scope/pkg@1.2.3", ()),
        Example("git@github.com:acme/private.git", ()),
        Example("icon@2x.png", ()),
        Example("https://example.com/users/jane@example.org/edit", ("email",)),
        Example("https://0123abcd@o42.ingest.example.io/5 and https://user:pass@example.com/", ()),
        Example("@Component on_change@", ()),
    ),
)
