"""The lives of instances, as the signs of them tell: when each was set up, started and said that it runs, and what it said of itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from telemetry_audit.catalog import KEEP_ALIVE, SETUP, START, Catalog
from telemetry_audit.model import Sign
from telemetry_audit.tally import Tally
from telemetry_audit.wholes.distinct import Distinct, Whose, distinct
from telemetry_audit.wholes.rhythm import Rhythm, rhythm


@dataclass(frozen=True)
class Lives:
    """All that was seen, instance by instance.

    `edition` is the one to hold it against, None for all; `telemetry` is whether the operator says that it is on, None where nobody does.
    """

    tally: Tally
    catalog: Catalog
    edition: str | None
    telemetry: bool | None = None

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
        """The rhythm of each event and instance for which a document tells an interval; the shorter one shows the restarts of the longer."""
        hours = self.catalog.intervals(self.edition)
        found: dict[tuple[str, Whose], Rhythm] = {}
        anew: defaultdict[Whose, list[float]] = defaultdict(list)
        for contract, whose in sorted(self.pings.keys(), key=lambda key: (hours.get(key[0], 0), key)):
            if contract in hours:
                pings, starts = self.pings[contract, whose], self.starts.get(whose, ())
                one = found[contract, whose] = rhythm(pings, whose, hours[contract], starts, anew[whose])
                anew[whose] += [gap.after.time for gap in one.anew]
        return tuple(found[key] for key in sorted(found))

    def whose(self, instance: str, recording: str) -> Whose:
        """The instance of an event; one that names none is of the only instance in its recording, if there is only one."""
        instance = instance or self._only.get(recording, "")
        return Whose(instance, "" if instance else recording)

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
