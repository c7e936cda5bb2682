"""The texts that a text stands for: itself, and what percent-encoding, base64, hex and other spellings of characters in it hide.

Each layer has its RFC: 3986 section 2.1 (percent), 4648 sections 4, 5 and 8 (base64, base64url, hex), 2045 section 6.8 (base64 in lines), 1950 and
1952 (zlib and gzip inside).
"""

from __future__ import annotations

import re
import zlib
from binascii import a2b_base64
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from telemetry_audit.detectors.spelling import spelled_plainly

MAX_DEPTH = 2
"""How many layers are undone, one inside the other."""

_TOKEN = re.compile(r"[A-Za-z0-9+/_-]{12,}+(?:(?:\r?\n|(?:\\r)?\\n)[A-Za-z0-9+/_-]++)*+")
_BREAK = re.compile(r"\r?\n|(?:\\r)?\\n")
_SEGMENT = re.compile(r"[A-Za-z0-9+_-]{12,}+")
_WORD = re.compile(r"[A-Za-z0-9+]{12,}+")
_HEX = re.compile(r"(?:0?[xX])?((?:[0-9A-Fa-f]{2}){6,})", re.ASCII)
_ASCII = bytes((9, 10, 13, *range(32, 127)))
_ABOVE_ASCII = bytes(range(128, 245))
_RUN = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]{6,}")
_COMPRESSED = (b"\x1f\x8b", b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
_ZLIB_OR_GZIP = 47
_RATIO = 64
_LEAST_BUDGET = 1 << 20


class View(NamedTuple):
    """A text and the layers that were undone to get it, the outermost first."""

    text: str
    layers: tuple[str, ...]


def views(text: str) -> Iterator[View]:
    """`text` itself and every plausible text inside it, to `MAX_DEPTH` layers and four times its length, or a mebibyte, in all."""
    left = max(_LEAST_BUDGET, 4 * len(text))
    waiting = [View(text, ())]
    for view in waiting:
        yield view
        if len(view.layers) < MAX_DEPTH:
            for name, inner in _inside(view.text, left):
                left -= len(inner)
                if left < 0:
                    break
                waiting.append(View(inner, (*view.layers, name)))


def _inside(text: str, most: int) -> Iterator[tuple[str, str]]:
    if "%" in text and (plain := unquote(text, errors="replace")) != text:
        yield "percent-encoding", plain
    if ("\\" in text or "&" in text or not text.isascii()) and (plain := spelled_plainly(text)) != text:
        yield "another spelling", plain
    for token in _TOKEN.findall(text):
        for piece in (token,) if token.isalnum() else _pieces(token):
            name, inner = _decoded(piece, most)
            if inner:
                yield name, inner
                if 4 * len(inner) >= 3 * len(token) - 3:
                    break


def _pieces(token: str) -> Iterator[str]:
    """The token without line breaks, then its segments, since it may be a path or lines that are none, and the words of each segment."""
    is_broken = "\n" in token or "\\" in token
    yield _BREAK.sub("", token) if is_broken else token
    if is_broken or "/" in token:
        for segment in _SEGMENT.findall(token):
            yield segment
            if "-" in segment or "_" in segment:
                yield from _WORD.findall(segment)
    else:
        yield from _WORD.findall(token)


def _decoded(token: str, most: int) -> tuple[str, str]:
    """The name of the token's encoding, and the text in it or ""."""
    name = "base64"
    if digits := _HEX.fullmatch(token):
        name, data = "hex", bytes.fromhex(digits[1])
    else:
        token = token.replace("-", "+").replace("_", "/")
        data = a2b_base64(token[:-1] if len(token) % 4 == 1 else token + "==")
    if data.startswith(_COMPRESSED):
        try:
            name, data = (
                f"{name} of zlib or gzip",
                zlib.decompressobj(_ZLIB_OR_GZIP).decompress(data, min(most, _RATIO * len(data))),
            )
        except zlib.error:
            return name, ""
    return name, _text_of(data)


def _text_of(data: bytes) -> str:
    """The readable runs of six or more characters in data of which two thirds are readable, a line each; else ""."""
    odd = data.translate(None, _ASCII)
    if not odd:
        return data.decode("ascii")
    if 3 * len(odd) <= len(data):
        text = _decoded_as(data, "utf-8") or data.decode("latin-1")
    elif 3 * odd.count(0) > len(data):
        text = _decoded_as(data, "utf-16-le")
    else:
        text = "" if odd.translate(None, _ABOVE_ASCII) else _decoded_as(data, "utf-8")
    runs = _RUN.findall(text)
    return "\n".join(runs) if 3 * sum(map(len, runs)) > len(text) else ""


def _decoded_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""
