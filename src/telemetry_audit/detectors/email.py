"""E-mail addresses, and none of the many other things with an at sign in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape
from telemetry_audit.detectors.top_level import COMMON, TOP_LEVEL

_NOT_LOCAL = re.compile(r"[^\w.!#$*+^~-]")
_QUOTED = re.compile(r'"[^"\x00-\x1f]{1,64}"\Z')
_DOMAIN = re.compile(
    r"(?:[^\W_][\w-]{0,62}+\.)+(?:[A-Za-z]{2,24}(?![A-Za-z0-9-])|xn--[A-Za-z0-9-]{1,59}|[^\W\d_A-Za-z]{2,24})"
)
_LOGIN = re.compile(r":~?[A-Za-z][\w.~-]{0,100}+/", re.ASCII)
_END_OF_AUTHORITY = re.compile(r"[/?# \"',;&()<>{}\\\x00-\x1f]")
_RELEASES = re.compile(
    r"alpha|beta|canary|dev|edge|git|head|latest|lts|main|master|next|npm|origin|pnpm|rc|release|stable|staging|upstream|workspace|yarn"
)
_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 253
_LONGEST_AUTHORITY = 256


def _find(text: str) -> Iterator[Shape]:
    at = text.find("@")
    while at >= 0:
        domain = _domain(text, at)
        name = _local(text, at) if domain else ""
        start = at - len(name)
        if name and not (
            _is_package(name, domain) or _is_login(text, name, at, domain) or _is_userinfo(text, start, at)
        ):
            yield Shape("email", f"{name}@{domain}")
        at = text.find("@", at + 1)


def _local(text: str, at: int) -> str:
    before = text[max(0, at - _LONGEST_LOCAL - 2) : at]
    if before.endswith('"') and (quoted := _QUOTED.search(before)):
        return quoted.group()
    return _NOT_LOCAL.split(before[-_LONGEST_LOCAL:])[-1].lstrip(".")


def _domain(text: str, at: int) -> str:
    """The domain after the at sign, without what only stands close behind it (`jane@example.com.Thanks`), or ""."""
    match = _DOMAIN.match(text, at + 1, at + 1 + _LONGEST_DOMAIN)
    if match is None:
        return ""
    domain = match.group()
    top = domain.rpartition(".")[2].lower()
    if top in TOP_LEVEL or top.startswith("xn--") or not top.isascii():
        return domain
    while "." in domain and domain.rpartition(".")[2].lower() not in COMMON:
        domain = domain.rpartition(".")[0]
    return domain if "." in domain else ""


def _is_package(name: str, domain: str) -> bool:
    """Whether this is a package and its version, release or file, as in `lodash@4.17.in`, `lib@index.py`, or `pkg@npm.io`.

    A domain of the second level can look like a release; then only a plain word at a domain that is none of the common ones counts as a package,
    so that `jane.roe@next.io` and `jane@next.com` stay addresses. Paraguay has no names of the second level, so `x@y.py` is a file.
    """
    first, *others = domain.lower().split(".")
    if len(others) > 1:
        return all(label[0].isdigit() for label in (first, *others[:-1]))
    plain = others[0] not in COMMON and name.isalpha()
    return others[0] == "py" or (plain and _RELEASES.fullmatch(first) is not None)


def _is_login(text: str, name: str, at: int, domain: str) -> bool:
    """`git@host:group/repository` names a login at a host, not a mailbox."""
    return name == "git" or _LOGIN.match(text, at + 1 + len(domain)) is not None


def _is_userinfo(text: str, start: int, at: int) -> bool:
    """What stands before the last at sign of a URL's authority is a key or a login (RFC 3986, section 3.2.1)."""
    slashes = text.rfind("//", max(0, start - _LONGEST_AUTHORITY), start)
    if slashes < 0 or _END_OF_AUTHORITY.search(text, slashes + 2, start):
        return False
    end = _END_OF_AUTHORITY.search(text, at, at + _LONGEST_AUTHORITY)
    return text.find("@", at + 1, end.start() if end else at + _LONGEST_AUTHORITY) < 0


EMAIL = Detector(
    id="email",
    says="An e-mail address (RFC 5322 addr-spec in its everyday form, RFC 6531 for other scripts) under a top-level domain that exists.",
    names={"email": "an e-mail address"},
    triggers=("@",),
    find=_find,
    exact=True,
    examples=(
        Example("jane.roe@example.com", ("email",)),
        Example("to=jane.roe+x@mail.example.co.uk&cc=joe@example.org", ("email", "email")),
        Example("duplicate key (email)=(o'neil@example.net) exists", ("email",)),
        Example("<jane@example.museum>", ("email",)),
        Example("https://example.com/users/jane@example.org/edit", ("email",)),
        Example("https://app.example.com,jane@x.example.com", ("email",)),
        Example('{"url":"https://app.example.com","email":"jane.roe@example.com"}', ("email",)),
        Example("https://jane@corp.example.com:pw@git.example.com/", ("email",)),
        Example("jane.roe@example.com:denied, jane@example.com.Thanks", ("email", "email")),
        Example('jane@empresa.com.py, jane@müller.de, "jane roe"@example.com', ("email", "email", "email")),
        Example("jane.roe@next.io and jane@next.com", ("email", "email")),
        Example("pkg@1.2.3 and @scope/pkg@1.2.3 and lodash@4.17.21.min and pkg@4.17.in", ()),
        Example(
            "react@latest.next, pkg@npm.io, node@lts.alpine, branch@origin.main, Button1@onClick.run, lib@index.py", ()
        ),
        Example("git@example.com:acme/private.git and deploy@example.com:acme/private", ()),
        Example("icon@2x.png", ()),
        Example("https://0123abcd@o42.ingest.example.io/5 and https://user:pass@example.com/", ()),
        Example("@Component on_change@, foo\n@example.com/pkg", ()),
    ),
)
