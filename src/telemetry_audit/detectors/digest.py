"""What a value in the place of a person's identity is: a digest, an id, a constant, or a name."""

from __future__ import annotations

import re
from functools import lru_cache

from telemetry_audit.detectors.known import digests

_HEX = re.compile(r"[0-9A-Fa-f]+", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_OBJECT_ID = re.compile(r"[0-9a-f]{24}", re.ASCII)
_DEVICE = re.compile(r"[0-9a-f]{6,16}(?:-[0-9a-f]{4,16}){4}", re.ASCII)
"""The id that Mixpanel's browser library makes: five groups of hex digits of varying length."""

_SPELLED = re.compile(r"(?:[2-7][0-9a-f]-?){8,}", re.ASCII | re.IGNORECASE)
"""Hex digits that spell a readable text; a random id of 12 bytes does so once in 100,000 times."""

_DRESSED = re.compile(
    r"\s*+(?:sha-?256[:=$]\s*+)?[0-9a-f]{64}\s+|\s+[0-9a-f]{64}|sha-?256[:=$]\s*[0-9a-f]{64}", re.ASCII | re.IGNORECASE
)
"""A SHA-256 with something around it."""

_FORMS = (("plain", _SPELLED), ("uuid", _UUID), ("uuid", _DEVICE), ("object-id", _OBJECT_ID), ("malformed", _DRESSED))
_TOKEN = re.compile(r"[A-Za-z0-9_+/=-]{20,}", re.ASCII)
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+", re.ASCII)
_READABLE = 3.25
"""Characters a part from which on a text is made of words and numbers: 1 random token of 22 characters in 300 gets there, and fewer longer ones."""

_SAID = (
    "",
    "null",
    "undefined",
    "nil",
    "NaN",
    "n/a",
    "[object Object]",
    "anonymous",
    "anonymousUser",
    "unknown",
    "None",
    "0",
)
_NOBODY = frozenset(word.lower() for word in _SAID)
CONSTANTS = frozenset(digest.hex() for word in _SAID for _, digest in digests(word, every_chain=False))
"""Digests, and digests of digests, of texts that name nobody, by every algorithm that known values are looked for in."""

_LENGTHS = {32: "md5", 40: "sha1", 56: "malformed", 96: "sha384", 128: "sha512"}
_FEWEST_DIGITS = 16
_REMEMBERED_LENGTH = 256


def kind_of_identity(text: str) -> str:
    """One word for what stands where a person's hash belongs.

    `sha256`, `constant` (a text that names nobody, such as "unknown" or a blank, or a digest of one), `uuid` (also a device id of Mixpanel's),
    `object-id`, `anonymous`, `upper-case`, `md5`, `sha1`, `sha384`, `sha512`, `malformed` (hex digits of another number), `token` (opaque, of
    unknown making: neither digits only, which may be a card's or a telephone's, nor words and numbers put together), or `plain`.
    """
    return _remembered(text) if len(text) <= _REMEMBERED_LENGTH else _kind(text)


def _kind(text: str) -> str:
    if text == "anonymousUser":
        return "anonymous"
    if text.strip().lower() in _NOBODY:
        return "constant"
    text = text.removeprefix("$device:")
    for kind, form in _FORMS:
        if form.fullmatch(text):
            return kind
    if _HEX.fullmatch(text) and len(text) >= _FEWEST_DIGITS and not (text.isalpha() or text.isdigit()):
        return _kind_of_hex(text)
    return "token" if _TOKEN.fullmatch(text) and _is_mixed(text) and not _is_readable(text) else "plain"


_remembered = lru_cache(65_536)(_kind)


def _kind_of_hex(text: str) -> str:
    if text.lower() in CONSTANTS:
        return "constant"
    if len(text) == 64:  # noqa: PLR2004 - a SHA-256 in hex (FIPS 180-4)
        return "sha256" if text == text.lower() else "upper-case"
    return _LENGTHS.get(len(text), "malformed")


def _is_mixed(text: str) -> bool:
    """Whether letters of both cases and digits stand mixed as no name mixes them."""
    digits = sum(character.isdigit() for character in text)
    uppers = sum(character.isupper() for character in text)
    lowers = sum(character.islower() for character in text)
    return digits * 10 >= len(text) and uppers * 10 >= len(text) and lowers * 10 >= len(text)


def _is_readable(text: str) -> bool:
    """Whether words and numbers make up the text, as in `JaneRoe19850412-Berlin1`; at random, kinds of characters change every second place."""
    return len(text) >= _READABLE * len(_PARTS.findall(text))
