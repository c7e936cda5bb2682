"""HTTP archives (HAR 1.2): entry by entry in place; an odd one costs only itself, a large archive little memory."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers.dump_exchange import text
from telemetry_audit.readers.har_body import Fields, body, encoded, from_base64
from telemetry_audit.readers.har_entry import Entry, Header, Message, entry
from telemetry_audit.readers.hosts import further_names, host_name
from telemetry_audit.readers.json_elements import Element, elements
from telemetry_audit.readers.json_spans import keys, member, skip_space

BROKEN = "The entry is damaged, or the archive ends in it, and its request could not be read."
NO_REQUEST = "The entry holds no request with an address."
NO_ENTRIES = "The archive is cut off or damaged before its list of entries."
NOT_CLOSED = "The archive does not end as one does: what follows its entries could not be read."

BINARY = 2
"""The opcode of a binary WebSocket message (RFC 6455, 5.2)."""

_BOM = b"\xef\xbb\xbf"
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?://([^/?#]*))?([^#]*)", re.DOTALL)
_PORT = re.compile(r":([0-9]{1,5})\Z")
_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}


def recognises(head: bytes) -> bool:
    """Whether the file's first bytes are those of an archive: an object with the member `log` that is an object."""
    start = skip_space(head, len(_BOM) if head.startswith(_BOM) else 0)
    if head[start : start + 1] != b"{" or b'"log"' not in keys(head, start):
        return False
    log, _ = member(head, start + 1, b'"log"')
    return head[log : log + 1] == b"{"


def read(recording: str, content: mmap.mmap) -> Iterator[Exchange | Unread]:
    """One item for each entry, in the order of the file, and one for an end that is missing or odd."""
    for number, found in enumerate(_entries(content)):
        if isinstance(found, Element):
            yield _item(recording, number, entry(content[found.start : found.end]))
        else:
            yield Unread(recording, number, "", found or BROKEN)


def _entries(content: mmap.mmap) -> Iterator[Element | str | None]:
    """Where the entries stand, None for each that is broken, and at last the reason if the archive ends oddly.

    A second list of entries is a list too: parsers differ in which of two equal keys they take.
    """
    start = skip_space(content, len(_BOM) if content[:3] == _BOM else 0)
    log, at = member(content, start + 1, b'"log"')
    at = log + 1
    lists = 0
    while log >= 0:
        entries, at = member(content, at, b'"entries"')
        if content[entries : entries + 1] != b"[" or entries < 0:
            break
        lists += 1
        at = yield from elements(content, entries + 1, b"]")
        if at < 0:
            return
    if not lists:
        yield NO_ENTRIES
    elif content[at : at + 1] != b"}" or not _closes(content, at + 1):
        yield NOT_CLOSED


def _closes(content: mmap.mmap, at: int) -> bool:
    """Whether the archive's outer object closes after `at` and nothing follows it."""
    again, at = member(content, at, b'"log"')
    return again < 0 and content[at : at + 1] == b"}" and skip_space(content, at + 1) == len(content)


def _item(recording: str, number: int, read_entry: Entry | None) -> Exchange | Unread:
    if read_entry is None:
        return Unread(recording, number, "", BROKEN)
    request = read_entry.request
    url = _address((request.url or "").strip()) if request is not None else None
    if request is None or url is None:
        return Unread(recording, number, "", NO_REQUEST)
    scheme, authority, target = url
    host = host_name(_well(authority))
    method = (request.method or "").upper()
    headers, named = _headers(request.headers or [])
    content, was_decoded = body(request.post, request.body_size, method, headers)
    if (
        was_decoded
    ):  # a recorder that writes a body as text has undone its coding: the header that tells of it is untrue
        headers = tuple(field for field in headers if field[0] != "content-encoding")
    port = _PORT.search(authority)
    return Exchange(
        recording,
        number,
        _seconds(read_entry.started),
        method,
        scheme,
        host,
        int(port[1]) if port else _PORTS.get(scheme, 0),
        _well(target),
        headers,
        b"" if method == "CONNECT" else content,
        further_names(host, named, read_entry.address or ""),
        None,
        tuple(_said(message) for message in read_entry.messages or () if message.type == "send"),
    )


def _address(url: str) -> tuple[str, str, str] | None:
    """Scheme, authority and target of a URL (RFC 3986, B) or of the `host:port` of a CONNECT; None without."""
    parts = _URL.match(url)
    if parts is None:
        return None
    if parts[2] is None:
        return ("", url, "") if parts[3].isdigit() else (parts[1].lower(), "", parts[3])
    return parts[1].lower(), parts[2], parts[3] if parts[3].startswith("/") else "/" + parts[3]


def _headers(headers: list[Header]) -> tuple[Fields, str]:
    """The headers without HTTP/2's pseudo-headers, and the host that they name."""
    fields: list[tuple[str, str]] = []
    named = ""
    for header in headers:
        name = _single(header.name or "").lower()
        value = _single(header.value or "")
        if name in ("host", ":authority"):
            named = named or value
        if not name.startswith(":"):
            fields.append((name, value))
    return tuple(fields), named


def _single(value: str) -> str:
    """The bytes that were sent, one character each, as headers are kept."""
    return value if value.isascii() else encoded(value).decode("latin-1")


def _well(value: str) -> str:
    """The text without lone surrogates."""
    return value if value.isascii() else text(value.encode("utf-8", "surrogatepass"))


def _said(message: Message) -> bytes:
    """A WebSocket message's bytes; binary ones are written in Base64."""
    data = message.data or ""
    binary = from_base64(data) if message.opcode == BINARY else None
    return encoded(data) if binary is None else binary


def _seconds(moment: str | None) -> float | None:
    """Seconds since the epoch of an ISO 8601 time, UTC where it names no zone; None for what is none."""
    try:
        time = datetime.fromisoformat(moment or "")
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
