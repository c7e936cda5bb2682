"""What a decoder is, and what it is given: an exchange whose content codings are undone, and its JSON where there is some."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from telemetry_audit.catalog import Destination
from telemetry_audit.decoders import json_text
from telemetry_audit.locator import NUL, REPEAT
from telemetry_audit.model import Event, Exchange

NOT_JSON = "the body is not the JSON that its destination takes"
TOO_DEEP = f"the body nests deeper than {json_text.MAX_DEPTH} levels"
_MOST_FIELDS = 10_000
_FIRST_OF_JSON = (b"{", b"[")


class Unreadable(ValueError):
    """A decoder cannot read an exchange; the argument is the reason, a fixed sentence."""


class Part(NamedTuple):
    """A decoded value of an exchange and its locator."""

    where: str
    value: object


@dataclass(frozen=True)
class Opened:
    """An exchange with the content codings of its body undone; `body` is empty where there is none."""

    exchange: Exchange
    body: bytes

    @cached_property
    def path(self) -> str:
        """The path without its query, in lower case and without a slash at the end."""
        return self.exchange.target.partition("?")[0].lower().rstrip("/")

    @property
    def raw_path(self) -> str:
        """The path as it was sent."""
        return self.exchange.target.partition("?")[0]

    @cached_property
    def last_segment(self) -> str:
        """What stands behind the last slash of the path."""
        return self.path.rpartition("/")[2]

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return json_text.decode(self.body)

    @cached_property
    def json(self) -> object:
        """The body as JSON; raises Unreadable."""
        return _read(json_text.parse_bytes, self.body)

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters of the query, and a fragment, which HARs keep, under `#`."""
        query, _, fragment = self.exchange.target.partition("?")[2].partition("#")
        return fields(query) | ({"#": fragment} if fragment else {})

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a body that is a form, else nothing."""
        if self.body.lstrip()[:1] in _FIRST_OF_JSON:  # told without making a text of it
            return {}
        start = self.text[:256]
        return fields(self.text) if "=" in start and start.lstrip()[:1] not in {"{", "[", '"', "<"} else {}

    def messages(self) -> Iterator[Part]:
        """The JSON documents in which the well-known vendors send events: the body, or `data` in a form or a query, plain or base64.

        Raises Unreadable where there is a body and it is neither.
        """
        in_form = list(_named(self.form, "data"))
        yield from (Part("form:data#", _parsed_data(text)) for text in in_form)
        if self.body.strip() and not in_form:
            yield Part("body#", self.json)
        yield from (Part("query:data#", _parsed_data(text)) for text in _named(self.query, "data"))


class Decoded(NamedTuple):
    """What a decoder made of an exchange: events, what stood around them, and reasons why some part could not be read."""

    events: tuple[Event, ...] = ()
    rest: tuple[Part, ...] = ()
    unread: tuple[str, ...] = ()


class Example(NamedTuple):
    """A request and what the decoder must make of it: (kind, name, where) of each event. Empty events: not recognised as this framing."""

    says: str
    target: str
    body: bytes
    events: tuple[tuple[str, str, str], ...]
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Decoder:
    """One decoder.

    `decode` raises Unreadable where it cannot make sense of a body. `recognises` tells its framing at a host that nobody named; `marks` are
    byte strings of which a body must hold one for that to be possible.
    """

    id: str
    says: str
    decode: Callable[[Opened, Destination], Decoded]
    recognises: Callable[[Opened], bool]
    marks: tuple[bytes, ...]
    examples: tuple[Example, ...]


def parsed(text: str) -> object:
    """The value of a JSON text; raises Unreadable."""
    return _read(json_text.parse, text)


def _read[Source](parse: Callable[[Source], object], source: Source) -> object:
    try:
        return parse(source)
    except json_text.TooDeep:
        raise Unreadable(TOO_DEEP) from None
    except (ValueError, RecursionError):
        raise Unreadable(NOT_JSON) from None


def fields(text: str) -> dict[str, str]:
    """Name and value of each pair of a query or form (WHATWG URL, section 5.1).

    An earlier value of a repeated name stands under that name with `locator.REPEAT` and a number; a text of too many pairs is one field.
    """
    found: dict[str, str] = {}
    try:
        pairs = parse_qsl(text.strip(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {"*": text}
    for raw, value in pairs:
        name = raw.replace(REPEAT, NUL)
        if name in found:
            found[f"{name}{REPEAT}{len(found)}"] = found[name]
        found[name] = value
    return found


def _named(found: Mapping[str, str], name: str) -> Iterator[str]:
    """Every value of a name, the repeated ones too."""
    return (value for key, value in found.items() if key.partition(REPEAT)[0] == name)


def members(value: object) -> Mapping[str, Any]:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def _parsed_data(text: str) -> object:
    if text.lstrip()[:1] in {"{", "["}:
        return parsed(text)
    token = text.replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), validate=True)
    except binascii.Error:
        raise Unreadable(NOT_JSON) from None
    return _read(json_text.parse_bytes, data)
