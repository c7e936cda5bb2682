"""Canaries: made-up values to plant in a datasource, each of a kind that people keep there, and the file that remembers them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import msgspec

from telemetry_audit.lists.error import ListError
from telemetry_audit.lists.plain import read_lines, read_text

KINDS = ("e-mail", "name", "phone", "card", "iban", "uuid", "token")
_ONSETS = ("Qu", "Zw", "Vr", "Xy", "Thw", "Gn", "Pf", "Dj", "Skw", "Mb")
_MIDDLES = ("ae", "ui", "oa", "yo", "eo", "iu")
_ENDS = ("lxa", "ndre", "mbeth", "rqvist", "zzle", "ghorn", "ptock", "ffrid")
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_AREAS = ("202", "206", "212", "303", "305", "312", "404", "415", "503", "512", "617", "702", "713", "808", "907")
"""Area codes of the North American plan, in each of which 555-0100 to 555-0199 are kept for fiction."""

_TEST_CARDS = "400000"
_TEST_BANK = "TEST"


class Canary(NamedTuple):
    """A value, and the kind that it is of ("" where nobody said)."""

    kind: str
    value: str


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    value: str
    kind: str = ""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    canary: list[_Entry]


def read_canaries(path: Path) -> list[Canary]:
    """The canaries in a file that `telemetry-audit canaries new` wrote (`.toml`), or in a list with one a line. Raises ListError."""
    if path.suffix.lower() != ".toml":
        return [Canary("", value) for value in read_lines(path)]
    try:
        file = msgspec.convert(tomllib.loads(read_text(path)), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError):
        raise ListError(f"{path} is not a file of canaries: tables [[canary]] with a value and a kind.") from None
    found = [Canary(_word(entry.kind), entry.value.strip()) for entry in file.canary if entry.value.strip()]
    if not found:
        raise ListError(f"{path} holds no canary, so nothing would be looked for.")
    return found


def _word(kind: str) -> str:
    """A kind as a label may say it: one of ours, since a file may have been changed by hand."""
    return kind if kind in KINDS else ""


def made_canaries(sets: int, random: Random) -> Iterator[Canary]:
    """`sets` canaries of each kind. Hosts, numbers and prefixes are those for examples, fiction and tests; all else is drawn from `random`."""
    for _ in range(sets):
        first, last = _name(random), _name(random)
        mark = f"{random.getrandbits(24):06x}"
        yield Canary("e-mail", f"{first}.{last}-{mark}@{_name(random)}.example".lower())
        yield Canary("name", f"{_name(random)}{_name(random).lower()} {_name(random)}-{_name(random)}")
        yield Canary("phone", f"+1{random.choice(_AREAS)}555{random.randrange(100, 200):04}")
        yield Canary("card", _with_luhn(_TEST_CARDS + _digits(random, 9)))
        yield Canary("iban", _iban(random))
        yield Canary("uuid", _uuid(random))
        yield Canary("token", "".join(random.choice(_LETTERS) for _ in range(28)))


def _name(random: Random) -> str:
    return random.choice(_ONSETS) + random.choice(_MIDDLES) + random.choice(_ENDS)


def _digits(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(count))


def _with_luhn(digits: str) -> str:
    """`digits` and their check digit (ISO/IEC 7812-1, annex B)."""
    total = sum(
        sum(divmod(int(each) * 2, 10)) if place % 2 == 0 else int(each) for place, each in enumerate(reversed(digits))
    )
    return f"{digits}{-total % 10}"


def _iban(random: Random) -> str:
    """A British IBAN with the right check digits (ISO 13616, modulo 97) and a bank that does not exist."""
    account = _TEST_BANK + _digits(random, 14)
    number = int("".join(str(int(each, 36)) for each in f"{account}GB00"))
    return f"GB{98 - number % 97:02}{account}"


def _uuid(random: Random) -> str:
    """A UUID of version 4 (RFC 9562)."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{random.choice('89ab')}{digits[17:20]}-{digits[20:]}"
