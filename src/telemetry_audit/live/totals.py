"""What a run of the proxy has stored so far, in few enough words to be kept for days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.findings import decision
from telemetry_audit.model import Acceptance, Level, Observation, Statement, Unread

MOST_KINDS = 1_000
"""Kinds of findings that are told and remembered: a sender that makes up names fills neither the terminal nor the memory."""


class Totals:
    """Counts of what was stored, and which kinds of findings have been told."""

    def __init__(self, decided: Callable[[Statement], Acceptance | None]) -> None:
        """Begin with nothing; `decided` is what lets a finding pass, if anything does."""
        self._decided = decided
        self._counts: Counter[str] = Counter()
        self._told: set[str] = set()

    def add(self, observation: Observation) -> Iterator[tuple[Level | None, str]]:
        """Count an observation, and say each kind of finding and of what is unread that is new: its level, None for unread, and a line.

        A finding that is let pass is told as a note, and by what.
        """
        if not observation.part:
            self._counts["exchanges"] += 1
            self._counts["ignored" if observation.ignored_by else "unread" if observation.unread else "judged"] += 1
        self._counts["events"] += len(observation.events)
        self._counts.update(str(occurrence.statement.level) for occurrence in observation.findings)
        if len(self._told) < MOST_KINDS:
            yield from self._new(occurrence.statement for occurrence in observation.findings)
            yield from self._unread(observation.unread)
            if len(self._told) == MOST_KINDS:
                yield None, f"{MOST_KINDS:,} kinds of findings were told; further ones stand in the report alone"

    def line(self) -> str:
        """The totals in one line."""
        counts = self._counts
        return (
            f"exchanges: {counts['exchanges']:,} = {counts['judged']:,} judged + {counts['ignored']:,} ignored + {counts['unread']:,} unread; "
            f"events: {counts['events']:,}; breaches: {counts['breach']:,}, drift: {counts['drift']:,}, notes: {counts['note']:,}"
        )

    def _new(self, statements: Iterable[Statement]) -> Iterator[tuple[Level, str]]:
        for each in statements:
            if self._is_new(each.id):
                line = f"{each.id} {each.level}: {shown(each.event)} {shown(each.pointer)} {each.says} ({each.rule}, {each.promise})"
                passed = self._decided(each)
                yield (Level.NOTE, f"{line}; {shown(decision(passed))}") if passed else (each.level, line)

    def _unread(self, items: Iterable[Unread]) -> Iterator[tuple[None, str]]:
        for item in items:
            host = shown(item.host) or "unknown host"
            if self._is_new(f"{host} {item.reason}"):
                yield None, f"unread: {host}: {item.reason}"

    def _is_new(self, kind: str) -> bool:
        if kind in self._told or len(self._told) >= MOST_KINDS:
            return False
        self._told.add(kind)
        return True
