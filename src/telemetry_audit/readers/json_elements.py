"""The elements of a list, or of a sequence, of JSON objects: each sound one is found although others are broken."""

from __future__ import annotations

import mmap
import re
from collections.abc import Generator
from typing import NamedTuple

from telemetry_audit.readers.json_spans import loose_end, skip_space, strict_end, value_end
from telemetry_audit.readers.loose_json import parse, tidy
from telemetry_audit.readers.source import release

# To look for the end of a broken element may take reading all that follows, so it is not done for ever.
MOST_BROKEN = 64
_PAGES = 8 << 20
_INDENTED = re.compile(rb"[\[ \t\xef\xbb\xbf]*+")


class Element(NamedTuple):
    """Where one sound element stands, and whether it is strict JSON or must be tidied before it can be parsed."""

    start: int
    end: int
    strict: bool


def elements(content: mmap.mmap, at: int, closing: bytes) -> Generator[Element | None, None, int]:
    """Each sound element from `at` on, None for each that is broken, and a last None if the list is cut off.

    `closing` is the bracket that ends the list, b"" for a sequence that ends with the file. An element is sound if
    `loose_json.parse` takes it once it is tidy. Pages that were passed are given back. Returns where the list ends, -1
    if it does not.
    """
    broken, freed = 0, 0
    while True:
        at = skip_space(content, at)
        while content[at : at + 1] == b",":
            at = skip_space(content, at + 1)
        if at >= len(content):
            if closing:
                yield None
            return -1 if closing else at
        if closing and content[at : at + 1] == closing:
            return at + 1
        element = _sound(content, at)
        yield element
        if element is None:
            broken += 1
            at = _after_broken(content, at) if broken < MOST_BROKEN else -1
            if at < 0:
                return -1
        else:
            at = element.end
        if at - freed >= _PAGES:
            freed = release(content, freed, at)


def _sound(content: mmap.mmap, at: int) -> Element | None:
    if content[at : at + 1] not in (b"{", b"["):
        end = value_end(content, at)
    elif (end := strict_end(content, at)) > 0:
        return Element(at, end, strict=True)
    else:
        end = loose_end(content, at)
    if end < 0:
        return None
    try:
        parse(tidy(content[at:end]))
    except ValueError:
        return None
    return Element(at, end, strict=False)


def _after_broken(content: mmap.mmap, at: int) -> int:
    """Where to go on after the broken element at `at`, -1 for nowhere.

    A printed list, and JSON lines, begin each element at the same indentation, where no string can reach. Without that,
    brackets are all there is to go by, as long as they close.
    """
    line = content.rfind(b"\n", 0, at) + 1
    before = content[line : min(at, line + 80)]
    if line + len(before) == at and _INDENTED.fullmatch(before):
        indent = b"" if line == 0 else re.escape(before)
        found = re.compile(rb"\n" + (indent or rb"[ \t]{0,8}") + rb"(?=\{)").search(content, at)
        if found:
            return found.end()
    return loose_end(content, at)
