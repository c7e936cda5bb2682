"""The framing of mitmproxy's dumps: typed netstrings, walked by their lengths without building what they hold.

A value is `<length>:<bytes><type>`, and a dictionary's bytes are its keys and values in turn (tnetstrings.info;
mitmproxy added `;` for text). Only keys that are plain words are of interest here.
"""

from __future__ import annotations

import mmap
import re

_ITEM = re.compile(rb"([0-9]{1,2}:[a-z0-9_]{1,40}[;,])([0-9]{1,12}):").match
_PREFIX = re.compile(rb"([0-9]{1,12}):").match

# mitmproxy's largest dictionary has 19; the bound keeps the search for a flow among damaged bytes linear.
MOST_MEMBERS = 64

type Span = tuple[int, int]


class Damaged(ValueError):
    """The bytes do not follow the framing."""


def members(data: bytes | mmap.mmap, start: int, stop: int) -> dict[bytes, Span]:
    """Where the values of the dictionary in data[start:stop] stand, by key.

    A key is as it is written, with length and type (`7:request;`). The byte behind a value is its type. Raises Damaged.
    """
    found: dict[bytes, Span] = {}
    for _ in range(MOST_MEMBERS):
        if start >= stop:
            break
        item = _ITEM(data, start)
        if item is None:
            raise Damaged
        key, length = item.groups()
        first = item.end()
        start = first + int(length) + 1
        found[key] = first, start - 1
    if start != stop:
        raise Damaged
    return found


def elements(data: bytes | mmap.mmap, start: int, stop: int) -> list[Span]:
    """Where the elements of the list in data[start:stop] stand; raises Damaged."""
    found: list[Span] = []
    while start < stop:
        prefix = _PREFIX(data, start)
        if prefix is None:
            raise Damaged
        first = prefix.end()
        start = first + int(prefix[1]) + 1
        found.append((first, start - 1))
    if start != stop:
        raise Damaged
    return found
