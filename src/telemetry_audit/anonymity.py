"""What telemetry tells apart over a whole recording: a picture for auditors, and never a verdict.

A person is told by the identity that an event carries, or else by the id of a browser. A field singles a person out if one of its values was seen
with that person and nobody else; so does a pair of fields by its values together. It counts people and not events: k-anonymity over people (Sweeney,
"k-anonymity: a model for protecting privacy", 2002).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from telemetry_audit.model import LISTED, Side, Trait
from telemetry_audit.tally import MOST_PORTRAITS, Seen, Tally

_PERSON, _BROWSER = "person", "anonymous-id"
_JOINING = frozenset({_PERSON, _BROWSER, "instance-id", "domain-hash"})
"""The kinds by whose values events of both sides can be put together; an address or a browser is shared by too many."""

_NOBODY = frozenset({"instance-id", "address"})
"""What pings put where others name a person."""

_WHO = frozenset({_PERSON, _BROWSER, LISTED})
_FEWEST = 2
_MOST_PAIRS = 10


class Field(NamedTuple):
    """One field: how many events carry it, how many values it has, the most events that share a value, and how many people it singles out."""

    pointer: str
    kind: str
    events: int
    values: int
    most_shared: int
    singled_out: int


class Pair(NamedTuple):
    """Two fields that together single out more people than each of them: their pointers, and how many."""

    pointers: tuple[str, str]
    singled_out: int


class Join(NamedTuple):
    """A field of the server's events and one of the browser's that hold the same values, so that both can be put together: how many values."""

    server: str
    browser: str
    values: int


class Anonymity(NamedTuple):
    """The picture: how many people were told apart, the fields and pairs that do it, what joins both sides, and what limits it.

    `shared_browsers` is the number of browsers' ids that were seen with more than one person; `listed` is the number of users on the operator's list
    who were seen by a digest, `several_ids` that of those who were seen by more than one, which whoever has such a list can put together.
    """

    people: int
    fields: tuple[Field, ...]
    pairs: tuple[Pair, ...]
    joins: tuple[Join, ...]
    shared_browsers: int
    listed: int
    several_ids: int
    limits: tuple[str, ...]


type _Name = tuple[str, str]
"""A field: its pointer and the kind of data that it holds."""


class _Values(NamedTuple):
    """The values of one field: in how many events each stands, and with whom it was seen."""

    events: defaultdict[str, int]
    people: defaultdict[str, set[str]]


class _Told(NamedTuple):
    """Events that say the same of somebody: their side and traits, how many they are, and the fingerprint of whom, "" if they do not tell."""

    seen: Seen
    events: int
    person: str


def picture(tally: Tally) -> Anonymity:
    """The picture of all that was counted."""
    portraits = tally.portraits.first()
    nobody = {fingerprint for seen in portraits for _, kind, fingerprint in seen.traits if kind in _NOBODY}
    all_told = [_Told(seen, events, _person(seen.traits, nobody)) for seen, events in portraits.items()]
    everybody = {each.person for each in all_told if each.person}
    enough = len(everybody) >= _FEWEST
    fields = _fields(all_told)
    alone = {name: _singled_out(values.people) if enough else set() for name, values in fields.items()}
    told = tuple(
        Field(*name, sum(events := values.events.values()), len(events), max(events), len(alone[name]))
        for name, values in sorted(fields.items())
    )
    pairs = sorted(_pairs(all_told, alone), key=lambda pair: (-pair.singled_out, pair.pointers)) if enough else []
    ids = _ids_of_listed(portraits)
    return Anonymity(
        people=len(everybody),
        fields=told,
        pairs=tuple(pairs[:_MOST_PAIRS]),
        joins=tuple(sorted(_joins(portraits))),
        shared_browsers=_shared_browsers(portraits),
        listed=len(ids),
        several_ids=sum(len(digests) > 1 for digests in ids.values()),
        limits=tuple(_limits(tally, len(everybody))),
    )


def _person(traits: Iterable[Trait], nobody: Collection[str]) -> str:
    """The fingerprint of whom an event is about, "" where it says nothing of it, or only names what is `nobody`."""
    browser = ""
    for _, kind, fingerprint in traits:
        if kind == _PERSON and fingerprint not in nobody:
            return fingerprint
        if kind == _BROWSER and not browser and fingerprint not in nobody:
            browser = fingerprint
    return browser


def _fields(told: Iterable[_Told]) -> dict[_Name, _Values]:
    fields: defaultdict[_Name, _Values] = defaultdict(lambda: _Values(defaultdict(int), defaultdict(set)))
    for seen, events, person in told:
        for pointer, kind, fingerprint in seen.traits:
            if kind == LISTED:
                continue
            values = fields[pointer, kind]
            values.events[fingerprint] += events
            if person:
                values.people[fingerprint].add(person)
    return fields


def _singled_out[Value](people: Mapping[Value, set[str]]) -> set[str]:
    """Those with whom some value was seen that was seen with nobody else."""
    return {next(iter(seen)) for seen in people.values() if len(seen) == 1}


def _pairs(told: Iterable[_Told], alone: Mapping[_Name, set[str]]) -> Iterator[Pair]:
    """Pairs of fields that hold no identity of a person or browser, and single out somebody whom neither does."""
    together: defaultdict[tuple[_Name, _Name], defaultdict[object, set[str]]] = defaultdict(lambda: defaultdict(set))
    alike = {(tuple(trait for trait in seen.traits if trait[1] not in _WHO), person) for seen, _, person in told}
    for others, person in alike:
        for one, other in combinations(sorted(others) if person else (), 2):
            together[one[:2], other[:2]][one.fingerprint, other.fingerprint].add(person)
    for (first, second), with_values in together.items():
        found = _singled_out(with_values)
        if not found <= alone[first] | alone[second]:
            yield Pair((first[0], second[0]), len(found))


def _joins(portraits: Iterable[Seen]) -> Iterator[Join]:
    """Fields of the two sides with values in common."""
    sides: dict[Side, defaultdict[str, set[str]]] = {side: defaultdict(set) for side in Side}
    for side, traits in portraits:
        of_side = sides[side]
        for pointer, kind, fingerprint in traits:
            if kind in _JOINING:
                of_side[pointer].add(fingerprint)
    for server, ours in sides[Side.SERVER].items():
        for browser, theirs in sides[Side.BROWSER].items():
            if common := len(ours & theirs):
                yield Join(server, browser, common)


def _shared_browsers(portraits: Iterable[Seen]) -> int:
    people: defaultdict[str, set[str]] = defaultdict(set)
    for _, traits in portraits:
        identities = {fingerprint for _, kind, fingerprint in traits if kind == _PERSON}
        for _, kind, fingerprint in traits:
            if kind == _BROWSER:
                people[fingerprint] |= identities
    return sum(len(seen) > 1 for seen in people.values())


def _ids_of_listed(portraits: Iterable[Seen]) -> Mapping[str, set[str]]:
    """The ids by which each listed user was seen."""
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for _, traits in portraits:
        held = {pointer: fingerprint for pointer, kind, fingerprint in traits if kind == _PERSON}
        for pointer, kind, fingerprint in traits:
            if kind == LISTED and pointer in held:
                ids[fingerprint].add(held[pointer])
    return ids


def _limits(tally: Tally, people: int) -> Iterator[str]:
    if people < _FEWEST:
        yield f"it takes {_FEWEST} people to compare, and {people or 'none'} could be told"
    if not tally.portraits.complete:
        yield f"more than {MOST_PORTRAITS:,} different senders were seen, and not all are counted"
