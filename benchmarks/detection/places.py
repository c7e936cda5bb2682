"""Where a leak may be planted so that it still is what its kind says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from detection.row import ADDRESS, CONTENT, NAMED, Json, Leak, Message

_LONGEST_KEY = 120
_LONGEST_URL = 2000
_LONGEST_HEADER = 4000
_NOT_AN_IDENTITY = ("digest", "person", "user")
"""Ends of kinds that are documented, or make no sense, as the id of a user."""


class Planted(NamedTuple):
    """What is put where: under which name, and whether it was written in layers."""

    value: Json
    key: str
    leak: Leak
    is_plain: bool

    @property
    def text(self) -> str:
        """The value in writing."""
        return str(self.value)


def places(message: Message, what: Planted) -> Iterator[str]:
    """The names of all places for this leak in this message."""
    yield from ("undocumented field", "nested")
    if isinstance(what.value, (list, dict)):
        return
    yield "late in a list"
    if not what.leak.whole:
        yield from _of_text(message, what)
        yield from _of_request(what)
        yield from _of_person(message, what)


def _of_text(message: Message, what: Planted) -> Iterator[str]:
    leak = what.leak
    needs_name = leak.hinted and what.is_plain
    if not (needs_name and (leak.promises == ADDRESS or leak.kind == "name with a hint")):
        yield "sentence"
    if needs_name:
        return
    if message.documented:
        yield "documented field"
    if message.page:
        yield "page title"
    if len(what.text) <= _LONGEST_KEY:
        yield "key"
    if len(what.text) <= _LONGEST_URL and "/" not in what.text:
        yield "URL path"


def _of_request(what: Planted) -> Iterator[str]:
    leak, text = what.leak, what.text
    if len(text) <= _LONGEST_URL:
        yield from ("URL parameter", "request query")
    fits = len(text) <= _LONGEST_HEADER and text.isascii() and text.isprintable()
    if fits and (leak.promises <= NAMED | ADDRESS or leak.promises == CONTENT):
        yield "header"
        if leak.promises == NAMED and not leak.hinted:
            yield "cookie"


def _of_person(message: Message, what: Planted) -> Iterator[str]:
    leak, payload = what.leak, message.payload
    if not leak.promises <= NAMED | ADDRESS or not isinstance(payload, dict):
        return
    if "userId" in payload and not leak.kind.endswith(_NOT_AN_IDENTITY):
        yield "identity"
    if what.is_plain and leak.number is not None:
        yield "JSON number"
    if what.is_plain and leak.promises == ADDRESS and "context" in payload:
        yield "context.ip"
