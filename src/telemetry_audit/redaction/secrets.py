"""Texts that must stand nowhere in a copy, in any of the spellings in which they may be written."""

from __future__ import annotations

import json
import mmap
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Self
from urllib.parse import quote, quote_plus

import ahocorasick_rs

from telemetry_audit.detectors import Budget
from telemetry_audit.detectors.known import SHORTEST
from telemetry_audit.detectors.layers import views

FEWEST_DIGITS = 7
"""Shorter numbers stand by chance among times and sizes."""

_CACHED = 65_536
_CACHED_LENGTH = 256
_STEP = 1 << 20


class Secrets:
    """Texts that were found, searched for in any case of their letters, in every layer that a text hides, and in bytes as they are."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take texts that are long enough to stand nowhere by chance."""
        self.texts = tuple(dict.fromkeys(texts))
        self._plain = ahocorasick_rs.AhoCorasick([text.lower() for text in self.texts])
        spelled = {form for text in self.texts for form in _spellings(text)}
        exact = {form for text in self.texts for form in _base64_anywhere(text.encode("utf-8", "replace"))}
        self._longest = max(map(len, spelled | exact), default=0)
        self._spelled = ahocorasick_rs.BytesAhoCorasick(sorted(spelled))
        self._exact = ahocorasick_rs.BytesAhoCorasick(sorted(exact))
        self._in_short = lru_cache(_CACHED)(self._in_layers)

    @classmethod
    def of(cls, texts: Iterable[str], common: str) -> Self:
        """Of all texts that were found, those that tell something wherever they stand.

        Left out is what is short, and what stands in `common`: the names that every recording holds.
        """
        common = common.lower()
        return cls(sorted(text for text in texts if _is_long(text) and text.lower() not in common))

    def in_text(self, text: str) -> bool:
        """Whether one stands in a text or in a layer that it hides."""
        if not self.texts:
            return False
        return self._in_short(text) if len(text) <= _CACHED_LENGTH else self._in_layers(text)

    def in_bytes(self, data: bytes | mmap.mmap) -> bool:
        """Whether one stands in bytes: as UTF-8, percent-encoded, as JSON escapes it, or in Base64 at any offset."""
        if not self.texts:
            return False
        for at in range(0, len(data), _STEP):
            piece = bytes(data[at : at + _STEP + self._longest])
            if self._spelled.find_matches_as_indexes(piece.lower()) or self._exact.find_matches_as_indexes(piece):
                return True
        return False

    def _in_layers(self, text: str) -> bool:
        return any(self._plain.find_matches_as_indexes(view.text.lower()) for view in views(text, Budget()))


def _is_long(text: str) -> bool:
    return len(text) >= (FEWEST_DIGITS if text.isdigit() else SHORTEST)


def _spellings(text: str) -> Iterator[bytes]:
    """The spellings in which the case of letters means nothing, in lower case."""
    in_json = json.dumps(text)[1:-1]
    plain = json.dumps(text, ensure_ascii=False)[1:-1]
    for form in (text, in_json, plain, quote(text, safe="", errors="replace"), quote_plus(text, errors="replace")):
        yield form.encode("utf-8", "replace").lower()


def _base64_anywhere(data: bytes) -> Iterator[bytes]:
    """What is certain of the Base64 of anything that holds `data`, in both alphabets: it may begin at each of three offsets."""
    for offset in range(3):
        encoded = b64encode(b"\0" * offset + data).rstrip(b"=")
        certain = encoded[(offset * 8 + 5) // 6 : len(encoded) - ((offset + len(data)) % 3 != 0)]
        yield certain
        yield certain.replace(b"+", b"-").replace(b"/", b"_")
