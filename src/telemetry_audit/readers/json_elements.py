"""The elements of a list, or of a sequence, of JSON objects: each sound one is found although others are broken."""

from __future__ import annotations

import mmap
import re
from collections.abc import Generator
from typing import NamedTuple

from telemetry_audit.readers.json_spans import loose_end, skip_between, strict_end, value_end
from telemetry_audit.readers.loose_json import parse, tidy
from telemetry_audit.readers.source import release

# To read on to the end of the file for an element's end is dear where one after the other is broken.
_MOST_SEARCHES = 16
_FAR = 4 << 20
_PAGES = 8 << 20
_INDENTED_MOST = 80
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
    searches, freed = 0, 0
    while True:
        at = skip_between(content, at)
        if at >= len(content):
            if closing:
                yield None
            return -1 if closing else at
        if closing and content[at : at + 1] == closing:
            return at + 1
        limit = _following(content, at) if searches >= _MOST_SEARCHES else -1
        end = strict_end(content, at, limit if limit > 0 else len(content))
        if end > 0:
            yield Element(at, end, strict=True)
            at = end
        else:
            following = limit if limit > 0 else _following(content, at)
            end = _loose_end(content, at, following)
            if end < 0 and following > 0 and limit < 0:
                searches += 1
                end = _loose_end(content, at, len(content))
            is_sound = end > 0 and _can_be_parsed(content[at:end])
            yield Element(at, end, strict=False) if is_sound else None
            at = following if following > 0 and not is_sound else end
            if at < 0:
                return -1
        if at - freed >= _PAGES:
            freed = release(content, freed, at)


def _loose_end(content: mmap.mmap, at: int, stop: int) -> int:
    if content[at : at + 1] in (b"{", b"["):
        return loose_end(content, at, stop if stop > 0 else len(content))
    return value_end(content, at)


def _can_be_parsed(text: bytes) -> bool:
    try:
        parse(tidy(text))
    except ValueError:
        return False
    return True


def _following(content: mmap.mmap, at: int) -> int:
    """Where the next line begins an object as that of the element at `at` does, -1 without one.

    A printed list, and JSON lines, begin each element at the same indentation, where no string can reach.
    """
    line = content.rfind(b"\n", max(0, at - _INDENTED_MOST), at) + 1
    before = content[line:at] if line or at < _INDENTED_MOST else b"?"
    if not _INDENTED.fullmatch(before):
        return -1
    indent = re.escape(before) if line else rb"[ \t]{0,8}"
    found = re.compile(rb"\n" + indent + rb"(?=\{)").search(content, at, at + _FAR)
    return found.end() if found else -1
