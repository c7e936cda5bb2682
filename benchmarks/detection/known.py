"""Values that the operator knows, in the spellings and digests in which they leave."""

from __future__ import annotations

import base64
import csv
import hashlib
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

from detection.people import People
from detection.row import CONTENT, NAMED, Leak

_USUAL = ("md5", "sha1", "sha256", "sha512")
_OTHER = ("sha224", "sha384", "sha3_256", "sha3_512", "blake2b", "blake2s", "ripemd160")
_USUALLY = 0.8
_DISTINCTIVE = ("name", "email", "phone", "reference", "note")
_USERS = 60
_CANARIES = 30
_EXPORTED = 120


def _widened(text: str) -> str:
    """In full-width characters, as an East Asian keyboard gives them."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


class Known:
    """What the operator of the benchmark knows: canaries, users, and an export of a datasource."""

    def __init__(self, people: People) -> None:
        """The values follow from the seed of `people`."""
        draw = self.draw = people.draw
        made = (
            lambda: f"canary-{draw.letters(10)}",
            draw.uuid,
            lambda: f"honey.{draw.letters(8).lower()}@example.com",
            people.card,
            lambda: f"Zq{draw.letters(7).lower()} Vx{draw.letters(8).lower()}",
        )
        self.canaries = tuple(made[number % len(made)]() for number in range(_CANARIES))
        self.users = tuple(
            dict.fromkeys(
                (
                    f"{first}.{last}{draw.digits(2)}@office.example".lower().replace(" ", "")
                    for first, last in people.names[:_USERS]
                )
            )
        )
        self.export = [
            {
                "id": str(number),
                "name": f"{people.full_name()} {draw.letters(4)}",
                "email": f"{draw.letters(9).lower()}@{draw.letters(6).lower()}.com",
                "phone": people.phone(),
                "status": draw.one(("open", "paid")),
                "reference": f"{draw.letters(4).upper()}-{draw.digits(7)}",
                "note": f"{draw.one(people.notes)} {draw.letters(5)}",
            }
            for number in range(1, _EXPORTED + 1)
        ]

    def write(self, folder: Path) -> tuple[Path, Path, Path]:
        """The files of canaries, users and exported values, as an operator has them."""
        paths = folder / "canaries.txt", folder / "users.txt", folder / "export.csv"
        paths[0].write_text("\n".join(self.canaries) + "\n", "utf-8")
        paths[1].write_text("\n".join(self.users) + "\n", "utf-8")
        with paths[2].open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(self.export[0]))
            writer.writeheader()
            writer.writerows(self.export)
        return paths

    def leaks(self) -> dict[str, Callable[[], Leak]]:
        """A maker for each list and form."""
        draw = self.draw
        lists: dict[str, tuple[Callable[[], str], frozenset[str]]] = {
            "canary": (lambda: draw.one(self.canaries), CONTENT),
            "known user": (lambda: draw.one(self.users), NAMED),
        }
        lists["exported value"] = (lambda: draw.one(self.export)[draw.one(_DISTINCTIVE)], CONTENT)
        made: dict[str, Callable[[], Leak]] = {}
        for name, (value, promises) in lists.items():
            made[name] = self._plain(name, value, promises)
            made[f"{name}, digest"] = self._digest(name, value, promises)
            made[f"{name}, digest of a digest"] = self._twice(name, value, promises)
        return made

    def _plain(self, name: str, value: Callable[[], str], promises: frozenset[str]) -> Callable[[], Leak]:
        def plain() -> Leak:
            text = value()
            spelled = self.draw.one(
                (
                    text,
                    text,
                    text.upper(),
                    text.lower(),
                    text.title(),
                    f"  {text} ",
                    _widened(text),
                    normalize("NFD", text),
                )
            )
            if text.replace(" ", "").isdigit():
                spelled = self.draw.one(
                    (text, "-".join(re.findall(".{1,4}", text)), " ".join(re.findall(".{1,3}", text)))
                )
            return Leak(name, spelled, promises, exact=True)

        return plain

    def _digest(self, name: str, value: Callable[[], str], promises: frozenset[str]) -> Callable[[], Leak]:
        def digest() -> Leak:
            text = value()
            if name != "exported value" and self.draw.happens(0.05):
                return Leak(f"{name}, CRC32", f"{zlib.crc32(text.encode()):08x}", promises, whole=True)
            made = self._hashed(self.draw.one((text, text, text, text.lower(), text.lower(), text.upper())).encode())
            written = self.draw.one((made.hex(), made.hex(), made.hex().upper(), base64.b64encode(made).decode()))
            return Leak(f"{name}, digest", written, promises)

        return digest

    def _twice(self, name: str, value: Callable[[], str], promises: frozenset[str]) -> Callable[[], Leak]:
        def twice() -> Leak:
            inner = self._hashed(value().encode())
            return Leak(f"{name}, digest of a digest", self._hashed(inner.hex().encode()).hex(), promises)

        return twice

    def _hashed(self, data: bytes) -> bytes:
        name = self.draw.one(_USUAL if self.draw.happens(_USUALLY) else _OTHER)
        if name not in hashlib.algorithms_available:
            name = "sha256"
        return hashlib.new(name, data, usedforsecurity=False).digest()
