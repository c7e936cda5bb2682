"""A body or message written anew in the framing in which it was: JSON, JSON lines, an envelope, a form, or text."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from telemetry_audit.decoders import Opened, json_text
from telemetry_audit.locator import token
from telemetry_audit.redaction.values import Values, dumped

_MOST_FIELDS = 10_000
_DATA = "data"
_OPENING = ("{", "[", '"')


def body(opened: Opened, values: Values, *, envelope: bool) -> bytes:
    """The decoded body of an exchange, written anew; its own bytes if nothing of it was replaced.

    `envelope` says that the lines are those of a Sentry envelope. Raises ValueError where a place in it cannot be reached.
    """
    if not opened.body.strip():
        return opened.body
    text = opened.text
    if "body#" in values.places:
        return _encoded(values.put(values.places["body#"]))
    if envelope:
        return _encoded(_envelope(text, values))
    if text.lstrip()[:1] in _OPENING:
        return _as_json(opened.body, text, values, "body#")
    if opened.form:
        written = pairs(text, "form", values)
        return opened.body if written == text else _encoded(written)
    written = values.text(text, "body#")
    return opened.body if written == text else _encoded(written)


def message(data: bytes, number: int, values: Values) -> bytes:
    """The WebSocket message of this number, written anew. Raises ValueError as `body` does."""
    text, where = json_text.decode(data), f"ws:{number}#"
    if where in values.places or text.lstrip()[:1] not in _OPENING:
        written = values.text(text, where)
        return data if written == text else _encoded(written)
    return _as_json(data, text, values, where)


def pairs(text: str, kind: str, values: Values) -> str:
    """A query or form (kind "query" or "form"), written anew; the same text if nothing of it was replaced. Raises ValueError."""
    fields = parse_qsl(text.strip(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    written = [(values.key(name), _field(name, value, kind, values)) for name, value in fields]
    return text if written == fields else urlencode(written, errors="surrogatepass")


def _field(name: str, value: str, kind: str, values: Values) -> str:
    if name == _DATA and (inside := values.inside(value, f"{kind}:{_DATA}#")) is not None:
        return inside
    return values.text(value, f"{kind}:{values.discretion.key(token(name))}")


def _as_json(data: bytes, text: str, values: Values, where: str) -> bytes:
    """One JSON text, or one a line."""
    try:
        value = json_text.parse(text)
    except ValueError:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2:  # noqa: PLR2004 - one line has been tried
            raise
        parsed = [json_text.parse(line) for line in lines]
        written = values.rewritten(parsed, where)
        if written == parsed:
            return data
        return _encoded("\n".join(map(dumped, written)) if isinstance(written, list) else dumped(written))
    written = values.rewritten(value, where)
    return data if written == value else _encoded(dumped(written))


def _envelope(text: str, values: Values) -> str:
    """A Sentry envelope: headers, then for each item a line of headers and one of payload, whose length is told anew."""
    header, *lines = text.split("\n")
    written = [dumped(values.rewritten(json_text.parse(header), "envelope#"))]
    lines = [line for line in lines if line.strip()]
    for number in range(0, len(lines), 2):
        item = json_text.parse(lines[number])
        if not isinstance(item, dict) or number + 1 == len(lines):
            raise ValueError("the items of the envelope are not a line of headers and one of payload each")
        payload = dumped(values.rewritten(json_text.parse(lines[number + 1]), f"envelope:{number // 2}#"))
        head = {key: values.rewritten(inner, f"envelope#/items/{number // 2}/{key}") for key, inner in item.items()}
        if "length" in head:
            head["length"] = len(_encoded(payload))
            values.made.add(head["length"])
        written += [dumped(head), payload]
    return "\n".join(written) + "\n"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
