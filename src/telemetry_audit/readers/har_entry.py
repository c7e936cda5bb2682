"""One entry of a HAR: typed and quick where it is as the specification says, patient where it is not.

Shapes: the HAR 1.2 specification, and what Chrome, Firefox, Safari, Charles, Playwright, Slack and mitmproxy write.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from telemetry_audit.readers.loose_json import parse, tidy


class Header(msgspec.Struct, gc=False):
    """One header, or one field of a posted form."""

    name: str | None = None
    value: str | None = None
    file_name: str | None = msgspec.field(default=None, name="fileName")
    content_type: str | None = msgspec.field(default=None, name="contentType")


class Post(msgspec.Struct):
    """The posted data."""

    mime_type: str | None = msgspec.field(default=None, name="mimeType")
    text: str | None = None
    params: list[Header] | None = None
    encoding: str | None = None
    other_encoding: str | None = msgspec.field(default=None, name="_encoding")


class Request(msgspec.Struct):
    """The request."""

    method: str | None = None
    url: str | None = None
    headers: list[Header] | None = None
    post: Post | None = msgspec.field(default=None, name="postData")
    body_size: int | float | None = msgspec.field(default=None, name="bodySize")


class Message(msgspec.Struct):
    """One WebSocket message."""

    type: str | None = None
    opcode: int | float | None = None
    data: str | None = None


class Entry(msgspec.Struct):
    """What of an entry tells what left."""

    request: Request | None = None
    started: str | None = msgspec.field(default=None, name="startedDateTime")
    address: str | None = msgspec.field(default=None, name="serverIPAddress")
    messages: list[Message] | None = msgspec.field(default=None, name="_webSocketMessages")


_TYPED = msgspec.json.Decoder(Entry).decode


def entry(text: bytes) -> Entry | None:
    """The entry in the UTF-8 JSON text, None where it is none."""
    try:
        return _TYPED(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        value = parse(tidy(text))
    except ValueError:
        return None
    return _patiently(value) if isinstance(value, dict) else None


def _patiently(value: dict[str, object]) -> Entry:
    """The entry with each member of the wrong type taken for its text, or left out where it has none."""
    request = value.get("request")
    return Entry(
        _request(request) if isinstance(request, dict) else None,
        _text(value.get("startedDateTime")),
        _text(value.get("serverIPAddress")),
        [
            Message(_text(message.get("type")), _number(message.get("opcode")), _text(message.get("data")))
            for message in _list(value.get("_webSocketMessages"))
            if isinstance(message, dict)
        ],
    )


def _request(value: dict[str, object]) -> Request:
    post = value.get("postData")
    if isinstance(post, str):
        post = {"text": post}
    return Request(
        _text(value.get("method")),
        _text(value.get("url")),
        list(_headers(value.get("headers"))),
        _post(post) if isinstance(post, dict) else None,
        _number(value.get("bodySize")),
    )


def _post(value: dict[str, object]) -> Post:
    text = value.get("text")
    return Post(
        _text(value.get("mimeType")),
        msgspec.json.encode(text).decode() if isinstance(text, dict | list) else _text(text),
        list(_headers(value.get("params"))),
        _text(value.get("encoding")),
        _text(value.get("_encoding")),
    )


def _headers(value: object) -> Iterable[Header]:
    """Headers as objects, as [name, value] pairs (Slack), or as one object of names and values."""
    if isinstance(value, dict):
        value = [[name, text] for name, text in value.items()]
    for item in _list(value):
        if isinstance(item, dict):
            yield Header(
                _text(item.get("name")),
                _text(item.get("value")),
                _text(item.get("fileName")),
                _text(item.get("contentType")),
            )
        elif isinstance(item, list) and len(item) > 1:
            yield Header(_text(item[0]), _text(item[1]))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else None


def _number(value: object) -> int | float | None:
    return value if isinstance(value, int | float) else None
