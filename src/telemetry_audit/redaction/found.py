"""What an audit finds in one exchange, as it must be taken out: the places, what is put there, and the texts themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from telemetry_audit.audit import Audit
from telemetry_audit.locator import token
from telemetry_audit.model import Exchange, Leaf, Level, Observation, Occurrence
from telemetry_audit.rules.sent_while_off import SENT_WHILE_OFF
from telemetry_audit.rules.undocumented import (
    UNDOCUMENTED_DESTINATION,
    UNDOCUMENTED_EVENT,
    UNDOCUMENTED_FIELD,
    UNDOCUMENTED_VALUE,
)

LEFT_OUT = "[left out]"
"""What stands for something that was taken out without a look at it."""

_OF_NAMES = frozenset({UNDOCUMENTED_EVENT.id, UNDOCUMENTED_DESTINATION.id, SENT_WHILE_OFF.id})
"""Rules that speak of an event or a destination as a whole, whose names reports print too."""

_OF_FIELDS = frozenset({UNDOCUMENTED_FIELD.id, UNDOCUMENTED_VALUE.id})
"""Rules that speak of a field: its value goes at its place, and may stand elsewhere by right."""

_PERSON = "person"


class Found(NamedTuple):
    """What was found: placeholders by locator, texts that may stand nowhere else either, and what was found still in the clear.

    A key has no place of its own: whoever rewrites asks the audit's `Discretion` which keys may be data.
    """

    places: Mapping[str, str]
    texts: frozenset[str]
    values: tuple[object, ...]


def found(audit: Audit, exchange: Exchange, observation: Observation) -> Found:
    """What the audit's observation of an exchange says of places in it, with the values that stand there."""
    occurrences = sorted(_telling(observation), key=lambda each: list(Level).index(each.statement.level))
    if not occurrences:
        return Found({}, frozenset(), ())
    leaves, seen = _standing(audit, exchange)
    places: dict[str, str] = {}
    texts: set[str] = set()
    values: list[object] = []
    for statement, place in occurrences:
        here = _at(leaves, place.where)
        of_field = statement.rule in _OF_FIELDS
        if of_field and any(leaf.kind == _PERSON for leaf in here):
            continue  # a hash, as the rule for identities would say otherwise: it is as good here as in a documented field
        if not here or (statement.level is not Level.BREACH and place.where not in leaves):
            continue  # nothing that tells, or an object that lacks a member: nothing of it was found
        places.setdefault(place.where, placeholder(place.shape))
        values.extend(leaf.value for leaf in here)
        if not of_field:
            texts.update(str(leaf.value) for leaf in here)
            texts.update(seen[place.where])
    return Found(places, frozenset(texts), tuple(values))


def placeholder(shape: str) -> str:
    """What stands for a value of this shape: "an e-mail address, 17 characters" in brackets, without its article."""
    return f"[{shape.removeprefix('an ').removeprefix('a ')}]"


def _telling(observation: Observation) -> Iterator[Occurrence]:
    """What was found, and what other exchanges may yet make a finding: a copy must be good whatever those say."""
    claimed = (claim.occurrence for claim in observation.claims)
    doubted = (Occurrence(pending.worst, pending.place) for pending in observation.pending)
    occurrences = (*observation.findings, *claimed, *doubted)
    return (each for each in occurrences if each.statement.rule not in _OF_NAMES)


def _standing(audit: Audit, exchange: Exchange) -> tuple[Mapping[str, list[Leaf]], Mapping[str, set[str]]]:
    """What stands at each locator: values, keys that may be data, and what the detectors saw in them."""
    leaves: defaultdict[str, list[Leaf]] = defaultdict(list)
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for subject in audit.subjects(exchange):
        for leaf in subject.leaves():
            if not leaf.is_key or audit.discretion.key(str(leaf.value)) != token(str(leaf.value)):
                leaves[leaf.where].append(leaf)
        for leaf, sightings in subject.sightings:
            seen[leaf.where].update(sighting.text for sighting in sightings)
    return leaves, seen


def _at(leaves: Mapping[str, list[Leaf]], where: str) -> list[Leaf]:
    """The leaves at a locator, or all below it; an empty text, and what is neither text nor number, tells nothing."""
    below = where if where.endswith("#") else f"{where}/"
    found = leaves.get(where) or [leaf for at, each in leaves.items() if at.startswith(below) for leaf in each]
    values = (str, int, float)
    return [
        leaf
        for leaf in found
        if isinstance(leaf.value, values) and not isinstance(leaf.value, bool) and leaf.value != ""
    ]
