"""Values that the operator knows: canaries planted in a datasource, and names of users; plain, encoded or hashed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import quote, quote_plus

import ahocorasick_rs

from telemetry_audit.detectors.spelling import normal

CANARY, USER = "canary", "user"
SHORTEST = 6
"""Characters of a value that is looked for in base64, and of a canary that is looked for inside longer words."""

SHORTEST_WORD = 3
"""Characters of a value that is looked for inside texts; a shorter one must be the whole text."""


class KnownValue(NamedTuple):
    """One value and the list that it stands on: `CANARY` or `USER`."""

    source: str
    text: str


class Match(NamedTuple):
    """A known value in a text: from which list, how it is written there ("plain", "base64", "SHA-256" …), and whether it is all of the text."""

    source: str
    how: str
    whole: bool


class _Form(NamedTuple):
    value: KnownValue
    how: str
    text: str


@dataclass(frozen=True, slots=True)
class KnownValues:
    """Many known values, searched for at once in every form in which they may be written (Aho-Corasick over all forms)."""

    forms: tuple[_Form, ...]
    automaton: ahocorasick_rs.AhoCorasick | None

    @classmethod
    def of(cls, values: Iterable[KnownValue]) -> KnownValues:
        """Take `values`; blank ones are left out."""
        forms = tuple(dict.fromkeys(form for value in values if value.text.strip() for form in _forms(value)))
        return cls(forms, ahocorasick_rs.AhoCorasick([form.text for form in forms]) if forms else None)

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return self.automaton is not None

    def find(self, text: str) -> Iterator[Match]:
        """Every known value in `text`, whatever the case and the Unicode form of its letters."""
        if self.automaton is None:
            return
        folded = normal(text.encode("utf-8", "replace").decode()).casefold()
        for number, start, end in self.automaton.find_matches_as_indexes(folded, overlapping=True):
            form = self.forms[number]
            whole = (end - start) == len(folded.strip())
            if whole or (
                len(form.value.text) >= SHORTEST_WORD
                and (form.how != "plain" or _stands_alone(form, folded, start, end))
            ):
                yield Match(form.value.source, form.how, whole)


def _stands_alone(form: _Form, text: str, start: int, end: int) -> bool:
    """Whether a value is no mere part of a longer word; a canary of some length is made to be unlike any word."""
    if form.value.source == CANARY and len(form.value.text) >= SHORTEST:
        return True
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _forms(value: KnownValue) -> Iterator[_Form]:
    folded = normal(value.text.strip()).casefold()
    yield _Form(value, "plain", folded)
    for plain in dict.fromkeys((value.text.strip(), normalize("NFC", value.text.strip()))):
        data = plain.encode()
        for how, text in (
            ("percent-encoding", quote(plain, safe="")),
            ("percent-encoding", quote_plus(plain)),
            ("hex", data.hex()),
        ):
            if text.casefold() != folded:
                yield _Form(value, how, text.casefold())
        if len(data) >= SHORTEST:
            yield from (_Form(value, "base64", text.casefold()) for text in _base64_anywhere(data))
        for spelling in dict.fromkeys((plain, plain.lower(), plain.upper())):
            for how, algorithm in (("MD5", "md5"), ("SHA-1", "sha1"), ("SHA-256", "sha256")):
                yield _Form(value, how, hashlib.new(algorithm, spelling.encode(), usedforsecurity=False).hexdigest())


def _base64_anywhere(data: bytes) -> Iterator[str]:
    """What is certain of the base64 of any text that holds `data`: it may begin at each of the three positions of a group."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + data).decode().rstrip("=")
        certain = encoded[(offset * 8 + 5) // 6 : len(encoded) - ((offset + len(data)) % 3 != 0)]
        yield certain
        if "+" in certain or "/" in certain:
            yield certain.replace("+", "-").replace("/", "_")
