"""Digests of a value: which algorithms, in which spellings, and of each other, as trackers and libraries make them.

Sources: RFC 1321 (MD5), FIPS 180-4 (SHA-1, SHA-2), FIPS 202 (SHA-3), RFC 7693 (BLAKE2), ISO/IEC 10118-3 (RIPEMD-160). Which chains occur:
Englehardt et al., "I never signed up for this!" (PoPETs 2018); Senol et al., "Leaky Forms" (USENIX Security 2022).
"""

from __future__ import annotations

import base64
import hashlib
import re
from binascii import hexlify
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize


class Algorithm(NamedTuple):
    """Its name in a report, and an object of hashlib's that has digested nothing yet: a copy of it is the cheapest way to a digest."""

    name: str
    fresh: hashlib._Hash | hashlib.blake2b


def _algorithm(name: str, made: str, size: int = 0) -> Algorithm:
    if size:
        return Algorithm(name, hashlib.blake2b(digest_size=size, usedforsecurity=False))
    return Algorithm(name, hashlib.new(made, usedforsecurity=False))


_ALL = (
    ("MD5", "md5"),
    ("SHA-1", "sha1"),
    ("SHA-256", "sha256"),
    ("SHA-512", "sha512"),
    ("SHA-224", "sha224"),
    ("SHA-384", "sha384"),
    ("SHA3-224", "sha3_224"),
    ("SHA3-256", "sha3_256"),
    ("SHA3-384", "sha3_384"),
    ("SHA3-512", "sha3_512"),
    ("BLAKE2b", "blake2b"),
    ("BLAKE2s", "blake2s"),
    ("BLAKE2b-256", "blake2b", 32),
    ("RIPEMD-160", "ripemd160"),
)
ALGORITHMS = tuple(_algorithm(*each) for each in _ALL if each[1] in hashlib.algorithms_available)
"""Those of which digests are looked for; the usual ones stand first. OpenSSL is sometimes built without RIPEMD-160."""

MISSING = tuple(each[0] for each in _ALL if each[1] not in hashlib.algorithms_available)
"""The names of those that this Python lacks."""

_FRESH = tuple(
    (number, algorithm.fresh.copy, algorithm.fresh.digest_size) for number, algorithm in enumerate(ALGORITHMS)
)
_USUAL = 4
SHA_256 = "SHA-256"
CHAINS = (
    *(each.name for each in ALGORITHMS),
    *(f"{outer.name} of {inner.name}" for inner in ALGORITHMS for outer in ALGORITHMS),
)
"""The ways to a digest, in the order of the numbers that `digests` gives: an algorithm, or one of the digest of another."""

SIZES = frozenset(algorithm.fresh.digest_size for algorithm in ALGORITHMS)
_HEX = re.compile(rf"(?<![0-9A-Fa-f])[0-9A-Fa-f]{{{2 * min(SIZES)},{2 * max(SIZES)}}}(?![0-9A-Fa-f])", re.ASCII)
_HEX_LENGTHS = frozenset(2 * size for size in SIZES)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{22,}", re.ASCII)
_HEX_OR_UUID = re.compile(r"[0-9a-f-]+|[0-9A-F-]+", re.ASCII)
"""Ids, which are no base64: one digest in a million million has no other characters there."""

_BASE64_LENGTHS = tuple(sorted((size * 8 + 5) // 6 for size in SIZES))
SHORTEST = min(*_BASE64_LENGTHS, *_HEX_LENGTHS)
SHORT_LENGTHS = frozenset(length for length in _BASE64_LENGTHS if length < min(_HEX_LENGTHS))
"""Characters of the digests in base64 that are shorter than any in hex."""

SHORTEST_HEX = min(_HEX_LENGTHS)


class _Step(NamedTuple):
    """An algorithm of a plan: its place, its object, whether its digest is wanted, and the algorithms that digest that one."""

    number: int
    fresh: Callable[[], hashlib._Hash | hashlib.blake2b]
    wanted: bool
    outer: tuple[tuple[int, Callable[[], hashlib._Hash | hashlib.blake2b]], ...]


@lru_cache
def _plan(size: int, *, every_chain: bool) -> tuple[_Step, ...]:
    """What leads to digests of so many bytes, or of any; worked out once, since many thousand values are digested."""
    inner = _FRESH if every_chain else _FRESH[:_USUAL]
    outer = [(number, fresh) for number, fresh, length in inner if size in {0, length}]
    steps = (
        _Step(
            number,
            fresh,
            size in {0, length},
            tuple((len(_FRESH) * (number + 1) + second, again) for second, again in outer)
            if number < len(inner)
            else (),
        )
        for number, fresh, length in _FRESH
    )
    return tuple(step for step in steps if step.wanted or step.outer)


def digests(text: str, *, every_chain: bool, size: int = 0) -> list[tuple[int, bytes]]:
    """Pairs of the number of a chain and a digest of `text`: as it is and in lower case by every algorithm, in upper case by the usual ones.

    Of digests of digests those that the usual ones make of the usual ones' hex digits; with `every_chain` those that every algorithm makes of every
    one's, and of the bytes themselves, and upper case by every algorithm. With a `size` only those of so many bytes.
    """
    steps = _plan(size, every_chain=every_chain)
    plain = text.strip()
    common = dict.fromkeys((plain, plain.lower()))
    made = []
    for spelling in common:
        data = spelling.encode("utf-8", "replace")
        for number, fresh, wanted, outer in steps:
            digesting = fresh()
            digesting.update(data)
            digest = digesting.digest()
            if wanted:
                made.append((number, digest))
            if outer:
                for form in (hexlify(digest), digest) if every_chain else (hexlify(digest),):
                    for second, again in outer:
                        digesting = again()
                        digesting.update(form)
                        made.append((second, digesting.digest()))
    for spelling in {plain.upper(), normalize("NFC", plain)}.difference(common):
        data = spelling.encode("utf-8", "replace")
        for number, fresh, wanted, outer in steps:
            if wanted and outer:
                digesting = fresh()
                digesting.update(data)
                made.append((number, digesting.digest()))
    return made


def tokens(text: str) -> Iterator[tuple[str, bytes]]:
    """What in `text` may be a digest, in hex of any case or in base64 of either alphabet: pairs of how it stands there and its bytes."""
    runs = _BASE64.findall(text)
    if not runs:
        return
    for token in _HEX.findall(text):
        if len(token) in _HEX_LENGTHS:
            yield token, bytes.fromhex(token)
    for token in runs:
        for length in _BASE64_LENGTHS if not _HEX_OR_UUID.fullmatch(token) else ():
            if len(token) == length or (len(token) > length and token[-length - 1] in "/_-"):
                last = token[-length:]
                padded = last.replace("-", "+").replace("_", "/") + "=" * (-length % 4)
                yield last, base64.b64decode(padded)
