"""In what two reports differ, as values that every format of a comparison reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from telemetry_audit.comparison.rates import Measure, notable
from telemetry_audit.comparison.told import Found, Told
from telemetry_audit.model import Level, Verdict


class Change(StrEnum):
    """In which of two reports something is, or that it is in both and differs."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


class FindingChange(NamedTuple):
    """A finding that is new, gone or changed; `passed` is whether a decision lets the later one pass, `why` what changed, in words."""

    change: Change
    before: Found | None
    after: Found | None
    passed: bool
    why: tuple[str, ...]

    @property
    def found(self) -> Found:
        """The later finding, or the earlier one where it is gone."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of the two is what makes it a change
        return found

    @property
    def breaks(self) -> bool:
        """Whether it is a breach that the earlier report has not."""
        return self.after is not None and self.after.level is Level.BREACH and not _is_breach(self.before)


class FieldChange(NamedTuple):
    """A field that no document shows, new or gone in these documented events."""

    change: Change
    pointer: str
    events: tuple[str, ...]


class EventChange(NamedTuple):
    """An event that is new or gone, by name and vendor, and how often it was seen."""

    change: Change
    name: str
    vendor: str
    documented: bool
    events: int


class DestinationChange(NamedTuple):
    """A destination of telemetry that is new or gone, and how many exchanges went there."""

    change: Change
    host: str
    destination: str
    exchanges: int


class Rate(NamedTuple):
    """How many events of a name and vendor there were in how many hours, of those that are in both reports."""

    name: str
    vendor: str
    before: Measure
    after: Measure

    @property
    def notable(self) -> bool:
        """Whether it has changed notably."""
        return notable(self.before, self.after)


class VerdictChange(NamedTuple):
    """A promise whose verdict differs; None where a report has no such promise."""

    promise: str
    title: str
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything in which two reports differ, in a stable order; `limits` are sentences on what the comparison cannot tell."""

    before: Told
    after: Told
    findings: tuple[FindingChange, ...]
    fields: tuple[FieldChange, ...]
    events: tuple[EventChange, ...]
    destinations: tuple[DestinationChange, ...]
    rates: tuple[Rate, ...]
    promises: tuple[VerdictChange, ...]
    limits: tuple[str, ...]

    @property
    def breaches(self) -> tuple[FindingChange, ...]:
        """The breaches that are new and that no decision lets pass."""
        return tuple(change for change in self.findings if change.breaks and not change.passed)

    @property
    def broken(self) -> bool:
        """Whether there is a new breach that no decision lets pass."""
        return bool(self.breaches)

    @property
    def inconclusive(self) -> tuple[str, ...]:
        """Why the comparison is no clean bill even without a new breach; empty if it is one."""
        sides = (("before", self.before), ("after", self.after))
        return tuple(f"{side}: {reason}" for side, told in sides for reason in told.inconclusive)


def _is_breach(found: Found | None) -> bool:
    return found is not None and found.level is Level.BREACH
