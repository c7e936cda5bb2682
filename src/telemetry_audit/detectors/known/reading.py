"""A text as it is looked up among known values: its words, its numbers and what in it may be a digest, told once for every list."""

from __future__ import annotations

import re
from typing import NamedTuple

from telemetry_audit.detectors.known.digests import SHORT_LENGTHS, SHORTEST, SHORTEST_HEX, tokens
from telemetry_audit.detectors.known.words import FEWEST_DIGITS, numbers, words

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}t[0-9:.]{8,18}z", re.ASCII)


class Reading(NamedTuple):
    """`tokens` are pairs of how a digest stands in the text and its bytes, `whole` is all of the text as such a one would stand there."""

    words: list[str]
    numbers: tuple[str, ...] = ()
    tokens: tuple[tuple[str, bytes], ...] = ()
    whole: str = ""


def read(text: str, plain: str) -> Reading:
    """Read a text; `plain` is the same one, folded.

    A single word, as ids are, holds no number with separators, and is a digest only as a whole; a point in time is nobody's value.
    """
    if plain[4:5] == "-" and _TIME.fullmatch(plain):
        return _NOTHING
    found, length = words(plain), len(plain)
    if len(found) == 1 and len(found[0]) == length:
        if (length < SHORTEST_HEX and length not in SHORT_LENGTHS) or not plain.isascii():
            return Reading(found)
        return Reading(found, (), tuple(tokens(text)), text)
    digits = tuple(numbers(plain)) if length >= FEWEST_DIGITS else ()
    if length < SHORTEST or not (digests := tuple(tokens(text))):
        return Reading(found, digits)
    return Reading(found, digits, digests, text.strip().rstrip("="))


_NOTHING = Reading([])
