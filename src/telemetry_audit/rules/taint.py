"""What an answer held that passed on its way to the instance must not leave in telemetry."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator

from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import TAINT, Sighting
from telemetry_audit.model import Hit, Leaf, Level
from telemetry_audit.rules.rule import Example, Judgement, Rule, Subject, nothing_among

_GIVEN = frozenset(
    (
        *("locale", "place", "version", "time", "user-agent", "library", "answer", "label", "flag", "count"),
        *("off-flag", "consent-flag", "credential", "contact-email", "contact-name"),
    )
)
"""Kinds of fields that programs fill from lists, clocks and settings of their own, where a value stands by chance; or that another rule judges."""

_NAMES = frozenset({"given-name", "host-name"})
"""Kinds of fields for a name that somebody gave, and may have given to something in a datasource too."""

_IDS = frozenset({"person", "object-id", "organisation-id", "instance-id", "anonymous-id", "message-id"})
_ID = re.compile(r"[0-9A-Fa-f-]{16,}", re.ASCII)


def _check(subject: Subject) -> Judgement:
    return Judgement(subject.size, tuple(_hits(subject))) if subject.sightings else nothing_among(subject.size)


def _hits(subject: Subject) -> Iterator[Hit]:
    for leaf, sightings in subject.sightings:
        tainted = (each for each in sightings if each.kind == TAINT and not _is_chance(leaf, each))
        for sighting in sorted(tainted, key=lambda each: len(each.layers))[:1]:
            # A key stands in the locator of all that it names: what was learnt is kept out of it.
            where = leaf.where.rpartition("/")[0] if leaf.is_key else leaf.where
            shape = ", ".join((sighting.name, *(f"in {layer}" for layer in reversed(sighting.layers))))
            yield Hit(where, leaf.value, Level.BREACH, "taint", "holds a value out of an answer", shape)


def _is_chance(leaf: Leaf, sighting: Sighting) -> bool:
    """Whether the value would stand here without the answer too."""
    if sighting.layers or leaf.is_key:
        return False
    if leaf.kind in _GIVEN:
        return True
    if not sighting.whole:
        return False
    return leaf.kind in _NAMES or (leaf.kind in _IDS and _ID.fullmatch(str(leaf.value)) is not None)


_ON = Deployment(taint=True)
_ANSWER = (("crm.example", '{"name": "Erika Mustermann", "account": 884422001133, "state": "active"}'),)

ANSWERS = Rule(
    id="taint",
    promise="no-datasource-data",
    title="Nothing out of an answer leaves",
    says=(
        "Live and on demand (`watch --taint`): the longer, distinctive values in answers that pass on their way to the instance, from hosts that get "
        "no telemetry, are remembered for an hour as keyed digests in memory. They are searched for in every text, key, number, URL and header, "
        "word by word, in every layer that is undone there. The finding's shape names the host whose answer held the value last. Values that are "
        "short, a word or a name of a program's form, dates, or frequent in their column are not remembered. In fields that a program fills from "
        "lists and settings of its own (language, place, version, browser, label, count), in the name that somebody gave to a thing, and in an id of "
        "the usual form a value stands by chance and does not count."
    ),
    check=_check,
    examples=(
        Example(
            "in a text",
            {"type": "track", "event": "x", "properties": {"a": "Key (name)=(erika mustermann) exists"}},
            (("body#/properties/a", "breach"),),
            _ON,
            answers=_ANSWER,
        ),
        Example(
            "a number in base64",
            {"type": "track", "event": "x", "properties": {"a": b64encode(b"account 884422001133").decode()}},
            (("body#/properties/a", "breach"),),
            _ON,
            answers=_ANSWER,
        ),
        Example(
            "as a key",
            {"type": "track", "event": "x", "properties": {"a": {"Erika Mustermann": 1}}},
            (("body#/properties/a", "breach"),),
            _ON,
            answers=_ANSWER,
        ),
        Example(
            "a common word, and a part of a value",
            {"type": "track", "event": "x", "properties": {"a": "active", "b": "Erika"}},
            (),
            _ON,
            answers=_ANSWER,
        ),
        Example(
            "a place",
            {"type": "track", "event": "x", "context": {"timezone": "America/Port_of_Spain"}},
            (),
            _ON,
            answers=(("geo.example", '["America/Port_of_Spain"]'),),
        ),
    ),
    applies=lambda deployment: deployment.taint,
)
