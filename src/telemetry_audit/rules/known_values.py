"""Values that the operator knows must not leave: canaries from a datasource, names of users."""

from __future__ import annotations

import hashlib

from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import CANARY, USER, Sighting
from telemetry_audit.detectors.known import SHORTEST
from telemetry_audit.model import Hit, Leaf, Level
from telemetry_audit.rules.rule import Example, Judgement, Rule, Subject

_WORDS = frozenset({"label", "answer", "flag", "library"})


def _canaries(subject: Subject) -> Judgement:
    hits = [
        Hit(leaf.where, leaf.value, Level.BREACH, "canary", "holds a canary", _shape(sighting))
        for leaf, sightings in subject.sightings
        for sighting in _first(sightings, CANARY)
    ]
    return Judgement(subject.size, tuple(hits))


def _users(subject: Subject) -> Judgement:
    hits = []
    for leaf, sightings in subject.sightings:
        for sighting in _first(sightings, USER):
            if _is_common_word(leaf, sighting):
                continue
            if _is_documented_hash(leaf, sighting):
                says = "holds the unsalted SHA-256 of a known user, as documented: whoever has the list of users can tell who it is"
                hits.append(Hit(leaf.where, leaf.value, Level.NOTE, "hash-of-user", says, _shape(sighting)))
            else:
                hits.append(
                    Hit(
                        leaf.where,
                        leaf.value,
                        Level.BREACH,
                        "known-user",
                        "holds a known user's name",
                        _shape(sighting),
                    )
                )
    return Judgement(subject.size, tuple(hits))


def _first(sightings: tuple[Sighting, ...], source: str) -> list[Sighting]:
    """One sighting a leaf is enough; the plainest way of writing says most."""
    return sorted(
        (sighting for sighting in sightings if sighting.kind == source), key=lambda sighting: len(sighting.layers)
    )[:1]


def _is_common_word(leaf: Leaf, sighting: Sighting) -> bool:
    """A short name is a word like any other where only a word from a closed set belongs: the role `admin` is no user."""
    return leaf.kind in _WORDS and sighting.whole and not sighting.layers and len(str(leaf.value)) < SHORTEST


def _is_documented_hash(leaf: Leaf, sighting: Sighting) -> bool:
    return leaf.kind == "person" and sighting.whole and sighting.layers == ("SHA-256",) and not leaf.is_key


def _shape(sighting: Sighting) -> str:
    return ", ".join((sighting.name, *(f"in {layer}" for layer in sighting.layers)))


_CANARY = Deployment(canaries=("CANARY-5d1f0c",))
_USER = Deployment(known_users=("jane.roe",))
_SHA256 = hashlib.sha256(b"jane.roe").hexdigest()

CANARIES = Rule(
    id="canary",
    promise="no-datasource-data",
    title="No canary leaves",
    says=(
        "A canary is a value that the operator planted in a datasource and that stands nowhere else. It is searched for in every text, key, URL and "
        "header, whatever the case of its letters, also percent-encoded, in hex, in base64, and as MD5, SHA-1 or SHA-256."
    ),
    check=_canaries,
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
            "another value", {"type": "track", "event": "x", "properties": {"a": "row CANARY-000000"}}, (), _CANARY
        ),
    ),
    applies=lambda deployment: bool(deployment.canaries),
)

KNOWN_USERS = Rule(
    id="known-user",
    promise="user-names-hashed",
    title="No known user's name leaves",
    says=(
        "The names and e-mail addresses of users that the operator lists are searched for as canaries are. The SHA-256 of one of them in a field "
        "for a person's identity is what the documents describe, hence a note; the same digest anywhere else, or any other way of "
        "writing the name, is a breach."
    ),
    check=_users,
    examples=(
        Example(
            "in a title",
            {"type": "page", "context": {"page": {"title": "Files of Jane.Roe"}}},
            (("body#/context/page/title", "breach"),),
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
    applies=lambda deployment: bool(deployment.known_users),
)
