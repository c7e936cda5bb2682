"""What base32 and Ascii85 in a text stand for, if it is a text. Base85 without Ascii85's marks is not undone: almost every word could be some."""

from __future__ import annotations

import re
from base64 import a85decode, b32decode
from collections.abc import Iterator, Sequence

_RUN = re.compile(r"[A-Za-z0-9]{16,}+", re.ASCII)
_BASE32 = re.compile(r"[A-Z2-7]+|[a-z2-7]+", re.ASCII)
_NO_LENGTHS = frozenset((1, 3, 6))
"""Digits beyond groups of eight that no base32 has."""

_ASCII85 = re.compile(r"<~([!-uz\s]{8,65536})~>", re.ASCII)
_LEAST = 8
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def in_other_bases(text: str, tokens: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """The name of each coding in `text`, the text that it hides, and whether it is about all of `text`.

    `tokens` are those of `tokens.py`, in which all runs of letters and digits are that are long enough.
    """
    for token in tokens:
        for digits in _RUN.findall(token):
            if _BASE32.fullmatch(digits) and (inner := _in_base32(digits)):
                yield "base32", inner, 5 * len(digits) >= 3 * len(text)
    if "<~" in text:
        for digits in _ASCII85.findall(text):
            if inner := _in_ascii85(digits):
                yield "Ascii85", inner, 5 * len(digits) >= 3 * len(text)


def _in_base32(digits: str) -> str:
    """The text in base32 (RFC 4648, section 6), in capitals or small letters; else ""."""
    if len(digits) % 8 in _NO_LENGTHS:
        return ""
    try:
        return _readable(b32decode(digits + "=" * (-len(digits) % 8), casefold=True))
    except ValueError:
        return ""


def _in_ascii85(digits: str) -> str:
    """The text in Ascii85 (PostScript Language Reference, section 3.13.3); else ""."""
    try:
        return _readable(a85decode(digits))
    except ValueError:
        return ""


def _readable(data: bytes) -> str:
    """The text that all of the bytes are, in UTF-8; else "". In these bases are no files, hence no looking for text among other things."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    return "" if len(text) < _LEAST or _CONTROL.search(text) else text
