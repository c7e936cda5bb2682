"""What the benchmark is made of: messages as a sender frames them, leaks, and labelled rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from telemetry_audit.model import Exchange

type Json = Any
"""What JSON can hold. A message's payload is planted into, so it is a plain, changing value."""

type Field = tuple[str, Json]
"""The name of a field and its value."""

NAMED = frozenset({"anonymous-users", "user-names-hashed", "consent"})
"""The promises that somebody's personal data break."""

CONTENT = frozenset({"no-datasource-data"})
"""The promise that what belongs to a datasource breaks."""

ADDRESS = frozenset({"server-address-only"})
"""The promise that a client's address breaks."""

SECRET = CONTENT | NAMED
"""A secret opens a datasource or somebody's account; either promise will do."""


@dataclass(slots=True)
class Message:
    """One request before it is framed.

    `inner` is the object inside `payload` to which an event's own fields belong, `page` what it says of a browser's page, or None.
    `documented` names members of `inner` that hold text which a person chose or a program wrote. `frame` makes the body.
    """

    template: str
    url: str
    headers: dict[str, str]
    payload: Json
    inner: dict[str, Json]
    frame: Callable[[Json], bytes]
    documented: tuple[str, ...] = ()
    page: dict[str, Json] | None = None
    query: dict[str, str] = field(default_factory=dict)

    def exchange(self, number: int) -> Exchange:
        """The exchange of this number that an audit sees."""
        parts = urlsplit(self.url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        body = self.frame(self.payload) if self.payload is not None else b""
        headers = tuple((name.lower(), value) for name, value in self.headers.items())
        method = "POST" if body else "GET"
        host = parts.hostname or ""
        return Exchange(
            "benchmark", number, 1_760_000_000.0 + number, method, "https", host, 443, target, headers, body
        )


class Leak(NamedTuple):
    """One thing that must not leave.

    `value` is text, a number, or rows as JSON; `text` the same in writing. `keys` are names under which it may stand; a `hinted` leak is one only
    under such a name, a `whole` one only as a value of its own. `exact` forms are known by themselves, even backwards or in ROT13.
    """

    kind: str
    value: Json
    promises: frozenset[str]
    keys: tuple[str, ...] = ()
    hinted: bool = False
    exact: bool = False
    number: int | None = None
    whole: bool = False

    @property
    def text(self) -> str:
        """The leak in writing."""
        return str(self.value)


class Row(NamedTuple):
    """One labelled exchange. A benign one has no kind; `layer` is "" for what is written plainly; `example` is what was planted."""

    template: str
    kind: str
    layer: str
    place: str
    promises: frozenset[str]
    exchange: Exchange
    example: str = ""

    @property
    def is_leak(self) -> bool:
        """Whether a promise must be found broken."""
        return bool(self.kind)
