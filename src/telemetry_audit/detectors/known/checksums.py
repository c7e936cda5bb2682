"""CRC-32 of known values, where a checksum is all of a text."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from telemetry_audit.detectors.known.index import Seen

MOST = 1_000
"""Values of a list, beyond which its checksums are not looked for: one number in 700,000 is by chance that of one of so many."""

_CRC32 = re.compile(r"(?P<hex>(?:0x)?[0-9a-f]{8})|(?P<decimal>[0-9]{7,10})", re.ASCII)
LONGEST = 20
"""Characters of a text that is a checksum, with spaces around it."""


@dataclass(frozen=True, slots=True)
class Checksums:
    """Whose checksum a number is: the list, and the number of the value there."""

    known: Mapping[int, tuple[str, int]]

    @classmethod
    def of(cls, lists: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> Self:
        """Take lists, each with its kind, of values in one or more spellings; those of an earlier list count where two have the same."""
        known: dict[int, tuple[str, int]] = {}
        for kind, values in lists:
            for number, spellings in enumerate(values if len(values) <= MOST else ()):
                for text in map(str.strip, spellings):
                    for spelling in (text, text.lower(), text.upper()):
                        known.setdefault(zlib.crc32(spelling.encode("utf-8", "replace")), (kind, number))
        return cls(known)

    def find(self, plain: str) -> list[Seen]:
        """The values whose checksum a folded text is as a whole, in hex or decimal: inside a longer one, its digits are soon found by chance."""
        checksum = _CRC32.fullmatch(plain.strip()) if len(plain) <= LONGEST else None
        if checksum is None:
            return []
        readings = [int(checksum["hex"], 16)] if checksum["hex"] else []
        readings += [int(checksum[0])] if checksum[0].isdecimal() else []
        known = (self.known[reading] for reading in readings if reading in self.known)
        return [Seen(kind, number, "CRC-32", whole=True) for kind, number in known]
