"""mitmproxy's dumps: a walk over the flows in place that takes only what left, and finds its way again after damage."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator

from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers import dump_flow, dump_swift
from telemetry_audit.readers.dump_exchange import exchange, lookup, text
from telemetry_audit.readers.hosts import host_name
from telemetry_audit.readers.older_dump import upgraded
from telemetry_audit.readers.source import release
from telemetry_audit.readers.tnetstring import Damaged, Span, members

LOST = "A part of the dump is damaged or cut off, and the flows in it could not be read."
BROKEN = "The flow is damaged, and its request could not be read."
TOO_OLD = "The flow is of mitmproxy's flow format 0.10 or older, which mitmproxy itself reads no more."
TOO_NEW = "The flow is of a flow format that is newer than this program."
NOT_MIGRATED = "The flow is of an older flow format, and mitmproxy's migration does not take it."
RAW_TCP = "It was a raw TCP connection, whose content was not interpreted."
RAW_UDP = "It was a raw UDP connection, whose content was not interpreted."
UNKNOWN = "The flow is of a kind that this program does not know."

# Flow formats: from 19 on, what is of interest here is the same; before 0.11, mitmproxy has no migration.
_OLDEST, _ALIKE, _NEWEST = (0, 11), (19,), (21,)
_DIRECT = frozenset(b"7:version;2:%d#" % version for version in range(_ALIKE[0], _NEWEST[0] + 1))
_LONGEST_NUMBER = 9
_PAGES = 8 << 20
# The first key of a flow: any, as before Python 3.7 they stood in no order.
_KEYS = (
    rb"(?:websocket|response|request|messages|version|type|id|error|client_conn|server_conn|intercepted"
    rb"|marked|metadata)"
)
_START = re.compile(rb"[0-9]{1,12}:[0-9]{1,2}:" + _KEYS + rb"[;,]")
_SIGN = re.compile(rb"[0-9]{1,2}:" + _KEYS + rb"[;,][0-9]{1,12}:")
_LONGEST_START = 12 + 1 + 2 + 1 + 11 + 1
_NUMBERS = re.compile(rb"[0-9]+:([0-9]+)#")


def recognises(head: bytes) -> bool:
    """Whether the file's first bytes are those of a dump, sound or with its first flow damaged."""
    is_json = head.lstrip().startswith((b"{", b"["))
    return _START.match(head) is not None or (not is_json and _SIGN.search(head) is not None)


def read(recording: str, content: mmap.mmap) -> Iterator[Exchange | Unread]:
    """One item for each flow, in the order of the file, and one for each stretch in which no flow could be found."""
    fields = dump_swift.headers_reader()
    for number, span in enumerate(flows(content)):
        if span is None:
            yield Unread(recording, number, "", LOST)
            continue
        start, stop = span
        direct = content[stop - 15 : stop] in _DIRECT
        quick = dump_swift.parts(content, start, stop, fields) if direct else None
        yield exchange(recording, number, quick) if quick else _patiently(recording, number, content, start, stop)


def flows(content: mmap.mmap) -> Iterator[Span | None]:
    """Where the flows' dictionaries stand, None for a damaged stretch; pages that were passed are given back."""
    at, freed = 0, 0
    while at < len(content):
        span = _framed(content, at)
        yield span
        at = span[1] + 1 if span else _next_start(content, at + 1)
        if at - freed >= _PAGES:
            freed = release(content, freed, at)


def _framed(content: mmap.mmap, at: int) -> Span | None:
    """The bytes of the dictionary whose length stands at `at`, None where none does or it is cut off."""
    colon = content.find(b":", at, at + 13)
    digits = content[at:colon] if colon > 0 else b""
    if not digits.isdigit():
        return None
    stop = colon + 1 + int(digits)
    return (colon + 1, stop) if content[stop : stop + 1] == b"}" else None


def _next_start(content: mmap.mmap, at: int) -> int:
    """Where the next plausible flow begins, or the end; one pass, in steps whose pages are given back."""
    while at < len(content):
        step = content[at : at + _PAGES]
        for found in _START.finditer(step):
            # What stood before may have ended in digits, so the length may begin at any of these.
            for first in range(at + found.start(), at + step.index(b":", found.start())):
                if _is_flow(content, first):
                    return first
        release(content, at, at + len(step))
        if at + len(step) >= len(content):
            break
        at += len(step) - _LONGEST_START
    return len(content)


def _is_flow(content: mmap.mmap, at: int) -> bool:
    span = _framed(content, at)
    if span is None:
        return False
    try:
        return bool(_version(content, members(content, *span)))
    except Damaged:
        return False


def _patiently(recording: str, number: int, content: mmap.mmap, start: int, stop: int) -> Exchange | Unread:
    try:
        flow = members(content, start, stop)
        version = _version(content, flow)
    except Damaged:
        return Unread(recording, number, "", BROKEN)
    if version >= _ALIKE:
        return _item(recording, number, content, flow) if version <= _NEWEST else Unread(recording, number, "", TOO_NEW)
    if version < _OLDEST:
        return Unread(recording, number, "", TOO_OLD)
    current = upgraded(b"%d:%b}" % (stop - start, content[start:stop]))
    try:
        flow = members(current, current.index(b":") + 1, len(current) - 1) if current else {}
    except Damaged:
        flow = {}
    return _item(recording, number, current, flow) if flow else Unread(recording, number, "", NOT_MIGRATED)


def _version(data: bytes | mmap.mmap, flow: dict[bytes, Span]) -> tuple[int, ...]:
    """The flow format: one number since mitmproxy 4, before it mitmproxy's own version; raises Damaged without one."""
    span = flow.get(b"7:version;") or flow.get(b"7:version,")
    if span is None:
        raise Damaged
    value = data[span[0] : span[1]]
    numbers = [value] if value.isdigit() else _NUMBERS.findall(value)
    if not numbers or max(map(len, numbers)) > _LONGEST_NUMBER:
        raise Damaged
    return tuple(map(int, numbers))


def _item(recording: str, number: int, data: bytes | mmap.mmap, flow: dict[bytes, Span]) -> Exchange | Unread:
    """What a flow of a current format is: HTTP and DNS were understood, TCP and UDP only passed."""
    says: dict[bytes, str] = {b"tcp": RAW_TCP, b"udp": RAW_UDP}
    try:
        kind = dump_flow.scalar(data, flow, b"4:type;")
        if kind == b"http":
            return exchange(recording, number, dump_flow.parts(data, flow))
        if kind == b"dns":
            return lookup(recording, number, *dump_flow.questions(data, flow))
        return Unread(recording, number, host_name(text(dump_flow.connected(data, flow))), says.get(kind, UNKNOWN))
    except Damaged:
        return Unread(recording, number, "", BROKEN)
