"""The patient way through one flow: its keys in any order, everything that a flow of formats 19 to 21 may hold."""

from __future__ import annotations

import mmap
import re

from telemetry_audit.readers.dump_exchange import Parts
from telemetry_audit.readers.tnetstring import Damaged, Span, elements, members

_HEADER = re.compile(rb"[0-9]+:([0-9]+):").match
_LENGTH = re.compile(rb"([0-9]+):").match


def header(line: bytes) -> tuple[str, str]:
    """Lower-case name and value (Latin-1) out of `<length>:<length>:<name>,<length>:<value>`; raises Damaged."""
    name = _HEADER(line)
    if name is None:
        raise Damaged
    comma = name.end() + int(name[1])
    value = _LENGTH(line, comma + 1)
    if value is None or value.end() + int(value[1]) != len(line) or line[comma : comma + 1] != b",":
        raise Damaged
    if int(line[: name.start(1) - 1]) != len(line) - name.start(1) + 1:
        raise Damaged
    return line[name.end() : comma].decode("latin-1").lower(), line[value.end() :].decode("latin-1")


def parts(data: bytes | mmap.mmap, flow: dict[bytes, Span]) -> Parts:
    """The parts of an HTTP flow whose members stand in `data` as `flow` says; raises Damaged where one is broken."""
    request = _dictionary(data, flow, b"7:request;")
    server = _dictionary(data, flow, b"11:server_conn;")
    client = _dictionary(data, flow, b"11:client_conn;")
    return Parts(
        path=scalar(data, request, b"4:path;"),
        authority=scalar(data, request, b"9:authority;"),
        scheme=scalar(data, request, b"6:scheme;"),
        method=scalar(data, request, b"6:method;"),
        port=scalar(data, request, b"4:port;"),
        host=scalar(data, request, b"4:host;"),
        time=scalar(data, request, b"15:timestamp_start;"),
        content=None if _null(data, request, b"7:content;") else scalar(data, request, b"7:content;"),
        headers=_headers(data, request, b"7:headers;") + _headers(data, request, b"8:trailers;"),
        version=scalar(data, request, b"12:http_version;"),
        address=host(data, server, b"7:address;"),
        sni=scalar(data, server, b"3:sni;"),
        client=host(data, client, b"8:peername;"),
        messages=_messages(data, flow),
    )


def questions(data: bytes | mmap.mmap, flow: dict[bytes, Span]) -> tuple[bytes, tuple[bytes, ...], bytes]:
    """Time, names asked for and client of a DNS flow; raises Damaged."""
    request = _dictionary(data, flow, b"7:request;")
    asked = request.get(b"9:questions;", (0, 0))
    names = tuple(scalar(data, members(data, *question), b"4:name;") for question in elements(data, *asked))
    client = host(data, _dictionary(data, flow, b"11:client_conn;"), b"8:peername;")
    return scalar(data, request, b"9:timestamp;"), names, client


def connected(data: bytes | mmap.mmap, flow: dict[bytes, Span]) -> bytes:
    """The host of the server that a flow of any sort is connected to, b"" without one; raises Damaged."""
    server = _dictionary(data, flow, b"11:server_conn;")
    return host(data, server, b"7:address;") or host(data, server, b"8:peername;")


def scalar(data: bytes | mmap.mmap, owner: dict[bytes, Span], key: bytes) -> bytes:
    """The bytes of a value that holds no others, b"" for a null one; raises Damaged without it."""
    span = owner.get(key)
    if span is None or data[span[1] : span[1] + 1] not in (b",", b";", b"#", b"^", b"~", b"!"):
        raise Damaged
    return data[span[0] : span[1]]


def host(data: bytes | mmap.mmap, owner: dict[bytes, Span], key: bytes) -> bytes:
    """The host of a (host, port) pair, b"" for none; raises Damaged."""
    span = owner.get(key, (0, 0))
    pair = elements(data, *span)
    return data[pair[0][0] : pair[0][1]] if pair else b""


def _null(data: bytes | mmap.mmap, owner: dict[bytes, Span], key: bytes) -> bool:
    span = owner.get(key)
    return span is not None and data[span[1] : span[1] + 1] == b"~"


def _dictionary(data: bytes | mmap.mmap, owner: dict[bytes, Span], key: bytes) -> dict[bytes, Span]:
    span = owner.get(key)
    if span is None or data[span[1] : span[1] + 1] != b"}":
        raise Damaged
    return members(data, *span)


def _headers(data: bytes | mmap.mmap, owner: dict[bytes, Span], key: bytes) -> tuple[tuple[str, str], ...]:
    lines = (elements(data, *pair) for pair in elements(data, *owner.get(key, (0, 0))))
    try:
        fields = [(data[name[0] : name[1]], data[value[0] : value[1]]) for name, value in lines]
    except ValueError as error:
        raise Damaged from error
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in fields)


def _messages(data: bytes | mmap.mmap, flow: dict[bytes, Span]) -> tuple[bytes, ...]:
    """What the client sent over a WebSocket; a message is (type, from_client, content, time, dropped, injected)."""
    if _null(data, flow, b"9:websocket;") or b"9:websocket;" not in flow:
        return ()
    socket = _dictionary(data, flow, b"9:websocket;")
    messages = (elements(data, *message) for message in elements(data, *socket.get(b"8:messages;", (0, 0))))
    try:
        return tuple(data[said[0] : said[1]] for _, ours, said, *_ in messages if data[ours[0] : ours[1]] == b"true")
    except ValueError as error:
        raise Damaged from error
