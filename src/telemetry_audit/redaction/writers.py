"""Exchanges to recordings: each kind written anew with nothing in it but what an exchange holds."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, BinaryIO

from telemetry_audit import __version__
from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers.har_body import body
from telemetry_audit.readers.har_entry import Post
from telemetry_audit.readers.stored import NO_EVENT

_PORTS = {("http", 80), ("ws", 80), ("https", 443), ("wss", 443)}
_BINARY = 2
_BROKEN_EVENT = b'{"event":}'

type Writer = Callable[[Iterable[Exchange | Unread], BinaryIO], None]


def write_har(items: Iterable[Exchange | Unread], file: BinaryIO) -> None:
    """HTTP Archive 1.2. What was unread before it could be told apart is an entry without a request."""
    creator = {"name": "telemetry-audit redact", "version": __version__}
    file.write(b'{"log":{"version":"1.2","creator":%b,"entries":[' % json.dumps(creator).encode())
    for number, item in enumerate(items):
        file.write(b",\n" if number else b"\n")
        file.write(json.dumps(_entry(item)).encode())
    file.write(b"\n]}}\n")


def stored_writer(*, as_list: bool) -> Writer:
    """The writer of stored events, as a JSON array or as JSON lines."""

    def write(items: Iterable[Exchange | Unread], file: BinaryIO) -> None:
        for number, item in enumerate(items):
            file.write((b",\n" if number else b"[\n") if as_list else b"")
            file.write(_event(item) + (b"" if as_list else b"\n"))
        file.write(b"\n]\n" if as_list else b"")

    return write


def _event(item: Exchange | Unread) -> bytes:
    """An event on a line of its own; what could not be read is as unreadable in the copy, so that the counts stay."""
    if isinstance(item, Unread):
        return b"null" if item.reason == NO_EVENT else _BROKEN_EVENT
    return b" ".join((item.body or b"").split(b"\n")).replace(b"\r", b" ")


def _entry(item: Exchange | Unread) -> dict[str, Any]:
    if isinstance(item, Unread):
        return {"comment": "It could not be read, and is left out."}
    named = [("host", alias) for alias in item.aliases[:-1][:1]]
    headers = named + [each for each in item.headers if each[0] != "host"]
    request: dict[str, Any] = {
        "method": item.method,
        "url": _url(item),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": value} for name, value in headers],
        "queryString": [],
        "headersSize": -1,
        "bodySize": 1 if item.body is None else len(item.body),
    }
    if item.body:
        request["postData"] = _posted(item)
    entry = {
        "startedDateTime": _moment(item.time),
        "time": 0,
        "request": request,
        "response": {
            "status": 0,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "content": {"size": 0, "mimeType": ""},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }
    if item.aliases:
        entry["serverIPAddress"] = item.aliases[-1]
    if item.messages:
        entry["_webSocketMessages"] = [
            {"type": "send", "opcode": _BINARY, "data": base64.b64encode(message).decode()} for message in item.messages
        ]
    return entry


def _posted(item: Exchange) -> dict[str, str]:
    """The body as text where a reader of archives gets the same bytes and headers back, else in Base64."""
    data = item.body or b""
    kind = item.header("content-type") or ""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if text and item.header("content-encoding") is None and body(Post(text=text), None)[0] == data:
        return {"mimeType": kind, "text": text}
    return {"mimeType": kind, "text": base64.b64encode(data).decode(), "encoding": "base64"}


def _url(item: Exchange) -> str:
    """Scheme, authority and target again; of a tunnel, host and port."""
    host = f"[{item.host}]" if ":" in item.host else item.host
    if not item.scheme:
        return f"{host}:{item.port}"
    port = "" if (item.scheme, item.port) in _PORTS or not item.port else f":{item.port}"
    return f"{item.scheme}://{host}{port}{item.target}" if host else f"{item.scheme}:{item.target}"


def _moment(time: float | None) -> str:
    try:
        return "" if time is None else datetime.fromtimestamp(time, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
