"""What base64, base64url and hex digits in a text stand for, if it is a text: also the segments of a JWT, and what is compressed inside."""

from __future__ import annotations

import re
import zlib
from binascii import a2b_base64
from collections.abc import Iterable, Iterator

import brotli

from telemetry_audit.detectors.budget import Budget

_TOKEN = re.compile(r"[A-Za-z0-9+/_-]{8,}+(?:(?:\r?\n|(?:\\r)?\\n)[A-Za-z0-9+/_-]++)*+")
_BREAK = re.compile(r"\r?\n|(?:\\r)?\\n")
_SEGMENT = re.compile(r"[A-Za-z0-9+_-]{8,}+")
_WORD = re.compile(r"[A-Za-z0-9+]{8,}+")
_HEX = re.compile(r"(?:0?[xX])?((?:[0-9A-Fa-f]{2}){4,})", re.ASCII)
_SPACED_HEX = re.compile(r"[0-9A-Fa-f]{2}(?:[ :,][0-9A-Fa-f]{2}){5,}", re.ASCII)
_SPACED = re.compile(r"[ :,][0-9A-Fa-f]{2}[ :,][0-9A-Fa-f]{2}[ :,]", re.ASCII)
_ASCII = bytes((9, 10, 13, *range(32, 127)))
_ABOVE_ASCII = bytes(range(128, 245))
_RUN = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]{6,}")
_COMPRESSED = (b"\x1f\x8b", b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
_ZLIB_OR_GZIP = 47
_LEAST_BROTLI = 24
_STEP = 1 << 16
_LONGEST_WORD = 16
"""Small letters or digits up to here are a word or a number: base64 of a text this short has other characters too."""


def tokens_of(text: str) -> list[str]:
    """What in `text` may be base64 or hex: eight or more of its characters, with line breaks between."""
    return _TOKEN.findall(text)


def decoded_tokens(text: str, tokens: Iterable[str], budget: Budget) -> Iterator[tuple[str, str, bool]]:
    """The name of each coding in `text`, the text that it hides, as far as the budget lasts, and whether the token is about all of `text`."""
    segments: frozenset[str] | None = None
    for token in tokens:
        if len(token) < _LONGEST_WORD and token.isdigit():
            continue
        for piece in (token,) if token.isalnum() else _pieces(token):
            name, inner = _decoded(piece, budget)
            if inner:
                if piece.startswith("eyJ"):
                    segments = _segments(text) if segments is None else segments
                    name = "a JWT" if piece in segments else name
                yield name, inner, 5 * len(piece) >= 3 * len(text)
                if 4 * len(inner) >= 3 * len(token) - 3:
                    break
    if _SPACED.search(text):
        for digits in _SPACED_HEX.findall(text):
            inner = _text_of(bytes.fromhex(digits.replace(":", "").replace(",", "").replace(" ", "")))
            if inner:
                yield "hex", inner, 5 * len(digits) >= 3 * len(text)


def _segments(text: str) -> frozenset[str]:
    """What in `text` stands by a dot, as the segments of a JWT do, all of it at once, since there can be as many as the text has room for."""
    return frozenset(
        match.group()
        for match in _SEGMENT.finditer(text)
        if text.startswith(".", match.end()) or text.endswith(".", 0, match.start())
    )


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


def _decoded(token: str, budget: Budget) -> tuple[str, str]:
    """The name of the token's encoding, and the text in it or ""."""
    if len(token) < _LONGEST_WORD and token.isalpha() and token.islower():
        return "", ""
    if digits := _HEX.fullmatch(token):
        found = _uncompressed("hex", bytes.fromhex(digits[1]), budget)
        if found[1] or len(token) % 4 or token in {token.lower(), token.upper()}:
            return found  # else all characters of a base64 happen to be hex digits, of both cases
    token = token.replace("-", "+").replace("_", "/")
    data = a2b_base64(token[:-1] if len(token) % 4 == 1 else token + "==")
    return _uncompressed("base64", data, budget)


def _uncompressed(name: str, data: bytes, budget: Budget) -> tuple[str, str]:
    """The text in the bytes, or in what they are compressed from."""
    if data.startswith(_COMPRESSED):
        stream = zlib.decompressobj(_ZLIB_OR_GZIP)
        try:
            plain = stream.decompress(data, max(1, budget.left))
        except zlib.error:
            plain = b""
        else:
            budget.exhausted |= bool(stream.unconsumed_tail)
        if plain and (text := _text_of(plain)):
            return f"{name} of zlib or gzip", text
    text = _text_of(data)
    if text or len(data) < _LEAST_BROTLI:
        return name, text
    return _unbrotlied(name, data, budget)


def _unbrotlied(name: str, data: bytes, budget: Budget) -> tuple[str, str]:
    """Brotli has no mark by which to tell it, so it is tried, and what comes out must be text to its end."""
    stream = brotli.Decompressor()
    try:
        plain = stream.process(data, output_buffer_limit=_STEP)
        if len(plain) < _LEAST_BROTLI or plain.translate(None, _ASCII + _ABOVE_ASCII):
            return name, ""
        while not stream.can_accept_more_data() and len(plain) < budget.left:
            plain += stream.process(b"", output_buffer_limit=_STEP)
    except brotli.error:
        return name, ""
    budget.exhausted |= not stream.can_accept_more_data()
    return f"{name} of Brotli", _text_of(plain)


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
