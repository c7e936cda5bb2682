"""JSON as evidence: nothing that stands in the text may be lost on the way to a value.

The standard parser keeps the last of several equal keys, takes NaN and lone surrogates, refuses integers of over 4,300 digits and recurses.
Here each value of a repeated key is kept, long integers stay text, and depth is bounded before parsing.
"""

from __future__ import annotations

import json
import re

import msgspec

from telemetry_audit.locator import NUL, REPEAT

MAX_DEPTH = 200
"""Levels of nesting; deeper text is not parsed. Real telemetry has under ten."""

_STRING = re.compile(r'"(?:[^"\\]+|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")
_LONG_INTEGER = 4_000
_DECODER = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()


class TooDeep(ValueError):
    """The text nests deeper than `MAX_DEPTH`."""


def parse(text: str) -> object:
    """The value of a JSON text (RFC 8259).

    An earlier value of a repeated key stands under that key followed by `locator.REPEAT` and its number. Raises TooDeep, or
    ValueError for what is no JSON.
    """
    if text.count("[") + text.count("{") > MAX_DEPTH and is_deep(text):
        raise TooDeep
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer of more digits than the interpreter converts
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer)


def parse_bytes(data: bytes) -> object:
    """The value of JSON bytes, as `parse` and `decode` give it; several times as fast for what SDKs write.

    A faster parser's value is taken only if it is written back as the same bytes, spacing aside: then it cannot have lost a repeated key
    or anything else.
    """
    if data.count(b"[") + data.count(b"{") <= MAX_DEPTH and b"\\u0000" not in data:
        try:
            value = _DECODER.decode(data)
            written = _ENCODER.encode(value)
            if written == data or _without_spaces(written) == _without_spaces(data):
                return value
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            pass
    return parse(decode(data))


def _without_spaces(data: bytes) -> bytes:
    """JSON without the single spaces that some encoders put behind colons and commas; equal texts stay equal, others differ."""
    return data.replace(b'": ', b'":').replace(b", ", b",")


def decode(data: bytes) -> str:
    """JSON bytes as text: UTF-8, UTF-16 or UTF-32 told by their pattern, without a BOM; a stray byte becomes a lone surrogate."""
    encoding = json.detect_encoding(data)
    return data.decode(encoding, "surrogateescape" if encoding.startswith("utf-8") else "replace").removeprefix(
        "\ufeff"
    )


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs) and not any(REPEAT in key for key in found):
        return found
    pairs = [(key.replace(REPEAT, NUL), value) for key, value in pairs]
    found = dict(pairs)
    seen: dict[str, int] = {}
    last = {key: number for number, (key, _) in enumerate(pairs)}
    for number, (key, value) in enumerate(pairs):
        if last[key] != number:
            seen[key] = seen.get(key, 0) + 1
            found[f"{key}{REPEAT}{seen[key]}"] = value
    return found


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < _LONG_INTEGER else digits


def is_deep(text: str) -> bool:
    """Whether a JSON text nests deeper than `MAX_DEPTH`."""
    depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False
