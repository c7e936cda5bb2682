"""Canaries, wherever they stand: also inside longer words and in the middle of what is encoded, since they are made to be unlike anything else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self
from urllib.parse import quote, quote_plus

import ahocorasick_rs

from telemetry_audit.detectors.known.index import Seen
from telemetry_audit.detectors.known.records import SHORTEST
from telemetry_audit.detectors.known.words import folded, turned


class _Form(NamedTuple):
    number: int
    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Substrings:
    """Texts of `SHORTEST` characters and more, searched for at once in every form in which they may be written (Aho-Corasick)."""

    kind: str
    forms: tuple[_Form, ...]
    automaton: ahocorasick_rs.AhoCorasick

    @classmethod
    def of(cls, kind: str, texts: Sequence[str]) -> Self:
        """Take the texts of a list of this kind."""
        numbered = [(number, text.strip()) for number, text in enumerate(texts)]
        forms = tuple(form for number, text in numbered if len(text) >= SHORTEST for form in _forms(number, text))
        return cls(kind, forms, ahocorasick_rs.AhoCorasick([form.text for form in forms]))

    def find(self, plain: str) -> list[Seen]:
        """Every one in a folded text."""
        found = self.automaton.find_matches_as_indexes(plain, overlapping=True)
        text = plain.strip() if found else ""
        seen = []
        for each, start, end in found:
            form = self.forms[each]
            seen.append(Seen(self.kind, form.number, form.how, end - start == len(text)))
        return seen


def _forms(number: int, text: str) -> Iterator[_Form]:
    plain, data = folded(text), text.encode("utf-8", "replace")
    written = (
        ("plain", plain),
        ("reversed", folded(text[::-1])),
        ("ROT13", folded(turned(text))),
        ("reversed, in ROT13", folded(turned(text[::-1]))),
        ("percent-encoding", folded(quote(text, safe=""))),
        ("percent-encoding", folded(quote_plus(text))),
        ("hex", data.hex()),
        *(("base64", folded(each)) for each in _base64_anywhere(data)),
    )
    seen = set()
    for how, form in written:
        if form not in seen:
            seen.add(form)
            yield _Form(number, how, form)


def _base64_anywhere(data: bytes) -> Iterator[str]:
    """What is certain of the base64 of any text that holds `data`: it may begin at each of the three positions of a group."""
    for offset in range(3):
        encoded = b64encode(b"\0" * offset + data).decode().rstrip("=")
        certain = encoded[(offset * 8 + 5) // 6 : len(encoded) - ((offset + len(data)) % 3 != 0)]
        yield certain
        if "+" in certain or "/" in certain:
            yield certain.replace("+", "-").replace("/", "_")
