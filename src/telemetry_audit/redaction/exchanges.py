"""An exchange as the copy holds it: as much of it as nothing was found in, and never more than the audit can vouch for."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from itertools import product
from typing import NamedTuple
from urllib.parse import unquote

from telemetry_audit.audit import Audit
from telemetry_audit.decoders import Opened, Undecodable, decoded, decoder_of
from telemetry_audit.model import Exchange, Observation, Unread
from telemetry_audit.redaction.bodies import body, message, pairs
from telemetry_audit.redaction.codings import recoded
from telemetry_audit.redaction.found import LEFT_OUT, Found, found
from telemetry_audit.redaction.headers import kept_headers
from telemetry_audit.redaction.secrets import Secrets
from telemetry_audit.redaction.values import Values, dumped
from telemetry_audit.sorting import sort

NOT_COPIED = "The exchange was not copied: what was found in it could not be taken out."

_METHOD = re.compile(r"[A-Z-]{0,20}").fullmatch
_SCHEME = re.compile(r"[a-z+-]{0,20}").fullmatch
_NUMBERED = re.compile(r"[0-9.]+|.*:.*").fullmatch
_NOWHERE, _MARK = "redacted.invalid", "redacted"


type _Attempt = Callable[[Exchange, Found, Values], Exchange]


class Part(Enum):
    """How much of an exchange is in the copy."""

    ALL = "all of it but what was found"
    HEAD = "its path and headers"
    PLACE = "where it went and when"


class Redacted(NamedTuple):
    """An exchange of the copy, how much of it that is, and how many values were taken out one by one."""

    item: Exchange | Unread
    part: Part
    values: int = 0


class Redactor:
    """Takes out of exchanges what the audit finds in them, and the secrets wherever they stand."""

    def __init__(self, audit: Audit, secrets: Secrets) -> None:
        """`audit` is the one that found the secrets; it also judges what is written."""
        self._audit = audit
        self._secrets = secrets
        self._made: set[object] = {LEFT_OUT}

    def redacted(self, item: Exchange | Unread) -> Redacted:
        """The same exchange without what was found in it; of one that was not judged to its end, only its place."""
        if isinstance(item, Unread):
            return Redacted(replace(item, host=self._host(item.host)), Part.PLACE)
        seen = self._audit.see(item)
        if seen.judged:
            what = found(self._audit, item, seen)
            values = Values(what.places, self._secrets, self._audit.discretion, self._made)
            for part, attempt in ((Part.ALL, self._all), (Part.HEAD, self._head)):
                written = _attempted(attempt, item, what, values)
                if written is not None and self._is_judged(written, seen) and self.is_clean(written):
                    return Redacted(written, part, len(what.places) if part is Part.ALL else 0)
        for bare in self._bare(item, ignored=bool(seen.ignored_by)):
            if self._is_counted(bare, seen) and self.is_clean(bare):
                return Redacted(bare, Part.PLACE)
        return Redacted(Unread(item.recording, item.number, self._host(item.host), NOT_COPIED), Part.PLACE)

    def is_clean(self, item: Exchange | Unread) -> bool:
        """Whether neither a secret stands in it, nor anything but placeholders where the audit finds something."""
        if self._secrets.in_text(item.host):
            return False
        if isinstance(item, Unread):
            return True
        if any(map(self._secrets.in_bytes, _pieces(item))):
            return False
        return all(value in self._made for value in found(self._audit, item, self._audit.see(item)).values)

    def holds(self, data: mmap.mmap) -> bool:
        """Whether a secret stands in bytes as they are."""
        return self._secrets.in_bytes(data)

    def _is_judged(self, written: Exchange, seen: Observation) -> bool:
        now = self._audit.see(written)
        return now.judged and now.destination == seen.destination

    def _is_counted(self, bare: Exchange, seen: Observation) -> bool:
        """Whether it is ignored by the same name as before, or else unread: of what was judged nothing is left to judge."""
        now = self._audit.see(bare)
        return now.ignored_by == seen.ignored_by if seen.ignored_by else bool(now.unread)

    def _all(self, item: Exchange, what: Found, values: Values) -> Exchange:
        """The whole exchange, each value that was found replaced at its place."""
        written = self._head(item, what, values)
        _, mark, query = item.target.partition("#")[0].partition("?")
        content, coding = self._content(item, values)
        coded = (("content-encoding", coding),) if coding else ()
        return written._replace(
            target=written.target + mark + pairs(query, "query", values),
            headers=(*written.headers, *coded),
            body=content,
            messages=tuple(message(data, number, values) for number, data in enumerate(item.messages)),
        )

    def _content(self, item: Exchange, values: Values) -> tuple[bytes, str]:
        """The body written anew in its own content coding, and the header that names the coding."""
        header = ",".join(value for name, value in item.headers if name == "content-encoding")
        original = item.body or b""
        opened = Opened(item, original if item.stored else decoded(original, header))
        destination = sort(item, self._audit.destinations).destination
        plain = body(opened, values, envelope=_is_envelope(opened, decoder_of(destination, opened).id))
        return (plain, "") if item.stored else recoded(plain, original, header)

    def _head(self, item: Exchange, what: Found, values: Values) -> Exchange:
        """The exchange without its query, with a body that says only that there was one."""
        content = dumped({_MARK: f"[body, {len(item.body or b'')} bytes]"}).encode() if item.body else b""
        values.put(f"[body, {len(item.body or b'')} bytes]")
        return self._placed(item)._replace(
            target=self._path(item.target, what), headers=tuple(kept_headers(item, values)), body=content
        )

    def _bare(self, item: Exchange, *, ignored: bool) -> Iterator[Exchange]:
        """The exchange with as little as keeps it what it was: ignored, or else unread."""
        placed = self._placed(item)
        bodies = (b"", LEFT_OUT.encode()) if ignored else (None,)
        path = item.target.partition("?")[0]
        targets = ("/",) if self._is_telling(unquote(path)) else ("/", path)
        for target, content in product(targets, bodies):
            yield placed._replace(target=target, body=content)

    def _placed(self, item: Exchange) -> Exchange:
        """Where and when it went, and nothing else."""
        return item._replace(
            method=item.method if _METHOD(item.method) else "GET",
            scheme=item.scheme if _SCHEME(item.scheme) else "https",
            host=self._host(item.host),
            aliases=tuple(map(self._host, item.aliases)),
            headers=(),
            client=None,
            messages=(),
        )

    def _path(self, target: str, what: Found) -> str:
        path = target.partition("?")[0].partition("#")[0]
        if "path" not in what.places and not self._secrets.in_text(path):
            return path
        segments = path.split("/")
        kept = [_MARK if self._is_telling(unquote(each)) else each for each in segments]
        return "/".join(kept) if kept != segments else "/"

    def _host(self, name: str) -> str:
        """The host, with as many labels left out from the left as it takes to hold nothing."""
        labels = name.split(".")
        if not self._holds(name):
            return name
        shorter = (".".join((_MARK, *labels[number:])) for number in range(1, len(labels)))
        return _NOWHERE if _NUMBERED(name) else next((each for each in shorter if not self._holds(each)), _NOWHERE)

    def _holds(self, host: str) -> bool:
        return self._audit.discretion.host(host) != host or self._secrets.in_text(host)

    def _is_telling(self, text: str) -> bool:
        return bool(self._audit.scanner.see(text)) or self._secrets.in_text(text)


def _attempted(attempt: _Attempt, item: Exchange, what: Found, values: Values) -> Exchange | None:
    try:
        return attempt(item, what, values)
    except (ValueError, RecursionError):
        return None  # what was found stands where it cannot be replaced precisely


def _is_envelope(opened: Opened, decoder: str) -> bool:
    return decoder == "sentry" and opened.last_segment != "store" and b"\n" in opened.body.strip()


def _pieces(item: Exchange) -> Iterator[bytes]:
    """Everything of an exchange in which a text can stand, content codings undone."""
    header = ",".join(value for name, value in item.headers if name == "content-encoding")
    yield item.body or b""
    with suppress(Undecodable):  # as it is, it was looked at
        yield b"" if item.stored else decoded(item.body or b"", header)
    yield from item.messages
    texts = (
        item.method,
        item.scheme,
        item.target,
        unquote(item.target),
        *item.aliases,
        *(each for pair in item.headers for each in pair),
    )
    yield from (text.encode("utf-8", "surrogateescape") for text in texts)
