"""Values that the operator knows must not leave: canaries, names of users, values out of a datasource."""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator

from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import CANARY, USER, VALUE, Sighting
from telemetry_audit.detectors.known import SHA_256, SHORTEST
from telemetry_audit.model import Hit, Leaf, Level
from telemetry_audit.rules.rule import Example, Judgement, Rule, Subject, nothing_among

_WORDS = frozenset({"label", "answer", "flag", "off-flag", "consent-flag", "library"})
_GIVEN = frozenset({"locale", "place", "version", "time", "user-agent", "library", "answer"})
"""Kinds of fields that programs fill from lists of their own, where a value of a datasource stands by chance: a city's time zone, a profession."""

_CONTACTS = frozenset({"contact-email", "contact-name"})
_HASHED = {
    "person": "the unsalted SHA-256 of {}, as documented: whoever has the list can tell who it is",
    "domain-hash": "the unsalted SHA-256 of {}: whoever has the list can tell which domain it is",
}


def _check(
    kind: str, word: str, says: str, in_words: str, is_common: Callable[[Leaf, Sighting], bool]
) -> Callable[[Subject], Judgement]:
    """The check for one kind of list; `word` says what is found, `in_words` names one of its values."""

    def hits(subject: Subject) -> Iterator[Hit]:
        for leaf, sightings in subject.sightings:
            for sighting in _first(sightings, kind):
                if is_common(leaf, sighting):
                    continue
                if kind != CANARY and _is_documented_hash(leaf, sighting):
                    found = f"holds {_HASHED[leaf.kind].format(in_words)}"
                    yield Hit(leaf.where, leaf.value, Level.NOTE, f"hash-of-{kind}", found, _shape(sighting))
                else:
                    yield Hit(leaf.where, leaf.value, Level.BREACH, word, says, _shape(sighting))

    def check(subject: Subject) -> Judgement:
        return Judgement(subject.size, tuple(hits(subject))) if subject.sightings else nothing_among(subject.size)

    return check


def _first(sightings: tuple[Sighting, ...], kind: str) -> list[Sighting]:
    """One sighting a leaf is enough; the plainest way of writing says most."""
    return sorted(
        (sighting for sighting in sightings if sighting.kind == kind), key=lambda sighting: len(sighting.layers)
    )[:1]


def _never(_leaf: Leaf, _sighting: Sighting) -> bool:
    return False


def _is_common_word(leaf: Leaf, sighting: Sighting) -> bool:
    """A short name is a word like any other where only a word from a closed set belongs: the role `admin` is no user.

    Where an administrator agreed to give a name or an address, the rule of consent judges.
    """
    if leaf.kind in _CONTACTS:
        return True
    return leaf.kind in _WORDS and sighting.whole and not sighting.layers and len(str(leaf.value)) < SHORTEST


def _is_given(leaf: Leaf, sighting: Sighting) -> bool:
    return leaf.kind in _CONTACTS or (leaf.kind in _GIVEN and not sighting.layers)


def _is_documented_hash(leaf: Leaf, sighting: Sighting) -> bool:
    return leaf.kind in _HASHED and sighting.whole and sighting.layers == (SHA_256,) and not leaf.is_key


def _shape(sighting: Sighting) -> str:
    return ", ".join((sighting.name, *(f"in {layer}" for layer in reversed(sighting.layers))))


_CANARY = Deployment(canaries=("CANARY-5d1f0c",))
_USER = Deployment(known_users=("jane.roe",))
_SHA256 = hashlib.sha256(b"jane.roe").hexdigest()
_VALUES = (("--known-values", "email\nerika.mustermann@customer.example\n"),)
_VALUE = "erika.mustermann@customer.example"

CANARIES = Rule(
    id="canary",
    promise="no-datasource-data",
    title="No canary leaves",
    says=(
        "A canary is a value that the operator planted in a datasource and that stands nowhere else. It is searched for in every text, key, number, "
        "URL and header, and in every layer that is undone there, whatever the case of its letters and what separates its words, also inside longer "
        "words, backwards and in ROT13; as a digest (MD5, SHA-1, SHA-2, SHA-3, BLAKE2, RIPEMD-160) and as one of such a digest, in hex or base64; "
        "and as CRC-32 where that is a whole value."
    ),
    check=_check(CANARY, "canary", "holds a canary", "a canary", _never),
    examples=(
        Example(
            "plain",
            {"type": "track", "event": "x", "properties": {"a": "row CANARY-5d1f0c"}},
            (("body#/properties/a", "breach"),),
            _CANARY,
        ),
        Example(
            "hex",
            {"type": "track", "event": "x", "properties": {"a": b"CANARY-5d1f0c".hex()}},
            (("body#/properties/a", "breach"),),
            _CANARY,
        ),
        Example(
            "a digest of a digest",
            {
                "type": "track",
                "event": "x",
                "properties": {
                    "a": hashlib.sha3_256(hashlib.blake2b(b"canary-5d1f0c").hexdigest().encode()).hexdigest()
                },
            },
            (("body#/properties/a", "breach"),),
            _CANARY,
        ),
        Example(
            "another value", {"type": "track", "event": "x", "properties": {"a": "row CANARY-000000"}}, (), _CANARY
        ),
    ),
    applies=lambda deployment: bool(deployment.canaries),
)

KNOWN_VALUES = Rule(
    id="known-value",
    promise="no-datasource-data",
    title="No known value of a datasource leaves",
    says=(
        "The values of an export that the operator gives are searched for as canaries are, word by word: in every layer, whatever the case and what "
        "separates the words, and as digests. Values that are short, common, dates or single words are left out, and the report says how many. In "
        "fields that a program fills from a list of its own (language, place, version, browser, role) a value stands by chance and does not count. "
        "The SHA-256 of one in a field for a person's identity is what the documents describe, hence a note."
    ),
    check=_check(
        VALUE, "known-value", "holds a value of the operator's data", "a value of the operator's data", _is_given
    ),
    examples=(
        Example(
            "in a text",
            {"type": "track", "event": "x", "properties": {"a": f"Key (email)=({_VALUE.title()}) exists"}},
            (("body#/properties/a", "breach"),),
            given=_VALUES,
        ),
        Example(
            "a digest in base64",
            {
                "type": "track",
                "event": "x",
                "properties": {"a": b64encode(hashlib.sha512(_VALUE.encode()).digest()).decode()},
            },
            (("body#/properties/a", "breach"),),
            given=_VALUES,
        ),
        Example(
            "hashed as documented",
            {"type": "track", "event": "x", "userId": hashlib.sha256(_VALUE.encode()).hexdigest()},
            (("body#/userId", "note"),),
            given=_VALUES,
        ),
        Example(
            "a part of it",
            {"type": "track", "event": "x", "properties": {"a": "customer.example"}},
            (),
            given=_VALUES,
        ),
        Example(
            "the time zone of a city",
            {"type": "track", "event": "x", "context": {"timezone": "America/Port_of_Spain"}},
            (),
            given=(("--known-values", "city\nPort of Spain\n"),),
        ),
    ),
    applies=lambda deployment: bool(deployment.values),
)

KNOWN_USERS = Rule(
    id="known-user",
    promise="user-names-hashed",
    title="No known user's name leaves",
    says=(
        "The names and e-mail addresses of users that the operator lists are searched for as canaries are, as whole words, and of at most 1,000 "
        "users the CRC-32. The SHA-256 of one of them in a field for a person's identity is what the documents describe, hence a note; the same "
        "digest anywhere else, or any other way of writing the name, is a breach. The note means that whoever holds such a list can tell who it "
        'is: an unsalted hash is a pseudonym, and what it is in law depends on what its receiver can do (FTC Office of Technology, "No, hashing '
        "still doesn't make your data anonymous\", 24 July 2024; Article 29 Working Party, Opinion 05/2014; EDPB Guidelines 01/2025; AEPD and "
        "EDPS on hash functions, 2019; CJEU C-413/23 P, EDPS v SRB, 4 September 2025). Where an administrator agreed to give a name or an "
        "address, the rule consent judges."
    ),
    check=_check(USER, "known-user", "holds a known user's name", "a known user", _is_common_word),
    examples=(
        Example(
            "in a title",
            {"type": "page", "context": {"page": {"title": "Files of Jane.Roe"}}},
            (("body#/context/page/title", "breach"),),
            _USER,
        ),
        Example(
            "its checksum",
            {"type": "track", "event": "x", "properties": {"a": f"{zlib.crc32(b'jane.roe'):08x}"}},
            (("body#/properties/a", "breach"),),
            _USER,
        ),
        Example(
            "another checksum",
            {"type": "track", "event": "x", "properties": {"a": f"{zlib.crc32(b'john.doe'):08x}"}},
            (),
            _USER,
        ),
        Example(
            "hashed as documented",
            {"type": "track", "event": "x", "userId": _SHA256},
            (("body#/userId", "note"),),
            _USER,
        ),
        Example(
            "hashed elsewhere",
            {"type": "track", "event": "x", "properties": {"a": _SHA256}},
            (("body#/properties/a", "breach"),),
            _USER,
        ),
        Example("a part of another word", {"type": "track", "event": "x", "properties": {"a": "jane.roes"}}, (), _USER),
    ),
    applies=lambda deployment: bool(deployment.users),
)
