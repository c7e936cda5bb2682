"""Canaries, wherever they stand: also inside longer words and in the middle of what is encoded, since they are made to be unlike anything else."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self
from urllib.parse import quote, quote_plus

import ahocorasick_rs

from telemetry_audit.detectors.known.index import Seen
from telemetry_audit.detectors.known.records import SHORTEST
from telemetry_audit.detectors.known.words import folded, turned

_CRC32 = re.compile(r"(?P<hex>(?:0x)?[0-9a-f]{8})|(?P<decimal>[0-9]{7,10})", re.ASCII)

_LONGEST_CRC32 = 20
"""Characters of a text that is one, with spaces around it."""


class _Form(NamedTuple):
    number: int
    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Substrings:
    """Texts of `SHORTEST` characters and more, searched for at once in every form in which they may be written (Aho-Corasick), and their CRC-32."""

    kind: str
    forms: tuple[_Form, ...]
    automaton: ahocorasick_rs.AhoCorasick
    checksums: Mapping[int, int]

    @classmethod
    def of(cls, kind: str, texts: Sequence[str]) -> Self:
        """Take the texts of a list of this kind."""
        numbered = [(number, text.strip()) for number, text in enumerate(texts)]
        forms = tuple(form for number, text in numbered if len(text) >= SHORTEST for form in _forms(number, text))
        checksums = {
            zlib.crc32(spelling.encode()): number
            for number, text in numbered
            for spelling in (text, text.lower(), text.upper())
        }
        return cls(kind, forms, ahocorasick_rs.AhoCorasick([form.text for form in forms]), checksums)

    def find(self, plain: str) -> list[Seen]:
        """Every one in a folded text; a checksum counts only where it is all of the text, since its eight digits are soon found by chance."""
        found = self.automaton.find_matches_as_indexes(plain, overlapping=True)
        if not found and len(plain) > _LONGEST_CRC32:
            return []
        text = plain.strip()
        seen = []
        for each, start, end in found:
            form = self.forms[each]
            seen.append(Seen(self.kind, form.number, form.how, end - start == len(text)))
        if checksum := _CRC32.fullmatch(text):
            readings = [int(checksum["hex"], 16)] if checksum["hex"] else []
            readings += [int(checksum[0])] if checksum[0].isdecimal() else []
            known = (self.checksums[reading] for reading in readings if reading in self.checksums)
            seen.extend(Seen(self.kind, number, "CRC-32", whole=True) for number in known)
        return seen


def _forms(number: int, text: str) -> Iterator[_Form]:
    plain, data = folded(text), text.encode("utf-8", "replace")
    written = (
        ("plain", plain),
        ("reversed", folded(text[::-1])),
        ("ROT13", folded(turned(text))),
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
