"""Stored events (exports of Segment and Mixpanel, samples as documents print them): a list, or objects in a row."""

from __future__ import annotations

import mmap
from collections.abc import Iterator

from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers.json_elements import Element, elements
from telemetry_audit.readers.json_spans import keys, skip_space
from telemetry_audit.readers.loose_json import tidy

BROKEN = "The event is damaged, or the file ends in it, and it could not be read."
NO_EVENT = "The value is no JSON object, so it is no event."

_BOM = b"\xef\xbb\xbf"
_KEYS = {b'"event"', b'"type"', b'"properties"', b'"messageId"', b'"userId"', b'"anonymousId"'}


def recognises(head: bytes) -> bool:
    """Whether the file's first bytes are those of events: the first object has a key that only events have."""
    start, _ = _first(head, len(_BOM) if head.startswith(_BOM) else 0)
    return head[start : start + 1] == b"{" and not _KEYS.isdisjoint(keys(head, start))


def read(recording: str, content: mmap.mmap) -> Iterator[Exchange | Unread]:
    """One item for each event, in the order of the file; its body is its own text, tidied if need be."""
    for number, found in enumerate(_events(content)):
        if found is None:
            yield Unread(recording, number, "", BROKEN)
        elif content[found.start : found.start + 1] != b"{":
            yield Unread(recording, number, "", NO_EVENT)
        else:
            text = content[found.start : found.end]
            body = text if found.strict else tidy(text)
            yield Exchange(recording, number, None, "", "", "", 0, "", (), body, stored=True)


def _events(content: mmap.mmap) -> Iterator[Element | None]:
    """The events of one list, or one after the other, or of one list after the other."""
    at = len(_BOM) if content[:3] == _BOM else 0
    while 0 <= at < len(content):
        at, closing = _first(content, at)
        at = yield from elements(content, at, closing)


def _first(content: bytes | mmap.mmap, at: int) -> tuple[int, bytes]:
    """Where the first event from `at` on begins, and the bracket that closes their list, b"" without a list."""
    start = skip_space(content, at)
    return (skip_space(content, start + 1), b"]") if content[start : start + 1] == b"[" else (start, b"")
