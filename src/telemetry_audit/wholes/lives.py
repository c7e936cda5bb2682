"""The lives of instances, as the signs of them tell: when each was set up, started and said that it runs, and what it said of itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from telemetry_audit.catalog import KEEP_ALIVE, SETUP, START, Catalog
from telemetry_audit.model import Sign
from telemetry_audit.tally import Tally
from telemetry_audit.wholes.distinct import Distinct, Whose, distinct
from telemetry_audit.wholes.explained import Sooner
from telemetry_audit.wholes.rhythm import Life, Rhythm, rhythm

_OF_THE_SIGNS = frozenset({"signs", "setups", "starts", "pings", "_only"})
_OF_THE_HOURS = frozenset({"_alone", "_beside_others"})
"""What is known once it was asked for, and depends on what was seen alone, or also on the intervals of events."""


@dataclass(frozen=True)
class Lives:
    """All that was seen, instance by instance.

    `edition` is the one to hold it against, None for all; `telemetry` is whether the operator says that it is on, None where nobody does.
    `unordered` are the recordings of which the order of entries says nothing.
    """

    tally: Tally
    catalog: Catalog
    edition: str | None
    telemetry: bool | None = None
    unordered: frozenset[str] = frozenset()

    @cached_property
    def signs(self) -> Mapping[str, tuple[Sign, ...]]:
        """The signs by purpose, in order of time."""
        return self.tally.signs.first()

    @cached_property
    def setups(self) -> Mapping[Whose, Distinct]:
        """The pings at set-up."""
        return {whose: distinct(signs) for whose, signs in self._by_instance(SETUP).items()}

    @cached_property
    def starts(self) -> Mapping[Whose, tuple[float, ...]]:
        """When containers started, in seconds since the epoch."""
        return {
            whose: tuple(sign.place.time for sign in signs if sign.place.time is not None)
            for whose, signs in self._by_instance(START).items()
        }

    @cached_property
    def pings(self) -> Mapping[tuple[str, Whose], Distinct]:
        """The signs of life by the id of their event and by instance."""
        found: defaultdict[tuple[str, Whose], list[Sign]] = defaultdict(list)
        for whose, signs in self._by_instance(KEEP_ALIVE).items():
            for sign in signs:
                found[sign.contract, whose].append(sign)
        return {key: distinct(found[key], by_time=True) for key in sorted(found)}

    @cached_property
    def rhythms(self) -> tuple[Rhythm, ...]:
        """The rhythm of each event and instance for which the edition tells an interval."""
        promised = self.catalog.intervals(self.edition)
        return tuple(rhythm for (contract, _), rhythm in self._beside_others.items() if contract in promised)

    def under(self, edition: str) -> Lives:
        """The same under another edition; what does not depend on that is not worked out again."""
        other = replace(self, edition=edition)
        shared = _OF_THE_SIGNS | (_OF_THE_HOURS if other.hours == self.hours else frozenset())
        vars(other).update({name: known for name, known in vars(self).items() if name in shared})
        return other

    def whose(self, instance: str, recording: str) -> Whose:
        """The instance of an event; one that names none is of the only instance in its recording, if there is only one."""
        instance = instance or self._only.get(recording, "")
        return Whose(instance, "" if instance else recording)

    @cached_property
    def hours(self) -> Mapping[str, int]:
        """The interval of each event, of any edition where this one tells none."""
        return {**self.catalog.intervals(None), **self.catalog.intervals(self.edition)}

    @cached_property
    def _alone(self) -> Mapping[tuple[str, Whose], Rhythm]:
        """The rhythm of each event and instance, for itself."""
        return {
            (contract, whose): rhythm(pings, self.hours[contract], self._life(whose))
            for (contract, whose), pings in self.pings.items()
            if contract in self.hours
        }

    @cached_property
    def _beside_others(self) -> Mapping[tuple[str, Whose], Rhythm]:
        """The same in the light of the instance's others: what comes too soon with a ping of another interval is a restart's.

        One of the same interval may be the same ping, taken out of the store.
        """
        return {(contract, whose): self._beside(contract, whose) for contract, whose in self._alone}

    def _beside(self, contract: str, whose: Whose) -> Rhythm:
        hours = self.hours[contract]
        others = [
            other.sooner
            for other_contract, other_hours in self.hours.items()
            if other_hours != hours and (other := self._alone.get((other_contract, whose))) and other.sooner.times
        ]
        alone = self._alone[contract, whose]
        return rhythm(self.pings[contract, whose], hours, self._life(whose, others)) if others else alone

    def _life(self, whose: Whose, others: Sequence[Sooner] = ()) -> Life:
        return Life(whose, self.starts.get(whose, ()), others, self.unordered)

    def _by_instance(self, purpose: str) -> Mapping[Whose, list[Sign]]:
        found: defaultdict[Whose, list[Sign]] = defaultdict(list)
        for sign in self.signs.get(purpose, ()):
            found[self.whose(sign.instance, sign.place.input)].append(sign)
        return {whose: found[whose] for whose in sorted(found)}

    @cached_property
    def _only(self) -> Mapping[str, str]:
        """The instance of each recording in which signs name one and no other."""
        named: defaultdict[str, set[str]] = defaultdict(set)
        for signs in self.signs.values():
            for sign in signs:
                if sign.instance:
                    named[sign.place.input].add(sign.instance)
        return {recording: next(iter(instances)) for recording, instances in named.items() if len(instances) == 1}
