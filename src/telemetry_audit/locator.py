"""The one grammar for places inside an exchange.

`body#/batch/0/userId` and `form:data#/event` are JSON pointers (RFC 6901) into a decoded part; `query:NAME`, `header:NAME`, `path`,
`host` and `scheme` name a part as a whole; `envelope:2#/…` is an item of an envelope and `ws:3#/…` a WebSocket message.
"""

from __future__ import annotations

import re

REPEAT = "\0"
"""Stands between a repeated JSON key and the number of the earlier value; never printed."""

NUL = "\N{SYMBOL FOR NULL}"
"""Stands for that character where a key really holds it."""

HIDDEN = "{}"
"""Stands in an id for a name that is not repeated: its fingerprint differs from audit to audit."""

_HIDDEN = re.compile(r"\{[0-9a-f]{16}\}")
_INDEX = re.compile(r"/[0-9]+(?=/|$)")


def child(where: str, name: str) -> str:
    """The locator of the member `name` below `where`.

    `name` is an escaped pointer token or a list index; a `where` that ends in a colon takes the name without a slash.
    """
    return where + name if where.endswith(":") else f"{where}/{name}"


def token(key: str) -> str:
    """A key as a JSON pointer token (RFC 6901, section 3), without the mark of a repeated key."""
    key = key.partition(REPEAT)[0]
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def relative(where: str) -> str:
    """A place inside an event, each list index written as `*` and each fingerprint that stands for a key as `{}`.

    So it is the same for every position in a batch and in every audit: `/properties/ids/0` is `/properties/ids/*`.
    """
    return _HIDDEN.sub(HIDDEN, _INDEX.sub("/*", where))
