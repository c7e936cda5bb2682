"""The texts that a text stands for: itself, and what percent-encoding, base64 and hex in it hide.

Each layer has its RFC: 3986 section 2.1 (percent), 4648 sections 4, 5 and 8 (base64, base64url, hex).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

MAX_DEPTH = 2
"""How many layers are undone, one inside the other."""

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}", re.ASCII)
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){6,}", re.ASCII)
_MOST_TOKENS = 64


class View(NamedTuple):
    """A text and the layers that were undone to get it, the outermost first."""

    text: str
    layers: tuple[str, ...]


def views(text: str, layers: tuple[str, ...] = ()) -> Iterator[View]:
    """`text` itself and every plausible text inside it, to `MAX_DEPTH` layers; at most 64 tokens of a text are tried."""
    yield View(text, layers)
    if len(layers) < MAX_DEPTH:
        for name, inner in _inside(text):
            yield from views(inner, (*layers, name))


def _inside(text: str) -> Iterator[tuple[str, str]]:
    if "%" in text and (plain := unquote(text, errors="replace")) != text:
        yield "percent-encoding", plain
    for _, match in zip(range(_MOST_TOKENS), _BASE64.finditer(text), strict=False):
        token = match.group()
        if _HEX.fullmatch(token):
            if inner := _text_of(bytes.fromhex(token)):
                yield "hex", inner
        elif inner := _text_of(_unbase64(token)):
            yield "base64", inner


def _unbase64(token: str) -> bytes:
    whole = token[: len(token) - (len(token) % 4 == 1)]
    try:
        return base64.b64decode(
            whole + "=" * (-len(whole) % 4), altchars=b"-_" if "-" in whole or "_" in whole else None
        )
    except binascii.Error:
        return b""


def _text_of(data: bytes) -> str:
    """The bytes as text if they read as such, else ""."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    return text if all(character.isprintable() or character in "\r\n\t" for character in text) else ""
